/// A stretch of reasoning that preceded visible text or a tool call.
package struct Thought: Sendable, Hashable {
    package var text: String
    /// Wall time from its first to its last token, in seconds.
    package var seconds: Double
    package var tokens: Int
    /// Nil while it is written, and where nobody noted it.
    package var ending: ThoughtEnding?

    package init(
        text: String,
        seconds: Double = 0,
        tokens: Int = 0,
        ending: ThoughtEnding? = nil
    ) {
        self.text = text
        self.seconds = seconds
        self.tokens = tokens
        self.ending = ending
    }
}

/// What ended a thought.
package enum ThoughtEnding: String, Sendable, Hashable, CaseIterable {
    /// The model closed it.
    case closed
    /// Its budget was spent, so it was closed for the model.
    case budget
    /// The user asked for the answer, so it was closed for the model.
    case wrappedUp = "wrapped_up"
    /// The answer ended inside it.
    case cut
}
