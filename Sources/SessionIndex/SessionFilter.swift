package import Conversation
package import Foundation
import SessionStore

/// Which sessions are wanted; every wish has to be met.
package struct SessionFilter: Sendable, Hashable {
    /// Tags the session has, all of them; letter case does not count.
    package var tags: [String]
    /// A part of the name of a model that was used; letter case does not count.
    package var model: String?
    /// From this moment on the session was last changed; in a search, the message was written.
    package var since: Date?
    /// The same, before this moment.
    package var before: Date?
    /// The session has such a message; in a search, the message's own role.
    package var role: Role?
    package var hasToolCalls: Bool
    package var hasPictures: Bool
    package var isPinned: Bool

    package init(
        tags: [String] = [],
        model: String? = nil,
        since: Date? = nil,
        before: Date? = nil,
        role: Role? = nil,
        hasToolCalls: Bool = false,
        hasPictures: Bool = false,
        isPinned: Bool = false
    ) {
        self.tags = tags
        self.model = model
        self.since = since
        self.before = before
        self.role = role
        self.hasToolCalls = hasToolCalls
        self.hasPictures = hasPictures
        self.isPinned = isPinned
    }

    /// Whether a line of the list is wanted.
    func lists(_ entry: SessionEntry) -> Bool {
        covers(entry) && contains(entry.summary.updated)
            && (role.map(entry.has) ?? true)
    }

    /// Whether a session may have messages that are wanted.
    func covers(_ entry: SessionEntry) -> Bool {
        let summary = entry.summary
        if hasToolCalls && !summary.hasToolCalls || hasPictures && !summary.hasPictures
            || isPinned && !summary.isPinned
        {
            return false
        }
        if let model {
            let wanted = model.lowercased()
            guard entry.models.lowercased().contains(wanted) else { return false }
        }
        if !tags.isEmpty {
            let own = summary.tags.map { $0.lowercased() }
            guard tags.allSatisfy({ own.contains($0.lowercased()) }) else { return false }
        }
        return true
    }

    func contains(_ date: Date) -> Bool {
        if let since, date < since { return false }
        if let before, date >= before { return false }
        return true
    }

    /// Whether every session is covered.
    var coversAll: Bool {
        tags.isEmpty && model == nil && !hasToolCalls && !hasPictures && !isPinned
    }
}

/// What is known of a session: its line in the list, and what filters ask beyond that.
struct SessionEntry: Sendable, Hashable {
    var summary: SessionSummary
    /// The names of those that answered and of the one chosen for the next answer, a line each.
    var models: String
    /// A bit for each role that a message has, in the order of `Role.allCases`.
    var roles: Int64
    /// False when the title is the first words of the first question.
    var hasOwnTitle: Bool

    init(summary: SessionSummary, models: String, roles: Int64, hasOwnTitle: Bool) {
        self.summary = summary
        self.models = models
        self.roles = roles
        self.hasOwnTitle = hasOwnTitle
    }

    init(_ reading: SessionReading) {
        summary = reading.summary
        var names: Set<String> = []
        roles = 0
        for message in reading.transcript?.messages ?? [] {
            roles |= Self.bit(message.role)
            if let name = message.answer?.model, !name.isEmpty { names.insert(name) }
        }
        if let name = reading.transcript?.model { names.insert(name) }
        models = names.sorted().joined(separator: "\n")
        hasOwnTitle = !(reading.transcript?.title.isEmpty ?? true)
    }

    func has(_ role: Role) -> Bool { roles & Self.bit(role) != 0 }

    private static func bit(_ role: Role) -> Int64 {
        1 << Int64(Role.allCases.firstIndex(of: role) ?? 0)
    }
}
