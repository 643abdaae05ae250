import Conversation
import Foundation
import GemmaEngine
import Glibc
import Interface
import ModelLibrary
import SessionStore
import TerminalCore
import TerminalCurses

/// Merges what comes from the terminal, the engine, the store and the clock; shows the state and
/// carries out what `update` wants done.
@MainActor
final class RunLoop {
    private let terminal: Terminal
    private let library: SessionLibrary
    private var loading: Task<any Engine, any Error>
    /// Opens the engine of another model file.
    private let load: @Sendable (String) throws -> any Engine
    private var engine: (any Engine)?
    private var state: AppState
    private let events: AsyncStream<AppEvent>
    private let inbox: AsyncStream<AppEvent>.Continuation
    /// By session.
    private var hosts: [String: ChatHost] = [:]
    private var ticker: Task<Void, Never>?
    /// A frame for streamed text is on its way.
    private var isFrameDue = false
    private var lastFrame = ContinuousClock.now

    /// Streamed text is drawn at most this often; a key draws at once.
    private static let frameInterval = Duration.milliseconds(16)

    init(
        terminal: Terminal,
        library: SessionLibrary,
        opened: OpenSession,
        loading: Task<any Engine, any Error>,
        load: @escaping @Sendable (String) throws -> any Engine,
        isSplit: Bool
    ) {
        self.terminal = terminal
        self.library = library
        self.loading = loading
        self.load = load
        (events, inbox) = AsyncStream.makeStream(of: AppEvent.self)
        state = AppState(
            transcript: opened.opened.transcript,
            readOnlyReason: opened.readOnlyReason,
            seed: .random(in: .min ... .max),
            now: Date()
        )
        state.size = terminal.size
        hosts[state.chat.id] = ChatHost(session: opened, inbox: inbox)
        if let notice = opened.notice ?? opened.readOnlyReason { inbox.yield(.notice(notice)) }
        if isSplit { newSession(slot: 1) }
    }

    /// Runs until the user quits or the terminal goes away.
    /// - Returns: Sentences about what could not be written.
    func run() async -> [String] {
        let input = Task { [terminal, inbox] in
            for await event in terminal.events { inbox.yield(.input(event)) }
        }
        draw()
        let opening = Task { await openEngine() }
        for await event in events {
            var goesOn = true
            for effect in update(&state, event, now: Date()) {
                goesOn = await carryOut(effect) && goesOn
            }
            guard goesOn else { break }
            keepTime()
            if case .generation = event { drawSoon() } else { draw() }
        }
        input.cancel()
        opening.cancel()
        ticker?.cancel()
        var complaints: [String] = []
        for chat in state.chats { hosts[chat.id]?.scribe.save(chat.wholeTranscript) }
        for host in hosts.values {
            if let complaint = await host.close() { complaints.append(complaint) }
        }
        return complaints
    }

    private func openEngine() async {
        do {
            let engine = try await loading.value
            self.engine = engine
            inbox.yield(.engineReady(engine.description))
        } catch {
            let sentence =
                (error as? EngineOpenError)?.userMessage ?? (error as? EngineError)?.userMessage
            inbox.yield(.engineFailed(sentence ?? "The model can't be opened: \(error)"))
        }
    }

    private func draw() {
        terminal.present(view(&state))
        lastFrame = .now
        isFrameDue = false
    }

    /// Draws now, or once the frame interval is over; what comes in between shares the frame.
    private func drawSoon() {
        if ContinuousClock.now - lastFrame >= Self.frameInterval { return draw() }
        guard !isFrameDue else { return }
        isFrameDue = true
        Task { [inbox] in
            try? await Task.sleep(for: Self.frameInterval)
            inbox.yield(.tick)
        }
    }

