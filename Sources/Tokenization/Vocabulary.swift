/// The tokens of one model and the rules that join them; loaded once, shared by everyone.
///
/// Token texts lie one after the other in a single buffer. The real Gemma 4 vocabulary (262,144
/// tokens, 514,906 merges) takes about 17 MB.
package final class Vocabulary: Sendable {
    /// How neighbouring pieces of text join to tokens.
    package enum Algorithm: Sendable, Hashable {
        /// Gemma 4: a list of merges, strongest first.
        case mergeRanks
        /// Gemma 3: any two pieces whose concatenation is a token, by that token's score.
        case scores
    }

    package let algorithm: Algorithm
    package let specials: SpecialTokens
    /// The id every prompt begins with.
    package let bos: Int
    package let eos: Int
    /// Ids that end an answer.
    package let endOfGeneration: Set<Int>
    /// Ids the model file wants never to be sampled.
    package let suppressed: [Int]
    /// Ids a model must not write: those that belong to prompts, unused ones and `suppressed`;
    /// ascending.
    package let neverSampled: [Int]

    let bytes: [UInt8]
    let offsets: [Int32]
    let types: [UInt8]
    let scores: [Float]
    let table: ByteStringTable
    let merges: MergeTable
    /// Token of each of the 256 bytes.
    let byteTokens: [Int32]
    /// Places where text can be cut without changing its tokens.
    package let cuts: TextCuts
    /// For a first byte, the lengths of user-defined tokens that begin with it, longest first.
    let wholeLengths: [[Int]]

    /// Number of tokens.
    package var count: Int { offsets.count - 1 }

    /// Builds the tables from the lists of a model file.
    ///
    /// Cost: one pass over all bytes; well under a second for the largest vocabulary.
    ///
    /// `model` is `gemma4` or `llama`. There is one offset more than there are tokens; token i is
    /// bytes `[i] ..< [i + 1]`. Types are 1 normal, 2 unknown, 3 control, 4 user-defined, 5 unused,
    /// 6 byte. Scores are needed for `llama` only. Each merge is "left right" with one space,
    /// strongest first. Without ids the tokens `<bos>` and `<eos>` are taken.
    /// - Throws: `TokenizationError` when the lists do not make a whole vocabulary.
    package init(
        model: String,
        tokenBytes: [UInt8],
        tokenOffsets: [Int],
        tokenTypes: [Int32],
        scores: [Float] = [],
        mergeBytes: [UInt8] = [],
        mergeOffsets: [Int] = [],
        bos: Int? = nil,
        eos: Int? = nil,
        suppressTokens: [Int] = []
    ) throws(TokenizationError) {
        switch model {
        case "gemma4": algorithm = .mergeRanks
        case "llama": algorithm = .scores
        default: throw .unknownAlgorithm(model)
        }
        let offsets = try Self.checkedOffsets(
            tokenOffsets,
            list: "tokens",
            byteCount: tokenBytes.count,
            limit: MergeTable.tokenLimit
        )
        let count = offsets.count - 1
        guard tokenTypes.count == count else {
            throw .lengthMismatch(list: "token types", count: tokenTypes.count, expected: count)
        }
        if algorithm == .scores || !scores.isEmpty, scores.count != count {
            throw .lengthMismatch(list: "scores", count: scores.count, expected: count)
        }
        let table = ByteStringTable(bytes: tokenBytes, offsets: offsets)
        self.bytes = tokenBytes
        self.offsets = offsets
        self.scores = algorithm == .scores ? scores : []
        self.table = table
        types = tokenTypes.map { UInt8(clamping: $0) }

        func find(_ text: String) -> Int? {
            let key = Array(text.utf8)
            return table.index(of: key, 0..<key.count, bytes: tokenBytes, offsets: offsets)
        }
        let specials = SpecialTokens(algorithm: algorithm, idOfText: find)
        self.specials = specials
        self.bos = try Self.checkedID(
            bos ?? specials[.beginOfSequence],
            name: .beginOfSequence,
            count: count
        )
        self.eos = try Self.checkedID(
            eos ?? specials[.endOfSequence],
            name: .endOfSequence,
            count: count
        )
        for id in suppressTokens where !(0..<count).contains(id) {
            throw .idOutOfRange(name: "a suppressed token", id: id, count: count)
        }
        suppressed = suppressTokens
        endOfGeneration = Set(
            SpecialToken.endOfGeneration(for: algorithm).compactMap { specials[$0] } + [self.eos]
        )
        byteTokens = try Self.byteTokens(find: find)

        var joined = Array(repeating: false, count: count)
        if algorithm == .mergeRanks {
            merges = try Self.mergeTable(
                mergeBytes: mergeBytes,
                mergeOffsets: mergeOffsets,
                table: table,
                tokenBytes: tokenBytes,
                tokenOffsets: offsets,
                specials: specials,
                joined: &joined
            )
            wholeLengths = []
        } else {
            merges = MergeTable(capacity: 0)
            for id in 0..<count {
                joined[id] = tokenTypes[id] == 1 && specials.token(of: id) == nil
            }
            wholeLengths = Self.wholeLengths(
                types: tokenTypes,
                bytes: tokenBytes,
                offsets: offsets,
                specials: specials
            )
        }
        cuts = TextCuts(exactFor: joined, bytes: tokenBytes, offsets: offsets)

        var never = Set(SpecialToken.promptOnly.compactMap { specials[$0] } + suppressTokens)
        never.formUnion(
            (0..<count).filter {
                Self.isUnused(tokenBytes[Int(offsets[$0])..<Int(offsets[$0 + 1])])
            }
        )
        never.subtract(endOfGeneration)
        neverSampled = never.sorted()
    }

    /// The token's text as it stands in the file (a space is U+2581), or nothing for an id outside
    /// the vocabulary.
    package func rawBytes(of id: Int) -> ArraySlice<UInt8> {
        guard (0..<count).contains(id) else { return [] }
        return bytes[Int(offsets[id])..<Int(offsets[id + 1])]
    }

    /// What the token adds to a text: nothing for special and control tokens.
    package func textBytes(of id: Int) -> [UInt8] {
        guard (0..<count).contains(id), specials.token(of: id) == nil else { return [] }
        switch types[id] {
        case 3: return []
        case 6: return Self.byteValue(rawBytes(of: id)).map { [$0] } ?? []
        default: return Self.replacingSpaceMarks(rawBytes(of: id))
        }
    }

    /// The token as a label for people: special tokens by their literal text, lone bytes as `<0xE2>`.
    package func label(of id: Int) -> String {
        guard (0..<count).contains(id) else { return "" }
        return String(decoding: Self.replacingSpaceMarks(rawBytes(of: id)), as: UTF8.self)
    }

    /// The token with exactly these bytes, a space written as U+2581.
    package func id(ofRawText text: String) -> Int? {
        let key = Array(text.utf8)
        return table.index(of: key, 0..<key.count, bytes: bytes, offsets: offsets)
    }

    /// Whether the token is a placeholder `<unusedN>`.
    package func isUnused(_ id: Int) -> Bool { Self.isUnused(rawBytes(of: id)) }
}

