import Foundation

/// How a session was shown, kept from start to start: what is scrolled to and what is folded.
package struct ViewState: Sendable, Hashable, Codable {
    /// A row of a message.
    struct Place: Sendable, Hashable, Codable {
        var message: String
        var row: Int
    }

    /// The lowest row shown; nil follows the end.
    var place: Place?
    /// Answers are shown as they were written.
    var raw: Bool?
    /// Which thoughts are open; nil is what the person prefers everywhere.
    var thoughts: ThoughtDisplay?
    /// Messages whose thoughts are the other way, sorted.
    var exceptions: [String]?

    package init() {}

    init(_ pane: ConversationPane) {
        place = pane.anchor.flatMap { anchor in
            pane.branch[safe: anchor.message].map { Place(message: $0, row: anchor.row) }
        }
        raw = pane.isRaw == pane.defaults.isRaw ? nil : pane.isRaw
        thoughts = pane.display == pane.defaults.thoughts ? nil : pane.display
        exceptions = pane.exceptions.isEmpty ? nil : pane.exceptions.sorted()
    }
}

/// What was kept of a session outside of it.
package struct KeptState: Sendable, Hashable {
    package var draft: Draft?
    package var view: ViewState?

    package init(draft: Draft? = nil, view: ViewState? = nil) {
        self.draft = draft
        self.view = view
    }
}

/// What of a conversation is kept already, and since when something else is there.
struct Keeping: Sendable {
    /// Time without a change after which what is there is kept.
    static let pause = 1.0
    /// Time after which it is kept while it goes on changing.
    static let longest = 5.0

    private var kept: Version
    private var seen: Version
    private var firstChange: Date?
    private var lastChange: Date?

    /// Changes with everything that is kept.
    struct Version: Sendable, Hashable {
        var draft = 0
        var queue = 0
        var view = ViewState()
    }

    init(_ version: Version) {
        kept = version
        seen = version
    }

    /// Something waits for its time.
    var isWaiting: Bool { firstChange != nil }

    /// Whether what is unsent was kept otherwise.
    func keptDraftDiffers(from version: Version) -> Bool {
        (kept.draft, kept.queue) != (version.draft, version.queue)
    }

    /// Notes what is there now; what is urgent is kept without waiting.
    /// - Returns: What was kept before, when now is the time to keep what is there.
    mutating func note(_ version: Version, at now: Date, isUrgent: Bool) -> Version? {
        if version != seen {
            seen = version
            lastChange = now
            firstChange = firstChange ?? now
        }
        guard let firstChange, let lastChange else { return nil }
        let isTime =
            isUrgent || now.timeIntervalSince(lastChange) >= Self.pause
            || now.timeIntervalSince(firstChange) >= Self.longest
        guard isTime else { return nil }
        defer { kept = seen }
        self.firstChange = nil
        return kept
    }
}
