package import Foundation

/// Which sessions go to the trash by themselves, and when the trash forgets them.
///
/// Nothing is set unless a person sets it.
package struct RetentionRule: Sendable, Hashable {
    /// Sessions in which nothing happened for more days go.
    package var keepDays: Int?
    /// Of more megabytes (of 1,000,000 bytes) of sessions the oldest go.
    package var keepMegabytes: Int?
    /// Sessions that were longer in the trash are removed for good.
    package var trashDays: Int?

    package init(keepDays: Int? = nil, keepMegabytes: Int? = nil, trashDays: Int? = nil) {
        self.keepDays = keepDays
        self.keepMegabytes = keepMegabytes
        self.trashDays = trashDays
    }

    package var isOff: Bool { keepDays == nil && keepMegabytes == nil && trashDays == nil }
}

/// Why a rule is not applied although it could be.
package enum RetentionRefusal: Error, Sendable, Hashable {
    /// The newest session is from a day after tomorrow.
    case clockIsBehind(newest: Date)
    /// The newest session is very old: nobody was here, or the clock is wrong.
    case clockMayBeAhead(newest: Date)
    case tooMany(Int, of: Int)

    package var userMessage: String {
        let hint = " `facet sessions prune --dry-run` shows what it would do; --yes does it."
        switch self {
        case .clockIsBehind(let newest):
            return "The newest session is from \(Self.day(newest)), which is to come, so the clock "
                + "may be wrong and the retention rule was not applied. Set the clock." + hint
        case .clockMayBeAhead(let newest):
            return "The newest session is from \(Self.day(newest)), so the clock may be wrong and "
                + "the retention rule waits until something new was said." + hint
        case .tooMany(let count, let total):
            return "The retention rule would move \(count) of \(total) sessions to the trash, more "
                + "than half, so it was not applied." + hint
        }
    }

    private static func day(_ date: Date) -> Substring { Timestamp.text(date).prefix(10) }
}

/// What a rule does to the sessions of a folder at a moment; a value, nothing is moved by it.
package struct RetentionPlan: Sendable, Hashable {
    /// Go to the trash, the oldest first.
    package var moves: [SessionSummary] = []
    package var refusal: RetentionRefusal?
    /// When something was said last; nil where there is no session that can be read.
    package private(set) var newest: Date?

    /// A rule that moves no more is applied even if that is more than half.
    package static let alwaysAllowed = 5
    /// A folder in which nothing happened for so many days is left alone.
    package static let longestAbsence = 30
    static let day: TimeInterval = 86_400

    /// Works out what is too old or too much.
    ///
    /// Pinned sessions, the newest one, and those that cannot be read are never taken. Size is what
    /// lists show: attachments do not count.
    /// - Parameters:
    ///   - rule: what a person set.
    ///   - sessions: all of the folder.
    ///   - now: the time to go by.
    package init(_ rule: RetentionRule, for sessions: [SessionSummary], now: Date) {
        let known = sessions.filter(\.isReadable)
            .sorted { ($0.updated, $0.id) > ($1.updated, $1.id) }
        guard !rule.isOff, let newest = known.first else { return }
        self.newest = newest.updated
        let isKept = { (session: SessionSummary) in
            session.isPinned || session.id == newest.id || !session.isReadable
        }
        var room = rule.keepMegabytes.map { $0 * 1_000_000 }
        for session in sessions where isKept(session) { room? -= session.sizeInBytes }
        for session in known where !isKept(session) {
            let age = now.timeIntervalSince(session.updated)
            let isOld = rule.keepDays.map { age > Double($0) * Self.day } ?? false
            if let left = room {
                // What is older than one that does not fit goes too, however small.
                room = left < session.sizeInBytes ? -1 : left - session.sizeInBytes
            }
            let isTooMuch = room.map { $0 < 0 } ?? false
            if isOld || isTooMuch { moves.append(session) }
        }
        moves.reverse()
        let absence = now.timeIntervalSince(newest.updated)
        if absence < -Self.day {
            refusal = .clockIsBehind(newest: newest.updated)
        } else if absence > Double(Self.longestAbsence) * Self.day {
            refusal = .clockMayBeAhead(newest: newest.updated)
        } else if moves.count > Self.alwaysAllowed, moves.count * 2 > sessions.count {
            refusal = .tooMany(moves.count, of: sessions.count)
        }
    }
}

extension SessionSummary {
    /// Whether its dates are known.
    fileprivate var isReadable: Bool {
        switch state {
        case .whole, .unfinished: true
        case .damaged, .newerFormat: false
        }
    }
}
