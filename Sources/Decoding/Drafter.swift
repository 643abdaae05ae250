/// Guesses how a conversation goes on, so that the model can check several tokens in one pass.
///
/// A guess never changes an answer: the sampler draws each token from the model's own logits, and a
/// guess that it does not draw is thrown away. Good guesses save time, bad ones cost it.
///
/// The engine tells a drafter every token of the conversation. A small model that drafts for a large
/// one is another conformance: `seek` says how well it does, `propose` runs it.
package protocol Drafter: Sendable {
    /// Takes in the conversation's next token.
    mutating func append(_ id: Int)

    /// Forgets all but the first `count` tokens.
    mutating func truncate(to count: Int)

    /// Looks for a guess about the token after the last.
    ///
    /// - Returns: how sure the guess is, a rank from 0 that rises by 1 with each guess that comes
    ///   true; nil when there is none.
    mutating func seek() -> Int?

    /// Appends guesses for the next tokens, in order, to an empty `draft`: at most `count`, none
    /// unless `seek` has just found something.
    mutating func propose(_ count: Int, into draft: inout [Int32])
}
