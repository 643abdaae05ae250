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

    /// Tokens a second while generating; 0 before there is a measure, a million at most.
    package var tokensPerSecond: Double {
        generationSeconds > 0 ? min(Double(generatedTokens) / generationSeconds, 1e6) : 0
    }

    /// The cost of an answer that was cut and then gone on with.
    package func continued(by later: Statistics) -> Statistics {
        var sum = later
        sum.promptTokens = promptTokens
        sum.reusedTokens = reusedTokens
        sum.promptSeconds += promptSeconds
        sum.generatedTokens += generatedTokens
        sum.generationSeconds += generationSeconds
        sum.thoughtTokens += thoughtTokens
        sum.draftedTokens = Self.sum(draftedTokens, later.draftedTokens)
        sum.acceptedTokens = Self.sum(acceptedTokens, later.acceptedTokens)
        return sum
    }

    private static func sum(_ first: Int?, _ second: Int?) -> Int? {
        first == nil && second == nil ? nil : (first ?? 0) + (second ?? 0)
    }
}
