import JSONValues
import Tokenization

/// The rendering of one prompt by the Gemma 4 templates.
struct Gemma4Prompt {
    private let template: PromptTemplate
    private let size: ModelSize
    private let options: RenderOptions
    private let notation: ToolNotation
    private var out = SegmentBuilder()

    /// What stands last, which decides how the prompt goes on.
    private enum Ending {
        case message
        case pendingCall
        case results
    }

    init(renderer: PromptRenderer, options: RenderOptions) {
        template = renderer.template
        size = renderer.size
        self.options = options
        notation = ToolNotation(
            null: renderer.template == .v2 ? "None" : "null",
            dropsKeywordNames: renderer.template == .v2
        )
    }

    mutating func render(
        _ messages: [ChatMessage],
        tools: [JSONValue]
    ) throws(ChatFormatError) -> [Segment] {
        out.add(.beginOfSequence)
        var list = messages[...]
        let hasSystem = list.first.map { $0.role == "system" || $0.role == "developer" } ?? false
        if options.enableThinking || !tools.isEmpty || hasSystem {
            out.add(.turnOpen)
            out.add("system\n")
            if options.enableThinking {
                out.add(.think)
                out.add("\n")
            }
            if hasSystem, let system = list.popFirst() { try addSystem(system) }
            for tool in tools { notation.declaration(tool, into: &out) }
            out.add(.turnClose)
            out.add("\n")
        }
        let lastUser = list.lastIndex { $0.role == "user" } ?? -1
        var previousRole: String?
        var ending = Ending.message
        var isTurnOpen = false
        for index in list.indices where list[index].role != "tool" {
            let message = list[index]
            let continues = message.role == "assistant" && previousRole == "assistant"
            if !continues {
                out.add(.turnOpen)
                out.add((message.role == "assistant" ? "model" : message.role) + "\n")
            }
            addReasoning(of: message, isCurrent: index > lastUser)
            let following = list[list.index(after: index)...].prefix { $0.role == "tool" }
            (ending, isTurnOpen) = try addBody(
                of: message,
                index: index,
                results: following,
                nextRole: list[list.index(after: index)...].first { $0.role != "tool" }?.role
            )
            previousRole = message.role
        }
        if options.addGenerationPrompt {
            addGenerationPrompt(after: ending, isTurnOpen: isTurnOpen)
        }
        return out.segments
    }

    private mutating func addSystem(_ message: ChatMessage) throws(ChatFormatError) {
        switch message.content {
        case .none: break
        case .text(let text): out.add(TemplateText.trimmed(text))
        case .parts(let parts):
            guard template == .v3 else {
                throw .badMessage(index: 0, reason: "a system message must be plain text")
            }
            for case .text(let text) in parts { out.add(TemplateText.trimmed(text) + " ") }
        }
    }

    private mutating func addReasoning(of message: ChatMessage, isCurrent: Bool) {
        guard message.role == "assistant", !message.reasoning.isEmpty else { return }
        let hasCalls = !message.toolCalls.isEmpty
        let isShown =
            switch template {
            case .v2: isCurrent && hasCalls
            default: isCurrent || (options.preserveThinking && hasCalls)
            }
        guard isShown else { return }
        out.add(.channelOpen)
        out.add("thought\n\(message.reasoning)\n")
        out.add(.channelClose)
    }

    /// Writes calls, results and text of a message, and closes its turn where that is due.
    private mutating func addBody(
        of message: ChatMessage,
        index: Int,
        results: ArraySlice<ChatMessage>,
        nextRole: String?
    ) throws(ChatFormatError) -> (Ending, isTurnOpen: Bool) {
        for call in message.toolCalls {
            if case .string = call.arguments, template == .v3 {
                throw .badMessage(index: index, reason: "a tool call's arguments are not an object")
            }
            notation.call(call, into: &out)
        }
        var hasResults = !message.toolResponses.isEmpty
        for response in message.toolResponses {
            notation.response(response.name, response.response, into: &out)
        }
        if !hasResults, !message.toolCalls.isEmpty {
            hasResults = !results.isEmpty
            for result in results { addResult(result, calls: message.toolCalls) }
        }
        let content = addContent(of: message)
        var isPending = !message.toolCalls.isEmpty && !hasResults
        if template == .v2, content.hasMedia { isPending = false }
        if isPending {
            out.add(.toolResponseOpen)
            return (.pendingCall, true)
        }
        let ending: Ending =
            hasResults && !(template == .v2 && content.hasMedia) ? .results : .message
        let isAssistant = message.role == "assistant"
        let staysOpen =
            switch template {
            case .v2: hasResults && content.isBlank
            default:
                (isAssistant && nextRole == "assistant")
                    || (hasResults && content.isBlank && nextRole == nil)
            }
        if staysOpen { return (ending, true) }
        out.add(.turnClose)
        out.add("\n")
        return (ending, false)
    }

    private mutating func addContent(of message: ChatMessage) -> (isBlank: Bool, hasMedia: Bool) {
        func shown(_ text: String) -> String {
            TemplateText.trimmed(
                message.role == "assistant" ? TemplateText.withoutThoughts(text) : text
            )
        }
        switch message.content {
        case .none: return (true, false)
        case .text(let text):
            let text = shown(text)
            out.add(text)
            return (text.isEmpty, false)
        case .parts(let parts):
            var isBlank = true
            var hasMedia = false
            for part in parts {
                if case .text(let text) = part {
                    let text = shown(text)
                    if !text.isEmpty { isBlank = false }
                    out.add(text)
                } else if let media = media(part) {
                    out.add(media)
                    isBlank = false
                    hasMedia = true
                }
            }
            return (isBlank, hasMedia)
        }
    }

    private func media(_ part: ChatPart) -> ChatPart.Media? {
        switch part {
        case .media(let media): media
        case .mediaByURL(let media): template == .v3 ? media : nil
        case .text, .unknown: nil
        }
    }

    private mutating func addResult(_ message: ChatMessage, calls: [ChatToolCall]) {
        let name = calls.last { $0.id == message.toolCallID }?.name ?? message.name ?? "unknown"
        switch message.content {
        case .none: notation.response(name, .null, into: &out)
        case .text(let text): notation.response(name, .string(text), into: &out)
        case .parts(let parts):
            let text = parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
            notation.response(name, .string(text), into: &out)
            guard template == .v3 else { return }
            for part in parts { if let media = media(part) { out.add(media) } }
        }
    }

    private mutating func addGenerationPrompt(after ending: Ending, isTurnOpen: Bool) {
        if options.repairsOpenEnd, !isTurnOpen { return openModelTurn() }
        switch ending {
        case .pendingCall: break
        case .results:
            if template == .v3, options.enableThinking, options.emptyThought != .always {
                out.add(.channelOpen)
                out.add("thought\n")
            } else if options.emptyThoughtAfterResults, writesEmptyThought {
                addEmptyThought()
            }
        case .message: openModelTurn()
        }
    }

    private mutating func openModelTurn() {
        out.add(.turnOpen)
        out.add("model\n")
        if writesEmptyThought { addEmptyThought() }
    }

    private var writesEmptyThought: Bool {
        switch options.emptyThought {
        case .always: true
        case .never: false
        case .bySize: !options.enableThinking && (template == .v2 || size == .large)
        }
    }

    private mutating func addEmptyThought() {
        out.add(.channelOpen)
        out.add("thought\n")
        out.add(.channelClose)
    }
}
