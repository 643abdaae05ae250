/// What only an engine of ours can do: look at the numbers behind the words.
///
/// A second protocol, so that an engine on a server needs no stubs.
package protocol Inspectable: Engine {
    /// The probability of each token given the ones before it, and of what may come next.
    ///
    /// - Parameters:
    ///   - ids: taken as given; nothing is put before them.
    ///   - top: alternatives per position; 0 for none.
    /// - Returns: an entry for each token after the first, and what may come next.
    /// - Throws: `EngineError` when an id is outside the vocabulary or the context too small.
    func logprobs(of ids: [Int], top: Int) async throws(EngineError) -> LogprobReport
}

/// The probabilities of a text's tokens.
package struct LogprobReport: Sendable, Hashable {
    package struct Choice: Sendable, Hashable {
        package var id: Int
        /// Natural logarithm.
        package var logprob: Double

        package init(id: Int, logprob: Double) {
            self.id = id
            self.logprob = logprob
        }
    }

    package struct Token: Sendable, Hashable {
        package var id: Int
        package var logprob: Double
        /// Most probable first, ties by lower id.
        package var top: [Choice]

        package init(id: Int, logprob: Double, top: [Choice]) {
            self.id = id
            self.logprob = logprob
            self.top = top
        }
    }

    /// Entry i is token i + 1 given the ones before.
    package var tokens: [Token]
    /// The distribution after the last token.
    package var next: [Choice]

    package init(tokens: [Token], next: [Choice]) {
        self.tokens = tokens
        self.next = next
    }

    /// Mean negative log likelihood; nil for a single token.
    package var meanNLL: Double? {
        tokens.isEmpty ? nil : -tokens.reduce(0) { $0 + $1.logprob } / Double(tokens.count)
    }
}

/// A conversation with an engine of ours, whose prompt can be looked at.
package protocol InspectableContext: EngineContext {
    /// What the model would be given for a request; nothing is read.
    /// - Throws: `EngineError` with the sentence of what cannot be asked.
    func prompt(for request: GenerationRequest) async throws(EngineError) -> PromptReport
}

/// A prompt, exactly.
package struct PromptReport: Sendable, Hashable {
    /// A token of the prompt.
    package struct Piece: Sendable, Hashable {
        package var id: Int
        package var text: String
        /// A marker of the chat format, which no text can become.
        package var isSpecial: Bool

        package init(id: Int, text: String, isSpecial: Bool) {
            self.id = id
            self.text = text
            self.isSpecial = isSpecial
        }
    }

    /// The whole, markers written out.
    package var text: String
    package var pieces: [Piece]
    /// How many pieces at the beginning are in the cache and need not be read again.
    package var reusedTokens: Int
    package var thinking: ThinkingPlan

    package init(text: String, pieces: [Piece], reusedTokens: Int, thinking: ThinkingPlan) {
        self.text = text
        self.pieces = pieces
        self.reusedTokens = reusedTokens
        self.thinking = thinking
    }
}
