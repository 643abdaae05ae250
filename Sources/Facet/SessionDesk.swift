import Conversation
import Foundation
import Interface
import SessionStore

/// Carries out what the interface wants done with sessions as a whole: list, search, name, delete,
/// fork.
@MainActor
final class SessionDesk {
    private let library: SessionLibrary
    private let inbox: AsyncStream<AppEvent>.Continuation
    /// The search that is under way; a newer one takes its place.
    private var search: Task<Void, Never>?

    init(library: SessionLibrary, inbox: AsyncStream<AppEvent>.Continuation) {
        self.library = library
        self.inbox = inbox
    }

    func list() async {
        do {
            let summaries = try await library.list()
            inbox.yield(.sessionsListed(summaries.map(SessionListing.init)))
        } catch {
            inbox.yield(.notice(error.userMessage))
        }
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
            // One in which nothing was said has no file.
            if await library.isTaken(id) { try await library.delete(id) }
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

    /// Branches a session off another one, and opens it.
    func fork(_ id: String, at message: String?) async throws(SessionError) -> OpenSession {
        let place = try await library.fork(id, at: message)
        return try await library.open(place.id)
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
            problem: problem
        )
    }
}
