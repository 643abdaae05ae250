package import ChatFormat
package import Conversation
package import Gemma
import JSONValues
package import Tokenization

/// A prompt as the model is given it.
package struct BuiltPrompt: Sendable {
    package var segments: [Segment]
    package var ids: [Int]
    /// The ids that stand for pictures and sounds, in order.
    package var media: [MediaSpan] = []
    /// Where the answer begins, that which is gone on with included.
    package var parserStart: ParserStart
    /// The end of `ids`: what the model wrote already of an answer that it is to go on with.
    package var continued: [Int] = []
    /// How many of the ids stand before the model's own words: where the next turn, whose history
    /// has lost this turn's thought, will differ at the earliest.
    package var turnStart: Int
    /// Whether the system turn switches thinking on.
    package var thinks: Bool
}

/// Turns requests into prompts for one model.
package struct PromptBuilder: Sendable {
    /// What kind of words the model was taught.
    package enum Style: Sendable, Hashable {
        case chat(PromptRenderer)
        /// A base model: it goes on with whatever text it is given.
        case completion
    }

    package let tokenizer: Tokenizer
    package let style: Style

    package init(tokenizer: Tokenizer, style: Style) {
        self.tokenizer = tokenizer
        self.style = style
    }

    /// Chooses the style from what the file holds.
    ///
    /// - Throws: `TokenizationError` naming a special token that a chat needs and the file lacks.
    package init(
        tokenizer: Tokenizer,
        family: Configuration.Family,
        hasPerLayerEmbeddings: Bool,
        hasChatTemplate: Bool,
        template: PromptTemplate = .v3
    ) throws(TokenizationError) {
        self.tokenizer = tokenizer
        switch family {
        case .gemma4:
            try tokenizer.vocabulary.specials.requireChatTokens()
            style = .chat(
                PromptRenderer(template: template, size: hasPerLayerEmbeddings ? .small : .large)
            )
        case .gemma3:
            if hasChatTemplate {
                try tokenizer.vocabulary.specials.requireChatTokens()
                style = .chat(PromptRenderer(template: .gemma3, size: .large))
            } else {
                style = .completion
            }
        }
    }

    package var canThink: Bool {
        if case .chat(let renderer) = style { renderer.template != .gemma3 } else { false }
    }

    /// Builds the prompt of a request.
    ///
    /// - Parameters:
    ///   - request: what is to be answered.
    ///   - thinks: whether the answer is to be thought about.
    ///   - keepsThinkingTurn: the cache begins with a system turn that switches thinking on. Large
    ///     models then get an opened and closed thought instead, which re-reads nothing.
    ///   - spoken: past answers of the conversation in the tokens that they were written in.
    ///   - media: what the pictures and sounds of its messages become, in their order.
    /// - Returns: the prompt, before the cache is looked at.
    /// - Throws: `EngineError` with the sentence of what the chat format refuses.
    func build(
        _ request: GenerationRequest,
        thinks: Bool,
        keepsThinkingTurn: Bool = false,
        spoken: SpokenAnswers = SpokenAnswers(),
        media: [MediaItem] = []
    ) throws(EngineError) -> BuiltPrompt {
        guard request.continuesAnswer else {
            return try question(request, thinks, keepsThinkingTurn, spoken, media)
        }
        guard let answer = request.messages.last, answer.role == .assistant else {
            throw .unsupported("There is no answer to go on with.")
        }
        guard answer.toolCalls.isEmpty else {
            throw .unsupported("An answer that called a tool cannot be gone on with.")
        }
        var asked = request
        asked.messages.removeLast()
        let prompt = try question(asked, thinks, keepsThinkingTurn, spoken, media)
        do { return try continued(prompt, by: answer, spoken) } catch {
            throw .unsupported(error.userMessage)
        }
    }

    /// The prompt of a request, up to where the answer begins.
    private func question(
        _ request: GenerationRequest,
        _ thinks: Bool,
        _ keepsThinkingTurn: Bool,
        _ spoken: SpokenAnswers,
        _ media: [MediaItem]
    ) throws(EngineError) -> BuiltPrompt {
        guard case .chat(let renderer) = style else { return completion(request) }
        let isLarge = renderer.size == .large && renderer.template != .gemma3
        let closesAtOnce = !thinks && keepsThinkingTurn && isLarge
        do {
            let conversation = ConversationPrompt(
                systemPrompt: request.systemPrompt,
                summary: request.summary,
                messages: request.messages,
                tools: request.tools
            )
            let segments = try conversation.segments(
                renderer,
                options: RenderOptions(
                    enableThinking: thinks || closesAtOnce,
                    emptyThought: closesAtOnce ? .always : .bySize
                )
            )
            let expanded = try expand(segments, media)
            let ids = try encode(expanded.segments, spoken)
            return BuiltPrompt(
                segments: segments,
                ids: ids,
                media: try spans(of: expanded.slots, in: ids),
                parserStart: PromptRenderer.parserStart(after: segments),
                turnStart: turnStart(ids),
                thinks: thinks || closesAtOnce
            )
        } catch let error as ChatFormatError {
            throw .unsupported(error.userMessage)
        } catch let error as TokenizationError {
            throw .unsupported(error.userMessage)
        } catch let error as EngineError {
            throw error
        } catch {
            throw .failed("\(error)")
        }
    }

    /// The place after the last turn's header: before a channel that the prompt itself opened.
    private func turnStart(_ ids: [Int]) -> Int {
        let specials = tokenizer.vocabulary.specials
        guard let open = specials[.turnOpen] ?? specials[.startOfTurn],
            let turn = ids.lastIndex(of: open)
        else { return ids.count }
        let channel = specials[.channelOpen]
        return ids[turn...].firstIndex { $0 == channel } ?? ids.count
    }

    /// Everything said so far, one message below the other.
    private func completion(_ request: GenerationRequest) -> BuiltPrompt {
        let texts =
            [request.systemPrompt, request.summary ?? ""].filter { !$0.isEmpty }
            + request.messages.map(\.text)
        let text = texts.joined(separator: "\n")
        let ids = [tokenizer.vocabulary.bos] + tokenizer.encodeText(text)
        return BuiltPrompt(
            segments: [.special(.beginOfSequence), .text(text)],
            ids: ids,
            parserStart: .text,
            turnStart: ids.count,
            thinks: false
        )
    }
}
