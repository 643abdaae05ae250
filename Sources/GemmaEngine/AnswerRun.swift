import ChatFormat
import Conversation
import Decoding
import Tokenization

/// The state of one answer while it is generated: sampler, parser, budget and counts.
struct AnswerRun {
    let maxTokens: Int?
    private(set) var generated = 0
    private(set) var thoughtTokens = 0
    private(set) var stopReason: StopReason?

    private var sampler: Sampler
    private var parser: OutputParser
    private let vocabulary: Vocabulary
    private let budget: Int?
    private let alternatives: Int?
    private var calls = 0

    init(
        request: GenerationRequest, prompt: BuiltPrompt, budget: Int?, vocabulary: Vocabulary,
        isPlain: Bool, seed: UInt64
    ) {
        maxTokens = request.maxTokens
        alternatives = request.tokenAlternatives
        self.budget = budget
        self.vocabulary = vocabulary
        sampler = Sampler(
            request.sampling, seed: seed,
            banned: vocabulary.neverSampled + vocabulary.suppressed)
        parser = OutputParser(vocabulary: vocabulary, start: prompt.parserStart)
    }

    var thoughtUnclosed: Bool { parser.thoughtUnclosed }

    /// Draws the next token, or closes a thought whose budget is spent.
    mutating func next(
        _ logits: UnsafeMutableBufferPointer<Float>, seconds: Double
    ) -> (id: Int, detail: TokenDetail?) {
        let normaliser =
            alternatives == nil ? 0 : unsafe Logits.logSumExp(UnsafeBufferPointer(logits))
        let best = alternatives.map { count in
            unsafe Logits.top(count, of: UnsafeBufferPointer(logits)).map { id in
                TokenDetail.Alternative(
                    id: id, text: vocabulary.label(of: id),
                    logprob: unsafe Double(logits[id]) - normaliser)
            }
        }
        var forced: Int?
        if let budget, parser.isInsideThought, thoughtTokens >= budget {
            forced = vocabulary.specials[.channelClose]
        }
        let raw = alternatives == nil ? [] : unsafe Array(logits)
        // Nothing left to draw means that every logit is banned or no number: the turn ends.
        let id = unsafe forced ?? sampler.next(logits) ?? vocabulary.eos
        guard let best else { return (id, nil) }
        let logprob = raw.indices.contains(id) ? Double(raw[id]) - normaliser : -.infinity
        return (
            id,
            TokenDetail(
                id: id, text: vocabulary.label(of: id), logprob: logprob, alternatives: best,
                seconds: seconds)
        )
    }

    /// Takes a token in and gives what it adds to the answer.
    mutating func accept(_ id: Int) -> [GenerationEvent] {
        generated += 1
        if parser.isInsideThought { thoughtTokens += 1 }
        sampler.note(id)
        return parser.consume(id: id).compactMap { convert($0) }
    }

    /// Flushes what is held back when the answer ends.
    mutating func finish() -> [GenerationEvent] { parser.finish().compactMap { convert($0) } }

    private mutating func convert(_ event: OutputEvent) -> GenerationEvent? {
        switch event {
        case .thoughtDelta(let text): return .thought(text)
        case .thoughtClosed: return .thoughtClosed
        case .textDelta(let text): return .text(text)
        case .toolCall(let name, let arguments):
            calls += 1
            return .toolCall(ToolCall(id: "call_\(calls)", name: name, arguments: arguments))
        case .malformedCall(let raw, let reason):
            return .rejectedToolCall(raw: raw, reason: reason)
        case .end(let reason):
            stopReason = reason == .toolResponse ? .toolCall : .endOfTurn
            return nil
        }
    }
}
