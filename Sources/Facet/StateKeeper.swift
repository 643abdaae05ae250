import Foundation
import Interface
import StateStore

/// Writes down what is remembered outside sessions, in the order in which it changed, beside the
/// interface.
final class StateKeeper: Sendable {
    private enum Job: Sendable {
        case draft(Draft?, session: String)
        case view(ViewState, session: String)
        case panes(PaneLayout)
        case theme(String)
        case sent(String, at: Date)
    }

    private let folder: StateFolder?
    private let jobs: AsyncStream<Job>.Continuation
    private let writer: Task<Void, Never>

    /// Remembers nothing without a folder.
    init(folder: StateFolder?, inbox: AsyncStream<AppEvent>.Continuation) {
        self.folder = folder
        let (stream, continuation) = AsyncStream.makeStream(of: Job.self)
        jobs = continuation
        writer = Task {
            guard let folder else { return }
            var lastComplaint = ""
            for await job in stream {
                do throws(StateError) {
                    try Self.carryOut(job, in: folder)
                    lastComplaint = ""
                } catch {
                    // Said once, not at every pause of typing.
                    if error.userMessage != lastComplaint {
                        inbox.yield(.notice(error.userMessage))
                    }
                    lastComplaint = error.userMessage
                }
            }
        }
    }

    private static func carryOut(_ job: Job, in folder: StateFolder) throws(StateError) {
        switch job {
        case .draft(let draft?, let session): try folder.keep(draft, as: .draft(session: session))
        case .draft(nil, let session): try folder.forget(.draft(session: session))
        case .view(ViewState(), let session): try folder.forget(.view(session: session))
        case .view(let view, let session): try folder.keep(view, as: .view(session: session))
        case .panes(let panes): try folder.keep(panes, as: .panes)
        case .theme(let name): try folder.keep(name, as: .theme)
        case .sent(let text, let time): try folder.history.append(text, at: time)
        }
    }

    // MARK: - Reading

    func kept(of session: String) -> KeptState {
        KeptState(
            draft: folder?.value(Draft.self, of: .draft(session: session)),
            view: folder?.value(ViewState.self, of: .view(session: session))
        )
    }

    var panes: PaneLayout? { folder?.value(PaneLayout.self, of: .panes)?.checked }

    /// Reads what was sent in earlier starts.
    func loadHistory(into inbox: AsyncStream<AppEvent>.Continuation) {
        guard let folder else { return }
        Task.detached(priority: .utility) {
            do throws(StateError) {
                inbox.yield(.historyLoaded(try folder.history.load()))
            } catch { inbox.yield(.notice(error.userMessage)) }
        }
    }

    // MARK: - Writing

    func keep(_ draft: Draft?, of session: String) { jobs.yield(.draft(draft, session: session)) }

    func keep(_ view: ViewState, of session: String) { jobs.yield(.view(view, session: session)) }

    func keep(_ panes: PaneLayout) { jobs.yield(.panes(panes)) }

    func keep(theme name: String) { jobs.yield(.theme(name)) }

    func remember(_ text: String) { jobs.yield(.sent(text, at: Date())) }

    /// Returns when everything has been written.
    func finish() async {
        jobs.finish()
        await writer.value
    }
}
