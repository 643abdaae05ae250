package import Conversation

/// How an answer compares with the one that was made again.
package struct ReplayReport: Sendable, Hashable {
    /// A token at the place where they differ.
    package struct Choice: Sendable, Hashable {
        package var id: Int
        package var text: String
        /// From 0 to 1, before the sampler's filters; nil where nobody knows.
        package var probability: Double?

        package init(id: Int, text: String, probability: Double?) {
            self.id = id
            self.text = text
            self.probability = probability
        }
    }

    /// The first place that came out otherwise.
    package struct Difference: Sendable, Hashable {
        /// Tokens of the answer before it.
        package var place: Int
        /// Nil where the recorded answer had ended.
        package var recorded: Choice?
        /// Nil where the new one ended.
        package var made: Choice?
        /// The end of what both say.
        package var before: String

        package init(place: Int, recorded: Choice?, made: Choice?, before: String) {
            self.place = place
            self.recorded = recorded
            self.made = made
            self.before = before
        }
    }

    /// Tokens that are the same, from the beginning on.
    package var same: Int
    /// Tokens that were recorded.
    package var recorded: Int
    /// Nil when all of them are the same.
    package var difference: Difference?
    /// What the tokens say, as far as they are the same.
    package var events: [GenerationEvent] = []

    package init(same: Int, recorded: Int, difference: Difference? = nil) {
        self.same = same
        self.recorded = recorded
        self.difference = difference
    }
}
