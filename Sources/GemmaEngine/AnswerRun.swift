import ChatFormat
package import Conversation
import Decoding
package import Tokenization

/// Chooses the token at a place of an answer in the sampler's stead; nil leaves it to the sampler.
///
/// A seam for tests: models of random weights never write a thought, or end one, where a test needs
/// it.
package typealias TokenChooser = @Sendable (_ place: Int) -> Int?

/// The state of one answer while it is generated: sampler, parser, budget and counts.
package struct AnswerRun {
    let maxTokens: Int?
    private(set) var generated = 0
    private(set) var thoughtTokens = 0
    /// What was written, with that which is gone on with.
    private(set) var sampled = SampledAnswer()
    private(set) var stopReason: StopReason?

    /// Tokens of what is gone on with, and those of its thoughts.
    private let continuedTokens: Int
    private var continuedThoughtTokens = 0
    private var sampler: Sampler
    private var parser: OutputParser
    private let vocabulary: Vocabulary
    private let budget: Int?
    /// Why the thought is about to be closed for the model.
    private var closing: ThoughtEnding?
    private var watch = RepetitionWatch()
    private let alternatives: Int?
    private let chooser: TokenChooser?
    /// The logits before the sampler changes them, where alternatives are asked for.
    private var raw: [Float] = []
    private var calls = 0

    package init(
        request: GenerationRequest,
        prompt: BuiltPrompt,
        budget: Int?,
        vocabulary: Vocabulary,
        seed: UInt64,
        chooser: TokenChooser? = nil
    ) {
        maxTokens = request.maxTokens
        alternatives = request.tokenAlternatives
        self.budget = budget
        self.chooser = chooser
        self.vocabulary = vocabulary
        var settings = request.sampling
        settings.seed = seed
        sampler = Sampler(
            settings: settings,
            banned: vocabulary.neverSampled + vocabulary.suppressed,
            history: prompt.continued
        )
        parser = OutputParser(vocabulary: vocabulary, start: prompt.parserStart)
        continuedTokens = prompt.continued.count
        // As if it had been written just now, without saying it again.
        for id in prompt.continued { _ = take(id) }
        // What waits for its end was shown as U+FFFD: a cut answer keeps no tokens that merely wait.
        note(parser.flushUnfinished().compactMap { convert($0) })
        continuedThoughtTokens = thoughtTokens
        thoughtTokens = 0
    }

    var thoughtUnclosed: Bool { parser.thoughtUnclosed }

    /// Has the thought closed that is being written; does nothing outside of one.
    package mutating func wrapUp() {
        if parser.isInsideThought { closing = .wrappedUp }
    }

    /// Draws the next token, or closes a thought whose budget is spent or that is to be wrapped up.
    package mutating func next(
        _ logits: UnsafeMutableBufferPointer<Float>,
        seconds: Double
    ) -> (id: Int, detail: TokenDetail?) {
        var detail: TokenDetail?
        if let alternatives { detail = unsafe look(logits, alternatives, seconds) }
        var forced = chooser?(continuedTokens + generated)
        // A channel is closed once it has its name, as in the empty thoughts that the models know.
        if parser.isThinking {
            if let budget, continuedThoughtTokens + thoughtTokens >= budget, closing == nil {
                closing = .budget
            }
            if closing != nil { forced = vocabulary.specials[.channelClose] }
        }
        // The sampler counts what it draws itself.
        if let forced { sampler.note(forced) }
        // The sampler changes the logits, so the chosen token's probability is noted before.
        if alternatives != nil {
            raw.removeAll(keepingCapacity: true)
            unsafe raw.append(contentsOf: logits)
        }
        // Nothing left to draw means that every logit is banned or no number: the turn ends.
        let id = unsafe forced ?? sampler.next(logits) ?? vocabulary.eos
        if raw.indices.contains(id) {
            detail?.id = id
            detail?.text = vocabulary.label(of: id)
            detail?.logprob += Double(raw[id])
        }
        return (id, detail)
    }

    /// The alternatives of the next token; its own log probability is the negative normaliser until
    /// its logit is added.
    private func look(
        _ logits: UnsafeMutableBufferPointer<Float>,
        _ count: Int,
        _ seconds: Double
    ) -> TokenDetail {
        let logits = UnsafeBufferPointer(logits)
        let normaliser = unsafe LogProbabilities.normaliser(logits)
        let best = unsafe LogProbabilities.top(count, in: logits, normaliser: normaliser)
        return TokenDetail(
            id: 0,
            text: "",
            logprob: -normaliser,
            alternatives: best.map {
                .init(id: $0.id, text: vocabulary.label(of: $0.id), logprob: $0.logprob)
            },
            seconds: seconds
        )
    }

    /// Takes a token in and gives what it adds to the answer.
    package mutating func accept(_ id: Int) -> [GenerationEvent] {
        generated += 1
        return take(id)
    }

    private mutating func take(_ id: Int) -> [GenerationEvent] {
        let (wasInsideThought, wasThinking) = (parser.isInsideThought, parser.isThinking)
        var events = parser.consume(id: id).compactMap { convert($0) }
        // The markers around a thought and its channel's name are not part of it.
        if wasThinking, parser.isThinking { thoughtTokens += 1 }
        if wasInsideThought != parser.isInsideThought {
            closing = nil
            watch = RepetitionWatch()
        } else if let repetition = watch.append(id) {
            events.append(.looping(repetition))
        }
        note(events)
        if stopReason == nil { note(id) }
        return events
    }

    /// Keeps a token of the answer.
    private mutating func note(_ id: Int) {
        sampled.ids.append(id)
        if !parser.isInsideThought, !parser.isInsideCall,
            vocabulary.specials.token(of: id) == nil
        {
            sampled.textIDs.append(id)
        }
    }

    /// Keeps what tokens were taken to say.
    private mutating func note(_ events: [GenerationEvent]) {
        for event in events {
            switch event {
            case .thought(let text): sampled.thought += text
            case .text(let text): sampled.text += text
            default: break
            }
        }
    }

    /// Forgets the tokens of a character whose end did not come, so that a cut answer ends before it.
    ///
    /// - Returns: how many tokens that were.
    mutating func dropUnfinished() -> Int {
        var bytes = parser.unfinishedCount
        var count = 0
        while bytes > 0, count < sampled.ids.count {
            count += 1
            bytes -= vocabulary.textBytes(of: sampled.ids[sampled.ids.count - count]).count
        }
        // Else a token holds the end of one character and the beginning of another.
        guard bytes == 0, count > 0 else { return 0 }
        parser.dropUnfinished()
        sampled.ids.removeLast(count)
        sampled.textIDs.removeLast(min(count, sampled.textIDs.count))
        return count
    }

    /// Flushes what is held back when the answer ends.
    mutating func finish() -> [GenerationEvent] {
        let events = parser.finish().compactMap { convert($0) }
        note(events)
        return events
    }

    private mutating func convert(_ event: OutputEvent) -> GenerationEvent? {
        switch event {
        case .thoughtDelta(let text): return .thought(text)
        case .thoughtClosed: return .thoughtClosed(closing ?? .closed)
        case .textDelta(let text): return .text(text)
        case .toolCall(let name, let arguments):
            calls += 1
            return .toolCall(ToolCall(id: "call_\(calls)", name: name, arguments: arguments))
        case .malformedCall(let raw, let reason):
            return .rejectedToolCall(raw: raw, reason: reason)
        case .end(.cut): return nil
        case .end(let reason):
            stopReason = reason == .toolResponse ? .toolCall : .endOfTurn
            return nil
        }
    }
}
