package import Conversation
package import Foundation

/// One line of the session list.
package struct SessionSummary: Sendable, Hashable, Identifiable {
    /// How a session's file stands.
    package enum State: Sendable, Hashable {
        case whole
        /// Its last answer is in a journal: it runs now, or its process died.
        case unfinished
        /// It cannot be read; the report says why and where.
        case damaged(report: String)
        /// A later version of this program wrote it.
        case newerFormat(Int)
    }

    package var id: String
    /// As given, else the first words of the first question; empty for an unreadable file.
    package var title: String
    package var updated: Date
    /// All messages of the tree, the journal's included.
    package var messageCount: Int
    package var model: String?
    package var tags: [String]
    package var isPinned: Bool
    /// Size of the session's file.
    package var sizeInBytes: Int
    package var state: State

    package init(
        id: String,
        title: String,
        updated: Date,
        messageCount: Int,
        model: String?,
        tags: [String] = [],
        isPinned: Bool = false,
        sizeInBytes: Int,
        state: State
    ) {
        self.id = id
        self.title = title
        self.updated = updated
        self.messageCount = messageCount
        self.model = model
        self.tags = tags
        self.isPinned = isPinned
        self.sizeInBytes = sizeInBytes
        self.state = state
    }
}

extension Transcript {
    /// The title, or the first words of the first question when there is none.
    package var displayTitle: String {
        if !title.isEmpty { return title }
        let question = messages.first { $0.role == .user }?.text ?? ""
        let words = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= 60 ? words : words.prefix(59) + "\u{2026}"
    }
}
