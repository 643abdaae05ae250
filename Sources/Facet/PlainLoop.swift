import CLineEditor
import Foundation
import Glibc
import Interface
import Synchronization
import TerminalCore

/// The interface in words, line by line: the same state and updates, without a screen.
@MainActor
final class PlainLoop {
    private let backstage: Backstage
    private var state: AppState
    private var voice = PlainVoice()
    private let lines = LineReader()
    /// A line was asked for and what it says is not done yet.
    private var isLineDue = false

    init(backstage: Backstage, state: AppState) {
        self.backstage = backstage
        self.state = state
    }

    /// Runs until the user quits or the input ends.
    /// - Returns: Sentences about what could not be written.
    func run() async throws -> [String] {
        let inbox = backstage.inbox
        let interrupt = Interrupt(isRepeated: true) {
            inbox.yield(.input(.key(.control("c"))))
        }
        defer { interrupt.stop() }
        do { try await serve() } catch {
            lines.stop()
            for sentence in await backstage.close(state) { Console.complain(sentence) }
            throw error
        }
        lines.stop()
        return await backstage.close(state)
    }

    private func serve() async throws {
        try say()
        let opening = Task { await backstage.openEngine() }
        defer { opening.cancel() }
        for await event in backstage.events {
            if case .line = event { isLineDue = false }
            var goesOn = true
            for effect in update(&state, event, now: Date()) {
                goesOn = try await carryOut(effect) && goesOn
            }
            try say()
            guard goesOn else { break }
            askForLine()
        }
    }

    /// Says what is new, on lines of its own also where one is being typed.
    private func say() throws {
        let text = voice.say(state)
        guard !text.isEmpty else { return }
        guard lines.isAsking else { return try Console.write(text) }
        try Console.write("\n" + text)
        lines.showAgain()
    }

    /// Asks for the next line once nothing is being written, so that the two never mix.
    private func askForLine() {
        if case .loading = state.engine { return }
        guard state.chat.running == nil, !state.isGatheringFiles, !state.isOpening,
            backstage.openQuestions == 0, !isLineDue
        else { return }
        isLineDue = true
        lines.request { [inbox = backstage.inbox] line in
            inbox.yield(line.map { .line($0) } ?? .endOfLines)
        }
    }

    private func carryOut(_ effect: Effect) async throws -> Bool {
        switch effect {
        case .quit: return false
        case .copy(let text):
            if Clipboard.copyThroughTmux(text) {
                backstage.inbox.yield(.clipboardSent)
            } else {
                backstage.inbox.yield(
                    .notice("There is no clipboard to send this to; here it is:\n\(text)")
                )
            }
        case .suspend: kill(0, SIGTSTP)
        case .openEditor:
            backstage.inbox.yield(.notice("The editor opens on a screen only; type the text here."))
        case .redraw, .setMouse, .notify: break
        default: await backstage.carryOut(effect)
        }
        return true
    }
}

/// Reads lines on a thread of its own, one at a time and only when asked.
final class LineReader: Sendable {
    private let isReading = Mutex(false)
    /// Editing needs a terminal that can move its cursor.
    private let edits =
        Console.isInputTerminal && Console.isOutputTerminal
        && !["", "dumb"].contains(ProcessInfo.processInfo.environment["TERM"] ?? "")

    /// Reads the next line; nil stands for the end of the input.
    func request(_ receive: @escaping @Sendable (String?) -> Void) {
        isReading.withLock { $0 = true }
        Thread.detachNewThread { [self] in
            let line = edits ? editedLine() : plainLine()
            isReading.withLock { $0 = false }
            receive(line)
        }
    }

    /// A line is being typed.
    var isAsking: Bool { Console.isInputTerminal && isReading.withLock { $0 } }

    /// Writes the question again with what is typed so far.
    func showAgain() {
        if edits { facet_show_line() } else { Console.murmur("you: ") }
    }

    /// Gives the terminal back, also in the middle of a line.
    func stop() {
        if edits { facet_release_line() }
    }

    private func editedLine() -> String? {
        guard let line = unsafe facet_read_line("you: ") else { return nil }
        defer { unsafe free(line) }
        return unsafe String(cString: line)
    }

    private func plainLine() -> String? {
        guard Console.isInputTerminal else { return readLine() }
        Console.murmur("you: ")
        let line = readLine()
        // Ctrl-D leaves the cursor behind the question.
        if line == nil { Console.murmur("\n") }
        return line
    }
}
