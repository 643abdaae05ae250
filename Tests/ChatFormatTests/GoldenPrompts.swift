import ChatFormat
import JSONValues
import ReferenceData
import Testing
import Tokenization

@Suite(.enabled(if: ReferenceFolder.isPresent, "the reference data is not on this machine"))
struct GoldenPrompts {
    private func render(
        _ line: JSONValue,
        _ template: PromptTemplate,
        _ size: ModelSize
    ) throws -> [Segment] {
        try PromptRenderer(template: template, size: size).render(
            ChatMessage.list(from: try #require(line["messages"])),
            tools: line["tools"]?.arrayValue ?? [],
            options: RenderOptions(
                addGenerationPrompt: line["add_generation_prompt"]?.boolValue ?? false,
                enableThinking: line["enable_thinking"]?.boolValue ?? false,
                preserveThinking: line["preserve_thinking"]?.boolValue ?? false
            )
        )
    }

    @Test(
        "every reference conversation renders to the reference prompt and ids",
        arguments: [
            ("template-cases-v3-large", PromptTemplate.v3, ModelSize.large, 89),
            ("template-cases-v3-small", PromptTemplate.v3, ModelSize.small, 89),
            ("template-cases", PromptTemplate.v2, ModelSize.large, 84),
        ]
    )
    func prompts(
        file: String,
        template: PromptTemplate,
        size: ModelSize,
        count: Int
    ) throws {
        let tokenizer = Tokenizer(vocabulary: try realVocabulary.get())
        let lines = try ReferenceFolder.lines("gemma4/golden/\(file).jsonl")
        #expect(lines.count == count)
        for line in lines {
            let segments = try render(line, template, size)
            let label = line["label"]?.stringValue ?? ""
            #expect(PromptRenderer.text(of: segments) == line["rendered"]?.stringValue, "\(label)")
            #expect(try tokenizer.encode(segments) == line["ids"]?.ids, "\(label)")
        }
    }

    @Test("special texts in messages, arguments and results stay text")
    func injection() throws {
        let tokenizer = Tokenizer(vocabulary: try realVocabulary.get())
        let lines = try ReferenceFolder.lines("gemma4/golden/injection-cases.jsonl")
        #expect(lines.count == 13)
        for line in lines {
            let segments = try render(line, .v3, .large)
            let expected = try #require(line["segments"]?.arrayValue).compactMap { item in
                item["special"]?.stringValue.map { Segment.special($0) }
                    ?? item["text"]?.stringValue.map(Segment.text)
            }
            #expect(segments == expected, "\(line["label"]?.stringValue ?? "")")
            #expect(try tokenizer.encode(segments) == line["ids"]?.ids)
        }
    }
}
