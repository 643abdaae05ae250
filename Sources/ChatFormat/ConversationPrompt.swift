package import Conversation
package import JSONValues
package import Tokenization

/// A conversation as the chat template wants it.
package struct ConversationPrompt: Sendable, Hashable {
    package var messages: [ChatMessage]
    package var tools: [JSONValue]

    /// Converts the active branch of a conversation.
    ///
    /// Results go with the calls they answer. A call that never got a result is answered with an
    /// error, and an answer with text and results is split in two, text first, so that the template
    /// never leaves the model's turn before the model is to go on.
    ///
    /// A summary of earlier messages goes before the first message of the user: words that a model
    /// wrote have no place in the system's turn. A file that is neither picture, sound nor video is
    /// named only: its text goes into a message as text.
    package init(
        systemPrompt: String,
        summary: String? = nil,
        messages: [Message],
        tools: [ToolDeclaration]
    ) {
        self.tools = tools.map { tool in
            [
                "type": "function",
                "function": [
                    "name": .string(tool.name),
                    "description": .string(tool.description),
                    "parameters": ToolSchema.normalised(tool.parameters),
                ],
            ]
        }
        var list: [ChatMessage] = []
        var opening = summary.map { Self.opening($0) } ?? ""
        if !TemplateText.trimmed(systemPrompt).isEmpty {
            list.append(ChatMessage(role: "system", content: .text(systemPrompt)))
        }
        for (index, message) in messages.enumerated() {
            switch message.role {
            case .system, .user:
                var parts = message.parts
                if message.role == .user, !opening.isEmpty {
                    parts.insert(.text(opening), at: 0)
                    opening = ""
                }
                list.append(
                    ChatMessage(
                        role: message.role.rawValue,
                        content: Self.content(parts)
                    )
                )
            case .assistant:
                let following = messages[(index + 1)...].prefix { $0.role == .tool }
                list += Self.answer(message, results: following)
            // Already written with the call it answers.
            case .tool: break
            }
        }
        self.messages = list
    }

    /// The prompt for the next answer; it always ends inside the model's turn.
    /// - Throws: `ChatFormatError` for what the template refuses.
    package func segments(
        _ renderer: PromptRenderer,
        options: RenderOptions
    ) throws(ChatFormatError) -> [Segment] {
        var options = options
        options.addGenerationPrompt = true
        options.repairsOpenEnd = true
        return try renderer.render(messages, tools: tools, options: options)
    }

    private static func opening(_ summary: String) -> String {
        let summary = TemplateText.trimmed(summary)
        return summary.isEmpty
            ? "" : "What we said before this, in short:\n\n\(summary)\n\n---\n\n"
    }

    private static func answer(
        _ message: Message,
        results: ArraySlice<Message>
    ) -> [ChatMessage] {
        let text = content(message.parts)
        let reasoning = message.thoughts.map(\.text).filter { !$0.isEmpty }
            .joined(separator: "\n")
        guard !message.toolCalls.isEmpty else {
            return [ChatMessage(role: "assistant", content: text, reasoning: reasoning)]
        }
        var open = Array(message.toolCalls.indices)
        var responses: [ChatToolResponse] = []
        let given = message.toolResults + results.flatMap(\.toolResults)
        let named = Set(given.map(\.callID))
        for result in given {
            // A result without an id, as Markdown has it, is that of the next call of its tool that
            // no other one names.
            let place = open.firstIndex {
                let call = message.toolCalls[$0]
                return result.callID.isEmpty
                    ? call.name == result.name && (call.id.isEmpty || !named.contains(call.id))
                    : call.id == result.callID
            }
            guard let place else { continue }
            open.remove(at: place)
            responses.append(ChatToolResponse(name: result.name, response: result.response))
        }
        for index in open {
            responses.append(
                ChatToolResponse(
                    name: message.toolCalls[index].name,
                    response: ["error": "This call was not run."]
                )
            )
        }
        var call = ChatMessage(role: "assistant", reasoning: reasoning, toolResponses: responses)
        call.toolCalls = message.toolCalls.map {
            ChatToolCall(id: $0.id, name: $0.name, arguments: $0.arguments)
        }
        guard text != .none else { return [call] }
        call.reasoning = ""
        return [ChatMessage(role: "assistant", content: text, reasoning: reasoning), call]
    }

    /// The content of parts; texts that touch are one, since the template trims each by itself.
    private static func content(_ parts: [Part]) -> ChatContent {
        var out: [ChatPart] = []
        func add(_ text: String) {
            guard !text.isEmpty else { return }
            if case .text(let before) = out.last {
                out[out.count - 1] = .text(before + text)
            } else {
                out.append(.text(text))
            }
        }
        for part in parts {
            switch part {
            case .text(let text): add(text)
            case .attachment(let attachment):
                switch attachment.kind {
                case .image: out.append(.media(.image))
                case .audio: out.append(.media(.audio))
                case .video: out.append(.media(.video))
                case .file:
                    add("\n[The attached file \(attachment.name) is not given to the model.]\n")
                }
            }
        }
        if out.isEmpty { return .none }
        if out.count == 1, case .text(let text) = out[0] { return .text(text) }
        return .parts(out)
    }
}
