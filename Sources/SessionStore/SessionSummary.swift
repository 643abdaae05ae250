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
    package var created: Date
    package var updated: Date
    /// All messages of the tree, the journal's included.
    package var messageCount: Int
    package var model: String?
    package var tags: [String]
    package var isPinned: Bool
    /// The conversation this one was branched off.
    package var forkedFrom: ForkOrigin?
    /// Whether the model called a function anywhere in it.
    package var hasToolCalls: Bool
    package var hasPictures: Bool
    /// Whether a sound, a video or another file was sent.
    package var hasOtherFiles: Bool
    /// Bytes of its file, its journal and its token detail together.
    package var sizeInBytes: Int
    package var state: State

    package init(
        id: String,
        title: String,
        created: Date,
        updated: Date,
        messageCount: Int,
        model: String?,
        tags: [String] = [],
        isPinned: Bool = false,
        forkedFrom: ForkOrigin? = nil,
        hasToolCalls: Bool = false,
        hasPictures: Bool = false,
        hasOtherFiles: Bool = false,
        sizeInBytes: Int,
        state: State
    ) {
        self.id = id
        self.title = title
        self.created = created
        self.updated = updated
        self.messageCount = messageCount
        self.model = model
        self.tags = tags
        self.isPinned = isPinned
        self.forkedFrom = forkedFrom
        self.hasToolCalls = hasToolCalls
        self.hasPictures = hasPictures
        self.hasOtherFiles = hasOtherFiles
        self.sizeInBytes = sizeInBytes
        self.state = state
    }

    /// The order of every list: pinned first, then the last changed.
    package func precedes(_ other: SessionSummary) -> Bool {
        if isPinned != other.isPinned { return isPinned }
        return (updated, id) > (other.updated, other.id)
    }
}
