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
package struct GenerationRequest: Sendable, Hashable {
    package var systemPrompt: String
    /// Stands in for messages that are left out; the first message of the user begins with it.
    package var summary: String?
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
    /// The last message is an answer that was cut: the model goes on in it.
    package var continuesAnswer: Bool
    /// Where the bytes of the messages' attachments are: paths by hash.
    package var attachmentPaths: [String: String] = [:]

    package init(
        systemPrompt: String = "",
        summary: String? = nil,
        messages: [Message],
        tools: [ToolDeclaration] = [],
        thinking: ThinkingMode = .auto,
        thinkingBudget: Int? = nil,
        sampling: SamplingSettings = .gemma,
        maxTokens: Int? = nil,
        tokenAlternatives: Int? = nil,
        continuesAnswer: Bool = false
    ) {
        self.systemPrompt = systemPrompt
        self.summary = summary
        self.messages = messages
        self.tools = tools
        self.thinking = thinking
        self.thinkingBudget = thinkingBudget
        self.sampling = sampling
        self.maxTokens = maxTokens
        self.tokenAlternatives = tokenAlternatives
        self.continuesAnswer = continuesAnswer
    }
}
