import Conversation
import Foundation
import GemmaEngine
import Interface
import ModelLibrary
import Recording
import SessionStore
import SnapshotStore
import StateStore

/// Carries out what `update` wants done in the world, whoever draws the state: engine, sessions,
/// models, files.
///
/// Answers come back as events through the inbox.
@MainActor
final class Backstage {
    /// What the state has to take in, in order.
    let events: AsyncStream<AppEvent>
    let inbox: AsyncStream<AppEvent>.Continuation
    let library: SessionLibrary
    /// Files that go with messages.
    let attachments: AttachmentDesk
    private var loading: Task<any Engine, any Error>
    /// Opens the engine of another model file.
    private let load: @Sendable (String) throws -> any Engine
    /// An empty session as it is configured.
    private let newTranscript: @Sendable () -> Transcript
    /// What is said of every session that begins so.
    private let newNotice: String?
    private var engine: (any Engine)?
    private let keeper: StateKeeper
    /// What was asked for and is not answered yet; each answer is followed by a tick.
    private(set) var openQuestions = 0
    /// By session.
    private(set) var hosts: [String: ChatHost] = [:]
    /// Sessions that are being closed, each with a sentence when something could not be written.
    private var closing: [String: Task<String?, Never>] = [:]
    private let desk: SessionDesk
    /// Set while the microphone is open.
    var recorder: Recorder?
    /// Looks at the file that is marked in the list of files.
    var glancing: Task<Void, Never>?

    init(
        library: SessionLibrary,
        snapshots: SnapshotFolder?,
        opened: OpenSession,
        attachments: AttachmentDesk,
        loading: Task<any Engine, any Error>,
        load: @escaping @Sendable (String) throws -> any Engine,
        newTranscript: @escaping @Sendable () -> Transcript,
        newNotice: String?
    ) {
        self.library = library
        self.loading = loading
        self.load = load
        self.newTranscript = newTranscript
        self.newNotice = newNotice
        self.attachments = attachments
        (events, inbox) = AsyncStream.makeStream(of: AppEvent.self)
        desk = SessionDesk(library: library, snapshots: snapshots, inbox: inbox)
        keeper = StateKeeper(
            folder: StateFolder(environment: ProcessInfo.processInfo.environment),
            inbox: inbox
        )
        keeper.loadHistory(into: inbox)
        hosts[opened.opened.transcript.id] = ChatHost(session: opened, inbox: inbox)
        if let notice = opened.notice ?? opened.readOnlyReason { inbox.yield(.notice(notice)) }
    }

    /// What is remembered of a session.
    func kept(of session: String) -> KeptState { keeper.kept(of: session) }

    /// How the panes were left.
    var panes: PaneLayout? { keeper.panes }

    /// Applies the retention rule beside everything else.
    func applyRetention(_ rule: RetentionRule) {
        guard !rule.isOff else { return }
        answer { [desk] in await desk.prune(rule) }
    }

    /// Waits for the engine and reports it.
    func openEngine() async {
        let chosen = loading
        do {
            let engine = try await chosen.value
            // Another model may have been chosen meanwhile.
            guard chosen == loading else { return }
            self.engine = engine
            inbox.yield(.engineReady(described(engine)))
        } catch {
            guard chosen == loading else { return }
            let sentence =
                (error as? EngineOpenError)?.userMessage ?? (error as? EngineError)?.userMessage
            inbox.yield(.engineFailed(sentence ?? "The model can't be opened: \(error)"))
        }
    }

    /// What is said of an engine, with whether its model came with facet.
    private func described(_ engine: any Engine) -> EngineDescription {
        var description = engine.description
        if let path = description.path, let own = ModelSearch.ofProcess.builtIn?.path {
            description.isBuiltIn =
                URL(filePath: path).standardizedFileURL == URL(filePath: own).standardizedFileURL
        }
        return description
    }

    private static let notOpen = "The model is being changed. Try again when it is open."

