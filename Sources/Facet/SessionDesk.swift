import Conversation
import Foundation
import Interface
import SessionIndex
import SessionStore
import SnapshotStore

/// Carries out what the interface wants done with sessions as a whole: list, search, name, delete,
/// fork.
@MainActor
final class SessionDesk {
    private let library: SessionLibrary
    private let index: SessionIndex
    /// What the engine kept of conversations, which goes with a session.
    private let snapshots: SnapshotFolder?
    private let inbox: AsyncStream<AppEvent>.Continuation
    /// The search that is under way; a newer one takes its place.
    private var search: Task<Void, Never>?

    init(
        library: SessionLibrary,
        snapshots: SnapshotFolder?,
        inbox: AsyncStream<AppEvent>.Continuation
    ) {
        self.library = library
        self.snapshots = snapshots
        index = SessionIndex(of: library.folder)
        self.inbox = inbox
    }

    func list() async {
        do {
            let summaries = try await index.list()
            inbox.yield(.sessionsListed(summaries.map(SessionListing.init)))
        } catch {
            inbox.yield(.notice(error.userMessage))
        }
    }

    /// Looks through all sessions; a search that is still under way is dropped.
    func find(_ request: FindRequest) async {
        search?.cancel()
        let task = Task { [index, inbox] in
            let outcome: FindOutcome
            do {
                let query = try SearchQuery(request)
                if request.words.isEmpty {
                    // Filters alone say which sessions, not which messages.
                    let summaries = try await index.list(query.filter).prefix(query.limit)
                    outcome = .found(summaries.map(FoundMessage.init))
                } else {
                    let hits = try await index.search(query)
                    outcome = .found(hits.compactMap(FoundMessage.init))
                }
            } catch {
                let sentence = (error as? SessionError)?.userMessage ?? (error as? Failure)?.message
                outcome = .failed(sentence ?? "\(error)")
            }
            if !Task.isCancelled { inbox.yield(.found(request.number, outcome)) }
        }
        search = task
        await task.value
    }

    /// Changes a session that is not open in this program.
    func edit(_ id: String, _ edit: SessionEdit) async {
        do {
            try await library.edit(id) { edit.apply(to: &$0) }
        } catch {
            inbox.yield(.notice(error.userMessage))
        }
        await list()
    }

    /// Moves a session that is not open in this program to the trash.
    func delete(_ id: String, title: String) async {
        do {
            try await library.delete(id)
            snapshots?.remove(session: id)
            inbox.yield(.sessionDeleted(id: id, title: title))
        } catch {
            inbox.yield(.notice(error.userMessage))
        }
    }

    func restore(_ id: String) async {
        do {
            try await library.restore(id)
            inbox.yield(.notice("It is back."))
        } catch {
            inbox.yield(.notice(error.userMessage))
        }
        await list()
    }

    /// Reads what was noted of an open session's tokens.
    func loadTokens(of id: String) async {
        let folder = library.folder
        let tokens = await Task.detached {
            let file = TokenFile(folder: folder, session: id) {
                var record = $0
                (record.trace.prompt, record.trace.ids) = ([], [])
                return record.trace.details.isEmpty ? nil : record
            }
            // An answer that was gone on with has several records.
            return file.records.reduce(into: [String: [TokenDetail]]()) {
                $0[$1.message, default: []] += $1.trace.details
            }
        }.value
        if !tokens.isEmpty { inbox.yield(.tokensLoaded(session: id, tokens)) }
    }

    /// Leaves nothing of a search or of the index behind but its file.
    func close() async {
        search?.cancel()
        await index.close()
    }

    /// Moves old sessions to the trash as a person set it; says so only when something was moved, or
    /// would have been.
    func prune(_ rule: RetentionRule) async {
        do {
            let now = Date()
            let plan = RetentionPlan(rule, for: try await index.list(), now: now)
            if let refusal = plan.refusal {
                if !plan.moves.isEmpty { inbox.yield(.notice(refusal.userMessage)) }
                return
            }
            let report = try await library.carryOut(plan, rule, now: now)
            for session in report.moved { snapshots?.remove(session: session.id) }
            if let sentence = report.sentence { inbox.yield(.notice(sentence)) }
        } catch {
            inbox.yield(.notice(error.userMessage))
        }
    }