extension Vocabulary {
    /// U+2581, which stands for a space inside tokens.
    static let spaceMark: [UInt8] = [0xE2, 0x96, 0x81]

    static func replacingSpaceMarks(_ raw: ArraySlice<UInt8>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(raw.count)
        var place = raw.startIndex
        while place < raw.endIndex {
            if raw[place] == 0xE2, place + 2 < raw.endIndex, raw[place + 1] == 0x96,
                raw[place + 2] == 0x81
            {
                out.append(0x20)
                place += 3
            } else {
                out.append(raw[place])
                place += 1
            }
        }
        return out
    }

    fileprivate static func isUnused(_ raw: ArraySlice<UInt8>) -> Bool {
        let head = "<unused".utf8
        guard raw.count > head.count + 1, raw.last == UInt8(ascii: ">"), raw.starts(with: head)
        else { return false }
        return raw.dropFirst(head.count).dropLast().allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The value of a byte token's text, `<0x41>`.
    fileprivate static func byteValue(_ raw: ArraySlice<UInt8>) -> UInt8? {
        guard raw.count == 6 else { return nil }
        return UInt8(String(decoding: raw.dropFirst(3).dropLast(), as: UTF8.self), radix: 16)
    }

    private static func checkedOffsets(
        _ offsets: [Int],
        list: String,
        byteCount: Int,
        limit: Int
    ) throws(TokenizationError) -> [Int32] {
        guard let first = offsets.first else {
            throw .lengthMismatch(list: "\(list) offsets", count: 0, expected: 1)
        }
        guard offsets.count - 1 <= limit else {
            throw .tooLarge(list: list, count: offsets.count - 1, limit: limit)
        }
        guard byteCount <= Int(Int32.max) else {
            throw .tooLarge(list: "\(list) bytes", count: byteCount, limit: Int(Int32.max))
        }
        var last = 0
        guard first >= 0 else { throw .damagedOffsets(list: list, index: 0) }
        var out: [Int32] = []
        out.reserveCapacity(offsets.count)
        for (index, offset) in offsets.enumerated() {
            guard offset >= last, offset <= byteCount else {
                throw .damagedOffsets(list: list, index: max(index - 1, 0))
            }
            last = offset
            out.append(Int32(offset))
        }
        return out
    }

    private static func checkedID(
        _ id: Int?,
        name: SpecialToken,
        count: Int
    ) throws(TokenizationError) -> Int {
        guard let id else { throw .missingSpecial(name.rawValue) }
        guard (0..<count).contains(id) else {
            throw .idOutOfRange(name: name.rawValue, id: id, count: count)
        }
        return id
    }

    private static func byteTokens(
        find: (String) -> Int?
    ) throws(TokenizationError) -> [Int32] {
        let digits = Array("0123456789ABCDEF")
        var ids: [Int32] = []
        for byte in 0..<256 {
            guard let id = find("<0x\(digits[byte >> 4])\(digits[byte & 15])>") else {
                throw .missingByte(UInt8(byte))
            }
            ids.append(Int32(id))
        }
        return ids
    }

    private static func mergeTable(
        mergeBytes: [UInt8],
        mergeOffsets: [Int],
        table: ByteStringTable,
        tokenBytes: [UInt8],
        tokenOffsets: [Int32],
        specials: SpecialTokens,
        joined: inout [Bool]
    ) throws(TokenizationError) -> MergeTable {
        let offsets = try checkedOffsets(
            mergeOffsets.isEmpty ? [0] : mergeOffsets,
            list: "merges",
            byteCount: mergeBytes.count,
            limit: MergeTable.mergeLimit
        )
        var merges = MergeTable(capacity: offsets.count - 1)
        for index in 0..<(offsets.count - 1) {
            let start = Int(offsets[index])
            let end = Int(offsets[index + 1])
            var space = start + 1
            while space < end, mergeBytes[space] != 0x20 { space += 1 }
            func find(_ first: Range<Int>, _ second: Range<Int> = 0..<0) -> Int? {
                table.index(of: mergeBytes, first, second, bytes: tokenBytes, offsets: tokenOffsets)
            }
            guard space + 1 < end, let left = find(start..<space),
                let right = find((space + 1)..<end),
                let result = find(start..<space, (space + 1)..<end)
            else {
                let text = String(decoding: mergeBytes[start..<end], as: UTF8.self)
                throw .unresolvedMerge(index: index, text: text)
            }
            // No text may ever become a special token, whatever the file says.
            guard specials.token(of: result) == nil else {
                merges.skip()
                continue
            }
            joined[result] = true
            merges.append(left: left, right: right, joined: result)
        }
        return merges
    }

    private static func wholeLengths(
        types: [Int32],
        bytes: [UInt8],
        offsets: [Int32],
        specials: SpecialTokens
    ) -> [[Int]] {
        var lengths: [Set<Int>] = Array(repeating: [], count: 256)
        for id in types.indices where types[id] == 4 && specials.token(of: id) == nil {
            let length = Int(offsets[id + 1] - offsets[id])
            if length > 0 { lengths[Int(bytes[Int(offsets[id])])].insert(length) }
        }
        return lengths.map { $0.sorted(by: >) }
    }
}