    /// Effects on the screen are left to whoever draws it.
    func carryOut(_ effect: Effect) async {
        switch effect {
        case .startGeneration(let generation):
            guard let engine else {
                inbox.yield(.generationFailed(generation.number, Self.notOpen))
                break
            }
            var generation = generation
            generation.request = completed(generation.request)
            await hosts[generation.session]?.start(generation, with: engine)
        case .cancelGeneration(let number):
            let host = hosts.values.first { $0.generation == number }
            Task { await host?.stop() }
        case .cancelShortening(let session):
            let host = hosts[session]
            Task { await host?.stop() }
        case .wrapUp(let number):
            let host = hosts.values.first { $0.generation == number }
            Task { await host?.wrapUp() }
        case .save(let transcript): hosts[transcript.id]?.scribe.save(transcript)
        case .openSession(let id, let slot): openSession(id, slot: slot)
        case .newSession(let slot, let isPrivate):
            isPrivate ? newPrivateSession(slot: slot) : newSession(slot: slot)
        case .closeSession(let id): closeSession(id)
        case .callSession(let old, let new): hosts[new] = hosts.removeValue(forKey: old)
        case .listSessions: answer { [desk] in await desk.list() }
        case .find(let request): answer { [desk] in await desk.find(request) }
        case .editSession(let id, let edit): answer { [desk] in await desk.edit(id, edit) }
        case .deleteSession(let id, let title):
            answer { [desk, closing] in
                _ = await closing[id]?.value
                await desk.delete(id, title: title)
            }
        case .restoreSession(let id): answer { [desk] in await desk.restore(id) }
        case .fork(let id, let message, let slot): fork(id, at: message, slot: slot)
        case .export(let transcript, let request): export(transcript, request)
        case .saveFile(let path, let text, let replaces): saveFile(path, text, replaces: replaces)
        case .shorten(let session, let request, let summarises):
            shorten(session, completed(request), summarises: summarises)
        case .inspectPrompt(let session, let request): inspectPrompt(session, completed(request))
        case .loadTokens(let session): answer { [desk] in await desk.loadTokens(of: session) }
        case .estimateCost(let session, let request):
            Task { [inbox, request = completed(request)] in
                guard let cost = await hosts[session]?.cost(of: request) else { return }
                inbox.yield(.costEstimated(session: session, cost))
            }
        case .exploreMachine: exploreMachine()
        case .listModels(let wanted): listModels(wanted: wanted)
        case .loadModel(let path): await loadModel(path)
        case .listThemes(let wanted): listThemes(wanted: wanted)
        case .rememberTheme(let name): keeper.keep(theme: name)
        case .rememberPanes(let panes): keeper.keep(panes)
        case .keepDraft(let session, let draft): keeper.keep(draft, of: session)
        case .keepView(let session, let view): keeper.keep(view, of: session)
        case .listFolder(let folder):
            Task.detached { [inbox] in inbox.yield(.folderListed(LocalFiles.listing(of: folder))) }
        case .readFiles(let request):
            let isPrivate = hosts[request.session].map { $0.session == nil } ?? false
            Task.detached { [inbox, attachments] in
                inbox.yield(
                    .filesRead(request, await attachments.read(request, isPrivate: isPrivate))
                )
            }
        case .preview(let source):
            Task.detached { [inbox, attachments] in
                inbox.yield(.previewed(source, await attachments.preview(of: source)))
            }
        case .glance(let path): glance(at: path)
        case .startRecording(let session): startRecording(session)
        case .stopRecording: recorder?.stop()
        case .pastePicture(let session): pastePicture(session)
        case .remember(let text): keeper.remember(text)
        case .suspend, .redraw, .quit, .openEditor, .copy, .setMouse, .notify: break
        }
    }

    /// Writes what is left of every conversation and gives everything back.
    /// - Returns: Sentences about what could not be written.
    func close(_ state: AppState) async -> [String] {
        var complaints: [String] = []
        recorder?.stop()
        for chat in state.chats where chat.readOnlyReason == nil {
            hosts[chat.id]?.scribe.save(chat.wholeTranscript)
        }
        for host in hosts.values {
            if let complaint = await host.close() { complaints.append(complaint) }
        }
        for session in closing.values {
            if let complaint = await session.value { complaints.append(complaint) }
        }
        await keeper.finish()
        await desk.close()
        attachments.close()
        return complaints
    }

    /// A request that says where the bytes of its messages' files are.
    private func completed(_ request: GenerationRequest) -> GenerationRequest {
        var request = request
        request.attachmentPaths = attachments.paths(of: request.messages)
        return request
    }