    /// Branches a session off another one, and opens it.
    func fork(_ id: String, at message: String?) async throws(SessionError) -> OpenSession {
        let place = try await library.fork(id, at: message)
        return try await library.open(place.id)
    }
}

extension RetentionReport {
    /// What was moved and removed; nil when nothing was.
    fileprivate var sentence: String? {
        func count(_ number: Int, _ what: String) -> String? {
            switch number {
            case 0: nil
            case 1: "1 session was \(what)"
            default: "\(number) sessions were \(what)"
            }
        }
        let parts = [
            count(moved.count, "moved to the trash"),
            count(removed.count, "removed from the trash for good"),
        ].compactMap(\.self)
        return parts.isEmpty
            ? nil : "By your retention rule " + parts.joined(separator: " and ") + "."
    }
}

extension SearchQuery {
    /// - Throws: `Failure` with the sentence of a filter that says nothing.
    fileprivate init(_ request: FindRequest) throws {
        var filter = SessionFilter()
        var thoughts = Thoughts.too
        for (name, value) in request.filters.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            switch (name, value.lowercased()) {
            case (.tag, _): filter.tags.append(value)
            case (.model, _): filter.model = value
            case (.since, _): filter.since = try SessionFilterOptions.date(value, for: "since:")
            case (.before, _): filter.before = try SessionFilterOptions.date(value, for: "before:")
            case (.role, "you"): filter.role = .user
            case (.role, let role):
                guard let role = Role(rawValue: role) else {
                    throw Failure("role: takes user, assistant, system or tool, not \"\(value)\".")
                }
                filter.role = role
            case (.has, "tool"), (.has, "tools"), (.has, "tool-call"): filter.hasToolCalls = true
            case (.has, "picture"), (.has, "pictures"): filter.hasPictures = true
            case (.has, _): throw Failure("has: takes tool or picture, not \"\(value)\".")
            case (.in, "thoughts"), (.in, "thought"): thoughts = .only
            case (.in, "text"): thoughts = .never
            case (.in, _): throw Failure("in: takes thoughts or text, not \"\(value)\".")
            }
        }
        self.init(request.words, filter: filter, thoughts: thoughts, contextLines: 0, limit: 200)
    }
}

extension FoundMessage {
    /// A whole session, found by filters alone.
    fileprivate init(_ summary: SessionSummary) {
        self.init(
            session: summary.id,
            title: summary.title,
            message: nil,
            place: summary.messageCount == 1 ? "1 message" : "\(summary.messageCount) messages",
            date: summary.updated,
            line: summary.tags.map { "#\($0)" }.joined(separator: " "),
            matches: []
        )
    }

    /// Nil for a hit without a line, which a search does not give.
    fileprivate init?(_ hit: SearchHit) {
        guard let excerpt = hit.excerpts.first,
            let line = excerpt.lines.first(where: { !$0.matches.isEmpty }) ?? excerpt.lines.first
        else { return nil }
        let speaker = hit.role?.speaker ?? ""
        let place: String =
            switch excerpt.place {
            case .text: speaker
            case .thought: "\(speaker), thought"
            case .toolCall: "\(speaker), tool call"
            case .attachment: "\(speaker), file"
            case .title: "title"
            }
        self.init(
            session: hit.session,
            title: hit.title,
            message: hit.message,
            place: place,
            date: hit.date,
            line: line.text,
            matches: line.matches
        )
    }
}

extension SessionListing {
    init(_ summary: SessionSummary) {
        let problem: String? =
            switch summary.state {
            case .whole, .unfinished: nil
            case .damaged(let report): report
            case .newerFormat(let format): "a later version wrote it (format \(format))"
            }
        self.init(
            id: summary.id,
            title: summary.title,
            updated: summary.updated,
            messageCount: summary.messageCount,
            model: summary.model,
            tags: summary.tags,
            isPinned: summary.isPinned,
            sizeInBytes: summary.sizeInBytes,
            parent: summary.forkedFrom?.session,
            problem: problem
        )
    }
}
