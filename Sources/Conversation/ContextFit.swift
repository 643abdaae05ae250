import Foundation

/// How much of a context is in use.
package struct ContextUsage: Sendable, Hashable {
    /// Tokens held, or tokens a prompt would take.
    package var used: Int
    package var size: Int

    package init(used: Int, size: Int) {
        self.used = used
        self.size = size
    }

    /// From 0 to 1; 0 for a context of no size.
    package var share: Double { size > 0 ? Double(used) / Double(size) : 0 }
    /// It is time to ask what shall become of the oldest turns.
    package var isNearlyFull: Bool { share >= ContextFit.nearlyFull }
}

/// A request that leaves the oldest turns out.
package struct ShortenedRequest: Sendable, Hashable {
    /// The oldest message that is still given.
    package var start: String
    /// What is left out.
    package var dropped: [Message]
    /// What is still given.
    package var kept: [Message]
    /// Tokens of the shortened prompt.
    package var tokens: Int
}

/// Finds out what a conversation that outgrows its context can do without.
package enum ContextFit {
    /// The share of a context from which on a person is asked.
    package static let nearlyFull = 0.9
    /// The share to come down to, so that the next question is not asked soon.
    package static let comfortable = 0.5
    /// Tokens of a summary at most.
    package static let summaryTokens = 512

    /// Leaves out the fewest oldest turns after which the rest has at most `target` tokens.
    ///
    /// A turn is a message of the user with all that answers it. System messages are kept and so is
    /// the user's last message. Cost: a count for each halving of the number of turns.
    /// - Parameters:
    ///   - request: what would be asked.
    ///   - target: tokens.
    ///   - count: the tokens of a request's prompt.
    /// - Returns: nil when even the last turn alone is too long, and when there is nothing to leave
    ///   out.
    /// - Throws: what `count` throws.
    package static func withoutOldestTurns<Failure>(
        _ request: GenerationRequest,
        target: Int,
        count: (GenerationRequest) async throws(Failure) -> Int
    ) async throws(Failure) -> ShortenedRequest? {
        let messages = request.messages
        let starts = messages.indices.filter { messages[$0].role == .user }.dropFirst()
        func shortened(_ start: Int) async throws(Failure) -> ShortenedRequest {
            let system = messages[..<start].filter { $0.role == .system }
            let kept = system + messages[start...]
            var rest = request
            rest.messages = kept
            return ShortenedRequest(
                start: messages[start].id,
                dropped: messages[..<start].filter { $0.role != .system },
                kept: kept,
                tokens: try await count(rest)
            )
        }
        var best: ShortenedRequest?
        var (low, high) = (starts.startIndex, starts.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            let candidate = try await shortened(starts[middle])
            if candidate.tokens <= target {
                (best, high) = (candidate, middle)
            } else {
                low = middle + 1
            }
        }
        return best
    }

    /// A request for a summary of messages that are to be left out.
    ///
    /// It begins like the conversation's own prompt, so that what is in the cache is not read again.
    package static func summary(
        of dropped: [Message],
        in request: GenerationRequest
    ) -> GenerationRequest {
        var asked = request
        let system = request.messages.prefix { message in
            message.role == .system && !dropped.contains { $0.id == message.id }
        }
        let instruction = """
            Summarise our conversation up to here in at most \(summaryTokens / 2) words, so that it \
            can go on without the original. Keep what was asked, found out and decided, names, \
            numbers, and questions that are open. Write only the summary.
            """
        asked.messages =
            system + dropped + [
                Message(
                    id: "summary",
                    parent: dropped.last?.id,
                    role: .user,
                    parts: [.text(instruction)],
                    created: dropped.last?.created ?? .distantPast
                )
            ]
        asked.maxTokens = summaryTokens
        // Another mode of thinking would change the beginning of the prompt.
        asked.thinkingBudget = 0
        asked.tokenAlternatives = nil
        return asked
    }
}
