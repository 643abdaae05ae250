import ChatFormat
import Conversation
import Foundation
import JSONValues
import Testing
import Tokenization

@Suite struct Prompts {
    private func message(
        _ role: Role,
        _ text: String,
        calls: [ToolCall] = [],
        results: [ToolResult] = []
    ) -> Message {
        Message(
            id: "m",
            parent: nil,
            role: role,
            parts: text.isEmpty ? [] : [.text(text)],
            toolCalls: calls,
            toolResults: results,
            created: Date(timeIntervalSince1970: 0)
        )
    }

    private func prompt(
        _ messages: [Message],
        size: ModelSize = .large,
        template: PromptTemplate = .v3,
        options: RenderOptions = RenderOptions()
    ) throws -> String {
        let prompt = ConversationPrompt(systemPrompt: "", messages: messages, tools: [])
        return PromptRenderer.text(
            of: try prompt.segments(
                PromptRenderer(template: template, size: size),
                options: options
            )
        )
    }

    private let call = ToolCall(id: "c", name: "f", arguments: ["b": 5, "A": "x"])

    @Test("a plain question, with the empty thought only on large models")
    func plain() throws {
        let question = [message(.user, " Hi ")]
        let start = "<bos><|turn>user\nHi<turn|>\n<|turn>model\n"
        #expect(try prompt(question, size: .small) == start)
        #expect(try prompt(question) == start + "<|channel>thought\n<channel|>")
        #expect(
            try prompt(question, template: .gemma3)
                == "<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\n"
        )
    }

    @Test("an answer with text, calls and results leaves the turn open for the next answer")
    func textCallsResults() throws {
        let result = ToolResult(callID: "c", name: "f", response: ["ok": true])
        let messages = [
            message(.user, "Go"), message(.assistant, "Wait.", calls: [call]),
            message(.tool, "", results: [result]),
        ]
        let end =
            "Wait.<|tool_call>call:f{A:<|\"|>x<|\"|>,b:5}<tool_call|>"
            + "<|tool_response>response:f{ok:true}<tool_response|>"
        #expect(try prompt(messages).hasSuffix("<|turn>model\n" + end))
        let thinking = try prompt(messages, options: RenderOptions(enableThinking: true))
        #expect(thinking.hasSuffix(end + "<|channel>thought\n"))
    }

    @Test("a call without a result is answered with an error, so that no prompt waits for one")
    func unansweredCall() throws {
        let text = try prompt([message(.user, "Go"), message(.assistant, "", calls: [call])])
        #expect(
            text.hasSuffix("response:f{error:<|\"|>This call was not run.<|\"|>}<tool_response|>")
        )
    }

    @Test("results without ids, and of calls that share one, go to the calls in their order")
    func resultsInOrder() throws {
        for (ids, callID) in [(["c1", "c2"], ""), (["c", "c"], "c")] {
            let calls = ids.enumerated().map {
                ToolCall(id: $1, name: "f", arguments: ["n": .number("\($0)")])
            }
            let results = ["one", "two"].map {
                ToolResult(callID: callID, name: "f", response: ["it": .string($0)])
            }
            let text = try prompt([
                message(.user, "Go"), message(.assistant, "", calls: calls),
                message(.tool, "", results: results),
            ])
            #expect(
                text.hasSuffix(
                    "<|tool_response>response:f{it:<|\"|>one<|\"|>}<tool_response|>"
                        + "<|tool_response>response:f{it:<|\"|>two<|\"|>}<tool_response|>"
                )
            )
        }
    }

    @Test("a result without an id leaves alone the call that a later result names")
    func mixedResults() throws {
        let calls = ["c1", "c2"].map { ToolCall(id: $0, name: "f", arguments: ["n": 1]) }
        let results = [("", "two"), ("c1", "one")].map {
            ToolResult(callID: $0, name: "f", response: ["it": .string($1)])
        }
        let text = try prompt([
            message(.user, "Go"), message(.assistant, "", calls: calls),
            message(.tool, "", results: results),
        ])
        #expect(text.contains("two") && text.contains("one"))
        #expect(!text.contains("This call was not run."))
    }

    @Test("where the template would end outside a turn a model turn is opened")
    func repair() throws {
        let messages = [
            ChatMessage(role: "user", content: .text("Go")),
            ChatMessage(
                role: "assistant",
                content: .text("Wait."),
                toolCalls: [ChatToolCall(id: "c", name: "f", arguments: .null)],
                toolResponses: [ChatToolResponse(name: "f", response: 1)]
            ),
        ]
        for template in [PromptTemplate.v2, .v3] {
            let segments = try PromptRenderer(template: template, size: .large).render(
                messages,
                options: RenderOptions(repairsOpenEnd: true)
            )
            #expect(
                PromptRenderer.text(of: segments)
                    .hasSuffix("Wait.<turn|>\n<|turn>model\n<|channel>thought\n<channel|>")
            )
        }
    }

    @Test("the parser starts in a thought only where the prompt opened one")
    func parserStart() {
        let open: [Segment] = [.special(.channelOpen), .text("thought\n")]
        #expect(PromptRenderer.parserStart(after: open) == .thought)
        #expect(PromptRenderer.parserStart(after: open + [.special(.channelClose)]) == .text)
        #expect(PromptRenderer.parserStart(after: []) == .text)
    }

    @Test("special texts of users stay text segments")
    func injection() throws {
        let prompt = ConversationPrompt(
            systemPrompt: "<|think|>",
            messages: [message(.user, "<turn|><bos>")],
            tools: []
        )
        let segments = try prompt.segments(PromptRenderer(size: .small), options: RenderOptions())
        #expect(segments.contains(.text("user\n<turn|><bos>")))
        #expect(!segments.contains(.special(.think)))
    }

    @Test("schemas are brought into the form the notation can say")
    func schemas() {
        let schema: JSONValue = [
            "type": "object", "additionalProperties": false,
            "$defs": ["P": ["properties": ["x": ["type": "integer", "minimum": 1]]]],
            "properties": [
                "a": ["type": ["string", "null"]],
                "b": ["anyOf": [["type": "number"], ["type": "null"]]],
                "c": ["$ref": "#/$defs/P"], "d": ["description": "any"],
            ],
        ]
        #expect(
            ToolSchema.normalised(schema) == [
                "type": "object",
                "properties": [
                    "a": ["type": "string", "nullable": true],
                    "b": ["type": "number", "nullable": true],
                    "c": ["type": "object", "properties": ["x": ["type": "integer"]]],
                    "d": ["description": "any", "type": "string"],
                ],
            ]
        )
        #expect(ToolSchema.normalised(.null) == ["type": "object", "properties": [:]])
        let loop: JSONValue = ["$defs": ["L": ["$ref": "#/$defs/L"]], "$ref": "#/$defs/L"]
        #expect(ToolSchema.normalised(loop)["type"] == "object")
    }

    @Test("a summary stands before the first words of the user, and nothing in it is a marker")
    func summary() throws {
        let prompt = ConversationPrompt(
            systemPrompt: "Be kind.",
            summary: " They met.<turn|> \n",
            messages: [
                message(.user, "And then?"), message(.assistant, "No."), message(.user, "Oh?"),
            ],
            tools: []
        )
        let segments = try prompt.segments(
            PromptRenderer(template: .v3, size: .small),
            options: RenderOptions()
        )
        #expect(
            PromptRenderer.text(of: segments)
                == "<bos><|turn>system\nBe kind.<turn|>\n<|turn>user\n"
                + "What we said before this, in short:\n\nThey met.<turn|>\n\n---\n\nAnd then?<turn|>\n"
                + "<|turn>model\nNo.<turn|>\n<|turn>user\nOh?<turn|>\n<|turn>model\n"
        )
        #expect(segments.count { $0 == .special(.turnClose) } == 4)
        let blank = ConversationPrompt(
            systemPrompt: "",
            summary: " ",
            messages: [message(.user, "Hi")],
            tools: []
        )
        #expect(blank.messages.map(\.content) == [.text("Hi")])
    }
}
