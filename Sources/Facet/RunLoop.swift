import Foundation
import Interface
import TerminalCore
import TerminalCurses

/// Merges what comes from the terminal, the world behind it and the clock; shows the state after
/// each event.
@MainActor
final class RunLoop {
    private let terminal: Terminal
    private let backstage: Backstage
    private var state: AppState
    private var ticker: Task<Void, Never>?
    /// A frame for streamed text is on its way.
    private var isFrameDue = false
    private var lastFrame = ContinuousClock.now

    /// Streamed text is drawn at most this often; a key draws at once.
    private static let frameInterval = Duration.milliseconds(30)

    init(terminal: Terminal, backstage: Backstage, state: AppState) {
        self.terminal = terminal
        self.backstage = backstage
        self.state = state
        self.state.size = terminal.size
    }

    private var inbox: AsyncStream<AppEvent>.Continuation { backstage.inbox }

    /// Runs until the user quits or the terminal goes away.
    /// - Returns: Sentences about what could not be written.
    func run() async -> [String] {
        let input = Task { [terminal, inbox] in
            for await event in terminal.events { inbox.yield(.input(event)) }
        }
        if state.mouseIsOn { terminal.setMouse(true) }
        draw()
        if state.panes.showsSessions { await backstage.carryOut(.listSessions) }
        let opening = Task { await backstage.openEngine() }
        for await event in backstage.events {
            var goesOn = true
            let effects = update(&state, event, now: Date())
            // An editor comes last: what follows from it is newer than all that is done here.
            for effect in effects.filter({ !$0.opensEditor }) + effects.filter(\.opensEditor) {
                goesOn = await carryOut(effect) && goesOn
            }
            guard goesOn else { break }
            keepTime()
            switch event {
            case .generation, .tick: drawSoon()
            default: draw()
            }
        }
        input.cancel()
        opening.cancel()
        ticker?.cancel()
        return await backstage.close(state)
    }

    private func draw() {
        terminal.present(view(&state))
        lastFrame = .now
        isFrameDue = false
    }

    /// Draws now, or once the frame interval is over; what comes in between shares the frame.
    private func drawSoon() {
        let due = lastFrame + Self.frameInterval
        if ContinuousClock.now >= due { return draw() }
        guard !isFrameDue else { return }
        isFrameDue = true
        Task {
            try? await Task.sleep(until: due, clock: .continuous)
            // A key may have drawn it meanwhile.
            if isFrameDue { draw() }
        }
    }

    /// False when the loop has to end.
    private func carryOut(_ effect: Effect) async -> Bool {
        switch effect {
        case .suspend: terminal.suspend()
        case .redraw: terminal.redraw()
        case .quit: return false
        case .openEditor(let text):
            // At once: what came in meanwhile belongs behind the text that comes back.
            let closed = AppEvent.editorClosed(DraftEditor.edit(text, on: terminal))
            for effect in update(&state, closed, now: Date()) { _ = await carryOut(effect) }
        case .copy(let text):
            if !Clipboard.copyThroughTmux(text) { terminal.sendToClipboard(text) }
            inbox.yield(.clipboardSent)
        case .setMouse(let isOn): terminal.setMouse(isOn)
        case .notify(let text): terminal.notify(text)
        default: await backstage.carryOut(effect)
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

extension Effect {
    fileprivate var opensEditor: Bool { if case .openEditor = self { true } else { false } }
}
