package import Foundation

/// Where a conversation was branched off.
package struct ForkOrigin: Sendable, Hashable {
    /// The other session's id.
    package var session: String
    /// The last message the two have in common; nil when all of it was taken over.
    package var message: String?

    package init(session: String, message: String? = nil) {
        self.session = session
        self.message = message
    }
}

extension Transcript {
    /// A conversation of its own that begins as this one's branch up to a message.
    ///
    /// Its settings, tags and notes are taken over, ids of messages too; it is not pinned, and its title
    /// says that it is a branch.
    /// - Parameters:
    ///   - message: the last one that is taken over; nil takes the whole active branch. One that is
    ///     not on the active branch takes the branch that ends in it.
    ///   - id: of the new conversation.
    ///   - now: when that is.
    /// - Returns: nil when there is no such message.
    package func forked(at message: String? = nil, id: String, now: Date) -> Transcript? {
        if let message, self[message] == nil { return nil }
        var branch = self
        branch.activate(leaf: message ?? activeLeaf)
        return Transcript(
            id: id,
            title: branchTitle,
            created: now,
            systemPrompt: systemPrompt,
            thinking: thinking,
            thinkingBudget: thinkingBudget,
            sampling: sampling,
            model: model,
            modelHash: modelHash,
            tags: tags,
            notes: notes,
            forkedFrom: ForkOrigin(session: self.id, message: branch.activeLeaf),
            messages: branch.path,
            activeLeaf: branch.activeLeaf,
            tools: tools
        )
    }

    /// The title with a mark, so that both can be told apart: `Trip (branch)`, `Trip (branch 2)`.
    private var branchTitle: String {
        let words = displayTitle
        guard words.hasSuffix(")"), let mark = words.range(of: " (branch", options: .backwards)
        else {
            return words.isEmpty ? "" : "\(words) (branch)"
        }
        let count = Int(words[mark.upperBound...].dropLast().drop { $0 == " " }) ?? 1
        return "\(words[..<mark.lowerBound]) (branch \(min(count, 1 << 53) + 1))"
    }
}