    /// Finds out what was asked for, beside everything else.
    func answer(_ work: @escaping @MainActor () async -> Void) {
        openQuestions += 1
        Task {
            await work()
            openQuestions -= 1
            inbox.yield(.tick)
        }
    }

    // MARK: - The context

    private func inspectPrompt(_ session: String, _ request: GenerationRequest) {
        guard let host = hosts[session], let engine else { return }
        answer { [inbox] in
            do throws(EngineError) {
                if let report = try await host.prompt(for: request, with: engine) {
                    inbox.yield(.promptReported(session: session, report))
                } else {
                    inbox.yield(.notice("This engine can't show what it is given."))
                }
            } catch {
                inbox.yield(.notice(error.userMessage))
            }
        }
    }

    private func shorten(_ session: String, _ request: GenerationRequest, summarises: Bool) {
        guard let host = hosts[session], let engine else {
            inbox.yield(.shorteningFailed(session: session, Self.notOpen))
            return
        }
        answer { [inbox] in
            do throws(ShorteningFailure) {
                let (cut, dropped) = try await host.shorten(
                    request,
                    summarises: summarises,
                    with: engine
                )
                inbox.yield(.contextShortened(session: session, cut, dropped: dropped))
            } catch {
                inbox.yield(.shorteningFailed(session: session, error.userMessage))
            }
        }
    }

    // MARK: - Models

    /// The old model's memory is given back before the new one is opened.
    private func loadModel(_ path: String) async {
        for host in hosts.values { await host.leaveEngine() }
        engine = nil
        loading = Task.detached { [load] in try load(path) }
        Task { await openEngine() }
    }

    // MARK: - Sessions

    private func openSession(_ id: String, slot: Int) {
        answer { [library, self] in
            do {
                _ = await closing[id]?.value
                put(try await library.open(id), in: slot)
            } catch {
                inbox.yield(.openingFailed((error as? SessionError)?.userMessage ?? "\(error)"))
            }
        }
    }

    private func newSession(slot: Int) {
        answer { [library, self] in
            do {
                put(try await library.create(newTranscript()), in: slot, notice: newNotice)
            } catch {
                inbox.yield(.openingFailed((error as? SessionError)?.userMessage ?? "\(error)"))
            }
        }
    }

    /// A conversation of which no file is made.
    private func newPrivateSession(slot: Int) {
        let transcript = newTranscript()
        hosts[transcript.id] = ChatHost(session: nil, inbox: inbox)
        let opened = OpenedSession(transcript: transcript, notice: newNotice, isPrivate: true)
        inbox.yield(.sessionOpened(opened, slot: slot))
    }

    private func put(_ session: OpenSession, in slot: Int, notice: String? = nil) {
        let transcript = session.opened.transcript
        guard hosts[transcript.id] == nil else {
            Task { try? await session.close() }
            inbox.yield(.openingFailed("That session is open already."))
            return
        }
        hosts[transcript.id] = ChatHost(session: session, inbox: inbox)
        let opened = OpenedSession(
            transcript: transcript,
            readOnlyReason: session.readOnlyReason,
            notice: session.notice ?? notice,
            kept: keeper.kept(of: transcript.id)
        )
        inbox.yield(.sessionOpened(opened, slot: slot))
    }

    private func closeSession(_ id: String) {
        guard let host = hosts.removeValue(forKey: id) else { return }
        closing[id] = Task {
            let complaint = await host.close()
            if let complaint { inbox.yield(.saveFailed(complaint)) }
            closing[id] = nil
            return complaint
        }
    }

    private func fork(_ id: String, at message: String?, slot: Int) {
        answer { [desk, inbox, self] in
            do throws(SessionError) {
                // What was said a moment ago has to be in the file that is read.
                await hosts[id]?.scribe.flush()
                let session = try await desk.fork(id, at: message)
                put(session, in: slot, notice: "A branch of its own; the other one is as it was.")
            } catch {
                inbox.yield(.openingFailed(error.userMessage))
            }
        }
    }
}

extension OpenSession {
    /// Why nothing can be written; nil when it can.
    nonisolated var readOnlyReason: String? {
        if case .readOnly(let error) = access { error.userMessage } else { nil }
    }
}
