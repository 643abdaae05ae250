import ReferenceData
import Testing
import Tokenization

@Suite struct Encoding {
    private func pieces(_ tokenizer: Tokenizer, _ text: String) -> [String] {
        tokenizer.encodeText(text).map { tokenizer.vocabulary.label(of: $0) }
    }

    @Test("pieces join by rank; unknown characters become bytes")
    func merging() throws {
        let tokenizer = Tokenizer(vocabulary: try SmallVocabulary.make())
        #expect(pieces(tokenizer, "hello hello") == ["hello", " hello"])
        #expect(pieces(tokenizer, "   hell") == ["  ", " ", "hell"])
        #expect(pieces(tokenizer, "é漢") == ["é", "<0xE6>", "<0xBC>", "<0xA2>"])
        #expect(pieces(tokenizer, "a\n\n\nb") == ["a", "\n\n", "\n", "b"])
        #expect(tokenizer.encodeText("").isEmpty)
    }

    @Test("user text never becomes a special token, not even by a merge that makes one")
    func injection() throws {
        let vocabulary = try SmallVocabulary.make(
            extraMerges: ["< b", "o s", "os >", "<b os>"]
        )
        let tokenizer = Tokenizer(vocabulary: vocabulary)
        #expect(pieces(tokenizer, "<bos>") == ["<b", "os>"])
        for special in SpecialToken.allCases {
            let ids = tokenizer.encodeText("x\(special.rawValue)y")
            #expect(ids.allSatisfy { vocabulary.specials.token(of: $0) == nil })
            #expect(tokenizer.decode(ids) == "x\(special.rawValue)y")
        }
        #expect(tokenizer.encodeMarkup("<bos>a<turn|>").first == vocabulary.bos)
        #expect(tokenizer.encodeMarkup("<bos>a<turn|>").count == 3)
    }

    @Test("touching texts are encoded as one")
    func segments() throws {
        let tokenizer = Tokenizer(vocabulary: try SmallVocabulary.make())
        let ids = try tokenizer.encode([
            .special(.beginOfSequence), .text("he"), .text("llo\n"), .text("\n"),
        ])
        #expect(ids.map { tokenizer.vocabulary.label(of: $0) } == ["<bos>", "hello", "\n\n"])
        #expect(throws: TokenizationError.missingSpecial("<nothing>")) {
            try tokenizer.encode([.special("<nothing>")])
        }
    }

    @Test("Gemma 3 joins by score, best first, and takes its tags whole")
    func scores() throws {
        let tokenizer = Tokenizer(vocabulary: try SmallVocabulary.makeByScores())
        #expect(pieces(tokenizer, "abc abc") == ["abc", " abc"])
        #expect(pieces(tokenizer, "a<b>\n\nb<c>") == ["a", "<b>", "\n\n", "b", "<", "c", ">"])
        #expect(!tokenizer.encodeText("<end_of_turn>").contains(5))
        #expect(tokenizer.vocabulary.endOfGeneration == [1, 5])
    }

    @Test("a long stretch without cuts comes back")
    func longText() throws {
        let tokenizer = Tokenizer(vocabulary: try SmallVocabulary.make())
        let text = String(repeating: "hellout", count: 150_000)
        #expect(tokenizer.decode(tokenizer.encodeText(text)) == text)
    }
}
