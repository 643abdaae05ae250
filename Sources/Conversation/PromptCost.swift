/// What it would take to begin an answer, known before it is asked for.
package struct PromptCost: Sendable, Hashable {
    /// All tokens of the prompt.
    package var promptTokens: Int
    /// Those of them that are in the cache and need not be read again.
    package var reusedTokens: Int
    package var contextSize: Int
    /// For the tokens to be read, from the speed measured so far; nil before there is a measure.
    package var seconds: Double?

    package init(promptTokens: Int, reusedTokens: Int, contextSize: Int, seconds: Double? = nil) {
        self.promptTokens = promptTokens
        self.reusedTokens = reusedTokens
        self.contextSize = contextSize
        self.seconds = seconds
    }

    package var tokensToRead: Int { promptTokens - reusedTokens }
    /// The context as it would be when the answer begins.
    package var usage: ContextUsage { ContextUsage(used: promptTokens, size: contextSize) }
}