    /// False when the loop has to end.
    private func carryOut(_ effect: Effect) async -> Bool {
        switch effect {
        case .startGeneration(let generation):
            guard let engine else { break }
            await hosts[generation.session]?.start(generation, with: engine)
        case .cancelGeneration(let number):
            let host = hosts.values.first { $0.generation == number }
            Task { await host?.stop() }
        case .save(let transcript): hosts[transcript.id]?.scribe.save(transcript)
        case .openSession(let id, let slot): openSession(id, slot: slot)
        case .newSession(let slot): newSession(slot: slot)
        case .closeSession(let id): closeSession(id)
        case .listSessions: listSessions()
        case .listModels(let wanted): listModels(wanted: wanted)
        case .loadModel(let path): await loadModel(path)
        case .rememberPanes: break
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .quit: return false
        case .openEditor(let text): inbox.yield(.editorClosed(DraftEditor.edit(text, on: terminal)))
        case .copy(let text):
            if !Clipboard.copyThroughTmux(text) { terminal.sendToClipboard(text) }
            inbox.yield(.clipboardSent)
        case .setMouse(let isOn): terminal.setMouse(isOn)
        case .notify(let text): terminal.notify(text)
        }
        return true
    }

    /// Ticks ten times a second while something on the screen moves by itself, else not at all.
    private func keepTime() {
        if state.needsTicks, ticker == nil {
            ticker = Task { [inbox] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(100))
                    inbox.yield(.tick)
                }
            }
        } else if !state.needsTicks {
            ticker?.cancel()
            ticker = nil
        }
    }
}

// MARK: - Models

extension RunLoop {
    private func listModels(wanted: String) {
        Task { [inbox] in
            let found = await Task.detached {
                ModelSearch(environment: ProcessInfo.processInfo.environment).models()
            }.value
            let listings = found.map {
                ModelListing(
                    name: $0.name,
                    path: $0.path,
                    size: ModelsCommand.size($0.sizeInBytes)
                )
            }
            inbox.yield(.modelsListed(listings, wanted: wanted))
        }
    }

    /// The old model's memory is given back before the new one is opened.
    private func loadModel(_ path: String) async {
        for host in hosts.values { await host.leaveEngine() }
        engine = nil
        loading = Task.detached { [load] in try load(path) }
        Task { await openEngine() }
    }
}

// MARK: - Sessions

extension RunLoop {
    private func openSession(_ id: String, slot: Int) {
        Task { [library] in
            do {
                put(try await library.open(id), in: slot)
            } catch {
                inbox.yield(.notice((error as? SessionError)?.userMessage ?? "\(error)"))
            }
        }
    }

    private func newSession(slot: Int) {
        Task { [library] in
            let transcript = Transcript(id: ULID.next().description, created: Date())
            do {
                put(try await library.create(transcript), in: slot)
            } catch {
                inbox.yield(.notice((error as? SessionError)?.userMessage ?? "\(error)"))
            }
        }
    }

    private func put(_ session: OpenSession, in slot: Int) {
        let transcript = session.opened.transcript
        hosts[transcript.id] = ChatHost(session: session, inbox: inbox)
        let opened = OpenedSession(
            transcript: transcript,
            readOnlyReason: session.readOnlyReason,
            notice: session.notice
        )
        inbox.yield(.sessionOpened(opened, slot: slot))
    }

    private func closeSession(_ id: String) {
        guard let host = hosts.removeValue(forKey: id) else { return }
        Task { if let complaint = await host.close() { inbox.yield(.saveFailed(complaint)) } }
    }

    private func listSessions() {
        Task { [library, inbox] in
            do {
                let summaries = try await library.list()
                inbox.yield(.sessionsListed(summaries.map(SessionListing.init)))
            } catch {
                inbox.yield(.notice((error as? SessionError)?.userMessage ?? "\(error)"))
            }
        }
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
            problem: problem
        )
    }
}

extension OpenSession {
    /// Why nothing can be written; nil when it can.
    nonisolated var readOnlyReason: String? {
        if case .readOnly(let error) = access { error.userMessage } else { nil }
    }
}
