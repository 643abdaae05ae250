package import Foundation

/// What became of a retention rule.
package struct RetentionReport: Sendable, Hashable {
    /// A session that was not moved, and why.
    package struct Left: Sendable, Hashable {
        package var session: SessionSummary
        package var reason: String
    }

    /// In the trash now.
    package var moved: [SessionSummary] = []
    /// Left where they are, with the reason: open elsewhere, changed meanwhile, no permission.
    package var left: [Left] = []
    /// Ids of what was removed from the trash for good.
    package var removed: [String] = []

    package init() {}
}

extension SessionLibrary {
    /// Moves the sessions of a plan to the trash, then empties the trash as the rule says.
    ///
    /// A session that is open elsewhere, or that changed since the plan was made, stays.
    /// - Parameters:
    ///   - plan: its refusal does not count any more.
    ///   - rule: for the trash.
    ///   - now: the time to go by.
    /// - Returns: what was moved, left and removed.
    /// - Throws: `SessionError` when the trash cannot be read or a session in it not removed.
    package func carryOut(
        _ plan: RetentionPlan,
        _ rule: RetentionRule,
        now: Date
    ) throws(SessionError) -> RetentionReport {
        var report = RetentionReport()
        for session in plan.moves {
            let summary = Self.reading(session.id, in: folder)?.summary
            guard let summary, summary.updated == session.updated, !summary.isPinned else {
                report.left.append(.init(session: session, reason: "it changed meanwhile"))
                continue
            }
            do {
                try delete(session.id)
                report.moved.append(session)
            } catch {
                report.left.append(.init(session: session, reason: error.userMessage))
            }
        }
        if let days = rule.trashDays, try plan.newest == nil ? wasDeletedLately(now) : true {
            report.removed = try emptyTrash(olderThan: Double(days) * 86_400, now: now)
        }
        return report
    }

    /// Whether the last deletion lets one believe the clock, where no session does.
    private func wasDeletedLately(_ now: Date) throws(SessionError) -> Bool {
        guard let last = try trashed().first?.deleted else { return false }
        let longest = Double(RetentionPlan.longestAbsence) * RetentionPlan.day
        return (-RetentionPlan.day...longest).contains(now.timeIntervalSince(last))
    }
}
