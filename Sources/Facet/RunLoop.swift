import Conversation
import Foundation
import GemmaEngine
import Glibc
import Interface
import SessionStore
import TerminalCore
import TerminalCurses

/// Merges what comes from the terminal, the engine, the store and the clock; shows the state and
/// carries out what `update` wants done.
@MainActor
final class RunLoop {
    private let terminal: Terminal
    private let loading: Task<any Engine, any Error>
    private let scribe: Scribe
    private var state: AppState
    private let events: AsyncStream<AppEvent>
    private let inbox: AsyncStream<AppEvent>.Continuation
    private var context: (any EngineContext)?
    private var ticker: Task<Void, Never>?
    /// A frame for streamed text is on its way.
    private var isFrameDue = false
    private var lastFrame = ContinuousClock.now

    /// Streamed text is drawn at most this often; a key draws at once.
    private static let frameInterval = Duration.milliseconds(16)

    init(terminal: Terminal, opened: OpenSession, loading: Task<any Engine, any Error>) {
        self.terminal = terminal
        self.loading = loading
        (events, inbox) = AsyncStream.makeStream(of: AppEvent.self)
        scribe = Scribe(session: opened, inbox: inbox)
        state = AppState(
            transcript: opened.opened.transcript,
            seed: .random(in: .min ... .max),
            now: Date()
        )
        state.size = terminal.size
        if case .readOnly(let error) = opened.access {
            state.readOnlyReason = error.userMessage
            inbox.yield(.notice(error.userMessage))
        }
        if let notice = opened.notice { inbox.yield(.notice(notice)) }
    }

    /// Runs until the user quits or the terminal goes away.
    func run() async {
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
        await context?.stop()
        scribe.save(state.wholeTranscript)
        await scribe.finish()
    }

    private func openEngine() async {
        do {
            let engine = try await loading.value
            context = try await engine.openContext()
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
            start(generation)
            // The question is on the disk before it is on the screen.
            await scribe.flush()
        case .cancelGeneration: Task { [context] in await context?.stop() }
        case .save(let transcript): scribe.save(transcript)
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .quit: return false
        case .openEditor(let text): inbox.yield(.editorClosed(DraftEditor.edit(text, on: terminal)))
        case .copy(let text):
            if !Clipboard.copyThroughTmux(text) { terminal.sendToClipboard(text) }
            inbox.yield(.clipboardSent)
        case .setMouse(let isOn): terminal.setMouse(isOn)
        case .bell: terminal.ring()
        }
        return true
    }

    private func start(_ generation: Generation) {
        guard let context else { return }
        scribe.begin(generation)
        Task { [scribe] in
            do {
                for try await event in context.generate(generation.request) {
                    scribe.take(event, of: generation.number)
                }
            } catch {
                scribe.fail((error as? EngineError)?.userMessage ?? "\(error)", generation.number)
            }
        }
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
