/// How far the reading of a prompt is.
package struct PromptProgress: Sendable, Hashable {
    /// Tokens of this prompt read so far, those taken from the cache not counted.
    package var read: Int
    /// Tokens that have to be read.
    package var total: Int
    /// Estimated from the speed so far; nil before the first chunk.
    package var secondsLeft: Double?

    package init(read: Int, total: Int, secondsLeft: Double?) {
        self.read = read
        self.total = total
        self.secondsLeft = secondsLeft
    }
}

/// One generated token, looked at closely.
package struct TokenDetail: Sendable, Hashable {
    package struct Alternative: Sendable, Hashable {
        package var id: Int
        package var text: String
        package var logprob: Double

        package init(id: Int, text: String, logprob: Double) {
            self.id = id
            self.text = text
            self.logprob = logprob
        }
    }

    package var id: Int
    package var text: String
    /// Natural logarithm of its probability before sampling filters.
    package var logprob: Double
    /// Most probable first.
    package var alternatives: [Alternative]
    /// Seconds since the answer's first token.
    package var seconds: Double

    package init(
        id: Int,
        text: String,
        logprob: Double,
        alternatives: [Alternative],
        seconds: Double
    ) {
        self.id = id
        self.text = text
        self.logprob = logprob
        self.alternatives = alternatives
        self.seconds = seconds
    }
}

/// Why an answer ended.
package enum StopReason: String, Sendable, Hashable {
    /// The model closed its turn.
    case endOfTurn = "end"
    /// The model waits for the result of its tool calls.
    case toolCall = "tool_call"
    /// `maxTokens` was reached.
    case length
    /// The context is full.
    case contextFull = "context_full"
    /// The user stopped it.
    case cancelled
}

/// What applies to an answer, known before its first token.
package struct AnswerPlan: Sendable, Hashable {
    package var thinking: ThinkingPlan
    /// All tokens of the prompt.
    package var promptTokens: Int
    /// Those of them that are in the cache and not read again.
    package var reusedTokens: Int
    /// Tokens that the context holds.
    package var contextSize: Int

    package init(
        thinking: ThinkingPlan,
        promptTokens: Int,
        reusedTokens: Int,
        contextSize: Int
    ) {
        self.thinking = thinking
        self.promptTokens = promptTokens
        self.reusedTokens = reusedTokens
        self.contextSize = contextSize
    }

    /// Tokens to be read before the answer can begin.
    package var tokensToRead: Int { promptTokens - reusedTokens }
}

/// The same tokens again and again.
package struct Repetition: Sendable, Hashable {
    /// Tokens after which they come again.
    package var period: Int
    /// How often they stand there.
    package var times: Int

    package init(period: Int, times: Int) {
        self.period = period
        self.times = times
    }
}

/// What an engine says while it answers.
///
/// The first event is `.started`; the last is `.finished`, unless the stream throws.
package enum GenerationEvent: Sendable, Hashable {
    case started(AnswerPlan)
    /// A picture, a sound or a video is being made ready, or is.
    case media(MediaReport)
    case promptProgress(PromptProgress)
    /// More text of a thought.
    case thought(String)
    /// A thought ended; visible text, a call or another thought follows.
    case thoughtClosed(ThoughtEnding = .closed)
    /// More visible text.
    case text(String)
    case toolCall(ToolCall)
    /// The model wrote a call that does not parse: its raw text and why.
    case rejectedToolCall(raw: String, reason: String)
    /// The thought or the text has begun to repeat itself; said once for each, and nothing is
    /// stopped.
    case looping(Repetition)
    case token(TokenDetail)
    /// The answer token by token, before the end; not from every engine.
    case trace(AnswerTrace)
    case finished(StopReason, Statistics)
}
