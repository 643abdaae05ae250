package import Tokenization

/// A vocabulary made in code: the special tokens, all bytes, ASCII and a few merges.
package enum SmallVocabulary {
    package static let merges = [
        "h e", "l l", "he ll", "hell o", "▁ hello", "▁ ▁", "\n \n", "o u", "ou t",
    ]

    package static func make(
        without missing: SpecialToken? = nil,
        extraMerges: [String] = [],
        extraTokens: [String] = []
    ) throws -> Vocabulary {
        var tokens = SpecialToken.allCases.map(\.rawValue).filter {
            !$0.contains("_of_") && !$0.contains("soft") && $0 != missing?.rawValue
        }
        let digits = Array("0123456789ABCDEF")
        let firstByte = tokens.count
        tokens += (0..<256).map { "<0x\(digits[$0 >> 4])\(digits[$0 & 15])>" }
        let afterBytes = tokens.count
        tokens += (0x20..<0x7F).compactMap { Unicode.Scalar($0).map { String($0) } }
        tokens += ["\n", "\t", "▁", "é", "<unused0>", "<unused12>"] + extraTokens
        let all = merges + extraMerges
        tokens += all.map { String($0.unicodeScalars.filter { $0 != " " }.map(Character.init)) }
        var bytes: [UInt8] = []
        var offsets = [0]
        for token in tokens {
            bytes += token.utf8
            offsets.append(bytes.count)
        }
        var mergeBytes: [UInt8] = []
        var mergeOffsets = [0]
        for merge in all {
            mergeBytes += merge.utf8
            mergeOffsets.append(mergeBytes.count)
        }
        return try Vocabulary(
            model: "gemma4",
            tokenBytes: bytes,
            tokenOffsets: offsets,
            tokenTypes: tokens.indices.map { (firstByte..<afterBytes).contains($0) ? 6 : 1 },
            mergeBytes: mergeBytes,
            mergeOffsets: mergeOffsets
        )
    }

    /// A Gemma 3 vocabulary: pieces join by score, one tag is taken whole.
    package static func makeByScores() throws -> Vocabulary {
        let digits = Array("0123456789ABCDEF")
        var tokens: [(String, Int32, Float)] = [
            ("<pad>", 3, 0), ("<eos>", 3, 0), ("<bos>", 3, 0), ("<unk>", 2, 0),
            ("<start_of_turn>", 3, 0), ("<end_of_turn>", 3, 0), ("<b>", 4, 0), ("\n\n", 4, 0),
        ]
        tokens += (0..<256).map { ("<0x\(digits[$0 >> 4])\(digits[$0 & 15])>", 6, 0) }
        tokens += ["a", "b", "c", "▁", "<", ">", "\n"].map { ($0, 1, -100) }
        tokens += [("ab", 1, -2), ("bc", 1, -1), ("abc", 1, -3), ("▁abc", 1, -4)]
        var bytes: [UInt8] = []
        var offsets = [0]
        for token in tokens {
            bytes += token.0.utf8
            offsets.append(bytes.count)
        }
        return try Vocabulary(
            model: "llama",
            tokenBytes: bytes,
            tokenOffsets: offsets,
            tokenTypes: tokens.map(\.1),
            scores: tokens.map(\.2)
        )
    }
}
