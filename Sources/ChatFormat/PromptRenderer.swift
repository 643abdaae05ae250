package import JSONValues
package import Tokenization

/// Which generation of Google's chat template a prompt follows.
package enum PromptTemplate: String, Sendable, Hashable, CaseIterable {
    /// Gemma 4, July 2026.
    case v3
    /// Gemma 4 as llama.cpp wrote it in October 2026.
    case v2
    /// The instruction-tuned Gemma 3 models: no thoughts, no tools.
    case gemma3
}

/// Small Gemma 4 models (E2B, E4B) and large ones differ in one rule.
package enum ModelSize: String, Sendable, Hashable, CaseIterable {
    case small
    /// Gets an empty thought before its answer while thinking is off.
    case large
}

/// What a prompt asks for besides its messages.
package struct RenderOptions: Sendable, Hashable {
    /// Whether an empty thought is written in front of the answer.
    package enum EmptyThought: Sendable, Hashable {
        /// For large models while thinking is off, as the template says.
        case bySize
        /// Always: switches thinking off for one answer without touching the system turn.
        case always
        case never
    }

    /// Ends the prompt where the model goes on.
    package var addGenerationPrompt: Bool
    package var enableThinking: Bool
    /// Keeps thoughts of old messages that called tools; template v3 only.
    package var preserveThinking: Bool
    package var emptyThought: EmptyThought
    /// Writes the empty thought after tool results too.
    ///
    /// Large models sometimes open a thought there that they never close. Off in the published template.
    package var emptyThoughtAfterResults: Bool
    /// Opens a model turn where the template would end a prompt outside of one.
    package var repairsOpenEnd: Bool

    package init(
        addGenerationPrompt: Bool = true,
        enableThinking: Bool = false,
        preserveThinking: Bool = false,
        emptyThought: EmptyThought = .bySize,
        emptyThoughtAfterResults: Bool = false,
        repairsOpenEnd: Bool = false
    ) {
        self.addGenerationPrompt = addGenerationPrompt
        self.enableThinking = enableThinking
        self.preserveThinking = preserveThinking
        self.emptyThought = emptyThought
        self.emptyThoughtAfterResults = emptyThoughtAfterResults
        self.repairsOpenEnd = repairsOpenEnd
    }
}

/// Writes a conversation as a prompt: special tokens and text, never mixed up.
///
/// Nothing that stands in a message can become a special token, since only this renderer emits
/// `Segment.special`.
package struct PromptRenderer: Sendable, Hashable {
    package var template: PromptTemplate
    package var size: ModelSize

    package init(template: PromptTemplate = .v3, size: ModelSize) {
        self.template = template
        self.size = size
    }

    /// Renders the messages and tool declarations (OpenAI's form, see chat templates).
    /// - Throws: `ChatFormatError` for what the template refuses.
    package func render(
        _ messages: [ChatMessage],
        tools: [JSONValue] = [],
        options: RenderOptions
    ) throws(ChatFormatError) -> [Segment] {
        switch template {
        case .gemma3: return Gemma3Prompt.render(messages, options: options)
        case .v2, .v3:
            var prompt = Gemma4Prompt(renderer: self, options: options)
            return try prompt.render(messages, tools: tools)
        }
    }

    /// Where a parser of the model's answer to this prompt begins.
    package static func parserStart(after segments: [Segment]) -> ParserStart {
        let opening: [Segment] = [.special(.channelOpen), .text("thought\n")]
        return segments.suffix(2) == opening ? .thought : .text
    }

    /// The prompt as one string, special tokens by their text; for people only.
    package static func text(of segments: [Segment]) -> String {
        segments.map { segment in
            switch segment {
            case .special(let text), .text(let text): text
            }
        }.joined()
    }
}

/// Where an answer begins.
package enum ParserStart: String, Sendable, Hashable {
    case text
    /// The prompt itself opened a thought.
    case thought
}

/// Gemma 3's form: bare turns, the system prompt in front of the first user text.
enum Gemma3Prompt {
    static func render(_ messages: [ChatMessage], options: RenderOptions) -> [Segment] {
        var out = SegmentBuilder()
        out.add(.beginOfSequence)
        var rest = messages[...]
        var system = ""
        while let first = rest.first, first.role == "system" || first.role == "developer" {
            system += TemplateText.trimmed(text(first)) + "\n\n"
            rest = rest.dropFirst()
        }
        for message in rest {
            let isModel = message.role == "assistant"
            out.add(.startOfTurn)
            out.add(isModel ? "model\n" : "user\n")
            if !isModel, !system.isEmpty {
                out.add(system)
                system = ""
            }
            out.add(TemplateText.trimmed(text(message)))
            out.add(.endOfTurn)
            out.add("\n")
        }
        if options.addGenerationPrompt {
            out.add(.startOfTurn)
            out.add("model\n")
        }
        return out.segments
    }

    private static func text(_ message: ChatMessage) -> String {
        switch message.content {
        case .none: ""
        case .text(let text): text
        case .parts(let parts):
            parts.map { if case .text(let text) = $0 { text } else { "" } }.joined()
        }
    }
}
