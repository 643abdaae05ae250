import ReferenceData
import Testing
import Tokenization

@Suite struct LoadingVocabularies {
    @Test("guards: end tokens stay possible, prompt tokens and unused ones do not")
    func guards() throws {
        let vocabulary = try SmallVocabulary.make()
        let never = Set(vocabulary.neverSampled.map { vocabulary.label(of: $0) })
        #expect(never.isSuperset(of: ["<pad>", "<bos>", "<|turn>", "<unused0>", "<unused12>"]))
        #expect(never.isDisjoint(with: ["<eos>", "<turn|>", "<|tool_response>", "<|tool_call>"]))
        #expect(
            Set(vocabulary.endOfGeneration.map { vocabulary.label(of: $0) })
                == ["<eos>", "<turn|>", "<|tool_response>"]
        )
    }

    @Test("a chat token that is missing is named")
    func missing() throws {
        let vocabulary = try SmallVocabulary.make(without: .turnClose)
        #expect(throws: TokenizationError.missingSpecial("<turn|>")) {
            try vocabulary.specials.requireChatTokens()
        }
    }

    @Test("damaged lists are refused with a sentence")
    func damaged() {
        func load(
            model: String = "gemma4",
            offsets: [Int] = [0, 1],
            types: [Int32] = [1]
        ) throws {
            _ = try Vocabulary(
                model: model,
                tokenBytes: [65],
                tokenOffsets: offsets,
                tokenTypes: types
            )
        }
        #expect(throws: TokenizationError.unknownAlgorithm("gpt2")) { try load(model: "gpt2") }
        #expect(throws: TokenizationError.damagedOffsets(list: "tokens", index: 0)) {
            try load(offsets: [0, 9])
        }
        #expect(
            throws: TokenizationError.lengthMismatch(list: "token types", count: 0, expected: 1)
        ) {
            try load(types: [])
        }
        #expect(throws: TokenizationError.missingSpecial("<bos>")) { try load() }
        #expect(throws: TokenizationError.unresolvedMerge(index: 9, text: "q zz")) {
            try SmallVocabulary.make(extraMerges: ["q zz"])
        }
        #expect(TokenizationError.missingByte(7).userMessage.contains("byte 7"))
    }

    @Test("characters wait for their last byte; what can never be one becomes U+FFFD")
    func streaming() {
        var assembler = CharacterAssembler()
        let euro: [UInt8] = [0xE2, 0x82, 0xAC]
        #expect(assembler.append(euro[..<1]) + assembler.append(euro[1..<2]) == "")
        #expect(assembler.append(euro[2...]) == "€")
        #expect(assembler.append([0xF0, 0x9F]) + assembler.append([0x41]) == "\u{FFFD}A")
        #expect(assembler.append([0xE0, 0x80]) == "\u{FFFD}\u{FFFD}")
        #expect(assembler.append([0xE2, 0x82]) + assembler.flush() == "\u{FFFD}")
        #expect(assembler.flush() == "")
    }
}
