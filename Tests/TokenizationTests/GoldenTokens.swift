import Foundation
import JSONValues
import ReferenceData
import Testing
import Tokenization

@Suite(.enabled(if: ReferenceFolder.isPresent, "the reference data is not on this machine"))
struct GoldenTokens {
    @Test("every reference text encodes to the reference ids and decodes back")
    func referenceTexts() throws {
        let tokenizer = Tokenizer(vocabulary: try realVocabulary.get())
        let cases = try ReferenceFolder.lines("gemma4/golden/tokenizer-cases.jsonl")
        #expect(cases.count == 498)
        for line in cases {
            let text = try #require(line["text"]?.stringValue)
            let isMarkup = line["parse_special"]?.boolValue == true
            let ids = isMarkup ? tokenizer.encodeMarkup(text) : tokenizer.encodeText(text)
            #expect(ids == line["ids"]?.ids, "\(text.debugDescription)")
            guard !text.unicodeScalars.contains("\u{2581}") else { continue }
            let back = isMarkup ? tokenizer.decodeMarkup(ids) : tokenizer.decode(ids)
            #expect(back.utf8.elementsEqual(text.utf8), "\(text.debugDescription)")
        }
    }

    @Test("the real vocabulary loads and knows its special tokens and cuts")
    func loads() throws {
        let start = ContinuousClock.now
        let vocabulary = try ReferenceFolder.vocabulary("gemma4/gemma-4-vocab.gguf")
        print("vocabulary read and loaded in \(ContinuousClock.now - start)")
        #expect(vocabulary.count == 262_144)
        try vocabulary.specials.requireChatTokens()
        #expect(vocabulary.specials.ids.count == 24)
        #expect(vocabulary.endOfGeneration == [1, 106, 50])
        #expect(
            vocabulary.neverSampled.filter { !vocabulary.isUnused($0) } == [
                0, 2, 3, 4, 46, 47, 51, 98, 105, 255_999, 256_000, 258_880, 258_881, 258_882,
                258_883,
                258_884,
            ]
        )
        #expect(vocabulary.neverSampled.count == 6227 + 16)
        #expect(vocabulary.cuts.rules == .all)
    }

    @Test("a megabyte without spaces encodes and comes back")
    func megabyte() throws {
        let tokenizer = Tokenizer(vocabulary: try realVocabulary.get())
        for text in [
            String(repeating: "a", count: 1 << 20),
            String(repeating: "漢字かな交じり文", count: 50_000),
            String(repeating: "loremipsumdolor<>;", count: 60_000),
            String(repeating: " ", count: 1 << 20),
        ] {
            let start = ContinuousClock.now
            let ids = tokenizer.encodeText(text)
            print(
                "\(text.utf8.count) bytes to \(ids.count) tokens in \(ContinuousClock.now - start)"
            )
            #expect(tokenizer.decode(ids).utf8.elementsEqual(text.utf8))
        }
    }

    @Test("small vocabularies with other ids load; where tokens join words nothing is cut")
    func smallVocabulary() throws {
        let vocabulary = try ReferenceFolder.vocabulary("golden/e2b/e2b-bf16.gguf")
        #expect(vocabulary.count == 1024)
        try vocabulary.specials.requireChatTokens()
        #expect(vocabulary.specials[.turnClose] == 16)
        #expect(vocabulary.endOfGeneration == [1, 16, 9])
        #expect(!vocabulary.cuts.rules.contains(.spaces))
        let tokenizer = Tokenizer(vocabulary: vocabulary)
        let text = "of the License, and <turn|> you may\n\n not 42 é漢"
        let ids = tokenizer.encodeText(text)
        #expect(tokenizer.decode(ids) == text)
        #expect(ids.allSatisfy { vocabulary.specials.token(of: $0) == nil })
    }

    @Test("cutting text into pieces changes no token")
    func cutsAreExact() throws {
        let vocabulary = try realVocabulary.get()
        for line in try ReferenceFolder.lines("gemma4/golden/tokenizer-cases.jsonl") {
            let text = try #require(line["text"]?.stringValue)
            #expect(
                Tokenizer(vocabulary: vocabulary).encodeText(text)
                    == Tokenizer(vocabulary: vocabulary, usesCuts: false).encodeText(text),
                "\(text.debugDescription)"
            )
        }
    }
}
