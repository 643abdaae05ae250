package import JSONValues

/// Whether the model reasons before it answers.
package enum ThinkingMode: String, Sendable, Hashable, CaseIterable {
    case on
    case off
    /// On, with a small budget for short plain prompts.
    case auto
}

/// How the next token is drawn from the logits.
package struct SamplingSettings: Sendable, Hashable {
    /// 0 takes the most probable token.
    package var temperature: Double
    /// Keeps the k most probable tokens; 0 keeps all.
    package var topK: Int
    /// Keeps the smallest set of tokens whose probability reaches this; 1 keeps all.
    package var topP: Double
    /// Drops tokens less probable than this share of the best one's; 0 keeps all.
    package var minP: Double
    /// Divides (positive) or multiplies (negative) the logits of tokens seen; 1 changes nothing.
    package var repetitionPenalty: Double
    /// Subtracted once from the logit of each token seen.
    package var presencePenalty: Double
    /// Subtracted from a token's logit for each time it was seen.
    package var frequencyPenalty: Double
    /// Nil draws a fresh seed, which the answer's statistics then name.
    package var seed: UInt64?

    package init(
        temperature: Double = 1,
        topK: Int = 64,
        topP: Double = 0.95,
        minP: Double = 0,
        repetitionPenalty: Double = 1,
        presencePenalty: Double = 0,
        frequencyPenalty: Double = 0,
        seed: UInt64? = nil
    ) {
        self.temperature = temperature
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.repetitionPenalty = repetitionPenalty
        self.presencePenalty = presencePenalty
        self.frequencyPenalty = frequencyPenalty
        self.seed = seed
    }

    /// What Google recommends for Gemma 4.
    package static let gemma = SamplingSettings()
}

/// A function the model may call.
package struct ToolDeclaration: Sendable, Hashable {
    package var name: String
    package var description: String
    /// JSON schema of the arguments, an object.
    package var parameters: JSONValue

    package init(name: String, description: String, parameters: JSONValue) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// Everything an engine needs for one answer.
package struct GenerationRequest: Sendable {
    package var systemPrompt: String
    /// The active branch, oldest first; the last message is the one to answer.
    package var messages: [Message]
    package var tools: [ToolDeclaration]
    package var thinking: ThinkingMode
    /// Tokens after which a thought is closed for the model; nil leaves it free.
    package var thinkingBudget: Int?
    package var sampling: SamplingSettings
    /// Tokens after which the answer is cut; nil goes on to the end of the context.
    package var maxTokens: Int?
    /// Asks for `.token` events with this many alternatives each; nil for none.
    package var tokenAlternatives: Int?

    package init(
        systemPrompt: String = "",
        messages: [Message],
        tools: [ToolDeclaration] = [],
        thinking: ThinkingMode = .auto,
        thinkingBudget: Int? = nil,
        sampling: SamplingSettings = .gemma,
        maxTokens: Int? = nil,
        tokenAlternatives: Int? = nil
    ) {
        self.systemPrompt = systemPrompt
        self.messages = messages
        self.tools = tools
        self.thinking = thinking
        self.thinkingBudget = thinkingBudget
        self.sampling = sampling
        self.maxTokens = maxTokens
        self.tokenAlternatives = tokenAlternatives
    }
}

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

/// What an answer cost.
package struct Statistics: Sendable, Hashable {
    /// All tokens of the prompt.
    package var promptTokens: Int
    /// Those of them that were still in the cache and not read again.
    package var reusedTokens: Int
    package var promptSeconds: Double
    /// Tokens sampled, thoughts included.
    package var generatedTokens: Int
    package var generationSeconds: Double
    package var thoughtTokens: Int
    /// The seed that was used, whether asked for or drawn.
    package var seed: UInt64
    /// Tokens the context holds after the answer, and its size.
    package var contextUsed: Int
    package var contextSize: Int
    /// The model stopped inside a thought: there is no visible text after it.
    package var thoughtUnclosed: Bool
    /// Tokens guessed ahead and checked in one pass with others, and those of them that were right;
    /// nil where nothing is guessed.
    package var draftedTokens: Int?
    package var acceptedTokens: Int?

    package init(
        promptTokens: Int = 0,
        reusedTokens: Int = 0,
        promptSeconds: Double = 0,
        generatedTokens: Int = 0,
        generationSeconds: Double = 0,
        thoughtTokens: Int = 0,
        seed: UInt64 = 0,
        contextUsed: Int = 0,
        contextSize: Int = 0,
        thoughtUnclosed: Bool = false,
        draftedTokens: Int? = nil,
        acceptedTokens: Int? = nil
    ) {
        self.promptTokens = promptTokens
        self.reusedTokens = reusedTokens
        self.promptSeconds = promptSeconds
        self.generatedTokens = generatedTokens
        self.generationSeconds = generationSeconds
        self.thoughtTokens = thoughtTokens
        self.seed = seed
        self.contextUsed = contextUsed
        self.contextSize = contextSize
        self.thoughtUnclosed = thoughtUnclosed
        self.draftedTokens = draftedTokens
        self.acceptedTokens = acceptedTokens
    }

    /// Tokens a second while generating; 0 before there is a measure.
    package var tokensPerSecond: Double {
        generationSeconds > 0 ? Double(generatedTokens) / generationSeconds : 0
    }
}

/// What an engine says while it answers.
///
/// The last event is always `.finished`, unless the stream
/// throws.
package enum GenerationEvent: Sendable, Hashable {
    case promptProgress(PromptProgress)
    /// More text of a thought.
    case thought(String)
    /// A thought ended; visible text, a call or another thought follows.
    case thoughtClosed
    /// More visible text.
    case text(String)
    case toolCall(ToolCall)
    /// The model wrote a call that does not parse: its raw text and why.
    case rejectedToolCall(raw: String, reason: String)
    case token(TokenDetail)
    case finished(StopReason, Statistics)
}
