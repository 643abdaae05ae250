import Conversation
import Foundation
import TerminalCore

/// Says in words what the screen would show: for screen readers and terminals without a cursor.
///
/// No boxes, no colours, nothing is drawn twice: each call gives only what is new.
package struct PlainVoice: Sendable {
    /// What was said of the answer that is being made.
    private struct Spoken: Sendable {
        var message: String
        var isReading = false
        /// UTF-8 lengths of the thoughts and of the text said so far.
        var thoughts: [Int] = []
        var text = 0
        var hasSaidName = false
    }

    private var engine = ""
    private var session = ""
    private var notices = 0
    private var files: [AttachedFile] = []
    private var queue: [String] = []
    private var isRecording = false
    private var overlay = ""
    private var sessions = ""
    private var inspector = ""
    private var welcome = ""
    private var cursor: String?
    private var spoken: Spoken?
    private var running: Set<String> = []
    /// The line is not ended yet.
    private var isMidLine = false
    private var out = ""

    package init() {}

    /// What has changed since the last call, ready to be written.
    package mutating func say(_ state: AppState) -> String {
        out = ""
        sayEngine(state)
        saySession(state)
        sayWelcome(state)
        sayAnswer(state.chat, state.now, showsThoughts: state.chat.pane.display == .always)
        sayOthers(state)
        sayQueue(state.chat.queue.map(\.text))
        sayOverlay(state.overlay)
        saySessions(state)
        sayInspector(state)
        sayCursor(state)
        sayFiles(state)
        sayRecording(state.recording)
        if state.noticeCount != notices, let new = state.notice {
            line((new.isError ? "Error: " : "") + new.text)
        }
        notices = state.noticeCount
        return out
    }

    // MARK: - Lines

    private mutating func line(_ text: String) {
        if isMidLine { out += "\n" }
        out += text.drawn + "\n"
        isMidLine = false
    }

    /// Goes on in the present line.
    private mutating func go(on text: String) {
        guard !text.isEmpty else { return }
        out += text.drawn
        isMidLine = text.last?.isLineBreak == false
    }

    // MARK: - Engine and sessions

    private mutating func sayEngine(_ state: AppState) {
        let sentence =
            switch state.engine {
            case .loading(let sentence): sentence
            case .failed(let sentence): "Error: \(sentence)"
            case .ready(let model):
                "\(model.shownName) is ready, \(model.isLocal ? "local" : "remote"), "
                    + "with a context of \(model.contextSize.grouped) tokens."
                    + (model.shownCaution.map { " It \($0)." } ?? "")
            }
        guard sentence != engine else { return }
        engine = sentence
        line(sentence)
    }

    private mutating func saySession(_ state: AppState) {
        guard state.chat.id != session else { return }
        session = state.chat.id
        cursor = state.chat.pane.cursor
        let count = state.chat.pane.branch.count
        line(
            count == 0
                ? "A new conversation. Type a message, or /help for the commands."
                : "Conversation: \(state.chat.displayTitle), \(count.grouped) messages. "
                    + "/message-up reads them from the last one."
        )
        spoken = nil
        running = Set(state.chats.filter { $0.running != nil }.map(\.id))
    }

    /// Says the offers once they are known, and again when they are others.
    private mutating func sayWelcome(_ state: AppState) {
        let view = state.machine == nil ? nil : WelcomeView(state, in: state.chat)
        guard let text = view?.text, text != welcome else { return }
        welcome = text
        line(text)
    }

    private mutating func sayOthers(_ state: AppState) {
        let present = Set(state.chats.filter { $0.running != nil }.map(\.id))
        for id in running.subtracting(present) where id != state.chat.id {
            let title = state.chats.first { $0.id == id }?.displayTitle ?? "another conversation"
            line("The answer in \(title) has ended.")
        }
        running = present
    }

    // MARK: - The answer

    private mutating func sayAnswer(_ chat: Chat, _ now: Date, showsThoughts: Bool) {
        if let running = chat.running {
            if spoken?.message != running.message.id {
                // What was there before an answer goes on has been said.
                let before = chat.transcript[running.message.id]
                spoken = Spoken(
                    message: running.message.id,
                    thoughts: before?.thoughts.map {
                        $0.ending == .cut ? $0.text.utf8.count : .min
                    } ?? [],
                    text: before?.text.utf8.count ?? 0
                )
            }
            sayProgress(running)
            sayParts(of: running.message, running, showsThoughts)
        } else if let id = spoken?.message, let message = chat.message(id) {
            sayParts(of: message, nil, showsThoughts)
            sayEnd(message)
            spoken = nil
        }
    }

    private mutating func sayProgress(_ running: RunningAnswer) {
        guard let progress = running.assembly.progress, progress.total > 256,
            spoken?.isReading == false
        else { return }
        spoken?.isReading = true
        let left =
            progress.secondsLeft.map { ", about \(Int(min($0, 1e6).rounded())) seconds" } ?? ""
        line("Reading \(progress.total.grouped) tokens\(left).")
    }

    private mutating func sayParts(
        of message: Message,
        _ running: RunningAnswer?,
        _ showsThoughts: Bool
    ) {
        guard var spoken else { return }
        for (index, thought) in message.thoughts.enumerated() {
            if spoken.thoughts.count <= index {
                spoken.thoughts.append(0)
                line(showsThoughts ? "Gemma thinks:" : "Gemma is thinking.")
            }
            let isThinking = running?.assembly.thoughtStarted != nil
            let isOpen = isThinking && index == message.thoughts.count - 1
            if showsThoughts {
                go(on: thought.text.after(utf8: spoken.thoughts[index], isOpen: isOpen))
                spoken.thoughts[index] += added(thought.text, spoken.thoughts[index], isOpen)
            }
            if !isOpen, spoken.thoughts[index] >= 0 {
                line(
                    "Thought for \(thought.tokens.grouped) tokens, \(thought.seconds.tenths) seconds."
                )
                spoken.thoughts[index] = .min
            }
        }
        let text = message.text
        if !text.isEmpty {
            if !spoken.hasSaidName {
                line("Gemma says:")
                spoken.hasSaidName = true
            }
            let isOpen = running != nil
            go(on: text.after(utf8: spoken.text, isOpen: isOpen))
            spoken.text += added(text, spoken.text, isOpen)
        }
        self.spoken = spoken
    }

    private func added(_ text: String, _ length: Int, _ isOpen: Bool) -> Int {
        text.after(utf8: length, isOpen: isOpen).utf8.count
    }

    private mutating func sayEnd(_ message: Message) {
        if let ending = message.ending { return line(ending) }
        if let statistics = message.answer?.statistics {
            line(
                "End of the answer: \(statistics.generatedTokens.grouped) tokens, "
                    + "\(statistics.tokensPerSecond.tenths) a second."
            )
        } else {
            line("End of the answer.")
        }
    }

    private mutating func sayFiles(_ state: AppState) {
        let new = state.chat.editor.files
        for file in new where !files.contains(file) {
            line("Attached to the next message: \(file.name), \(state.words(for: file)).")
            for note in state.media.preview(of: file.source)?.notes ?? [] { line(note) }
        }
        files = new
    }

    private mutating func sayRecording(_ new: RecordingState?) {
        // Before the first of its sound, it may as well fail.
        let isOpen = new.map { !$0.levels.isEmpty } ?? false
        guard isRecording != isOpen else { return }
        isRecording = isOpen
        line(
            isRecording
                ? "The microphone is open. /record ends the recording and attaches it; the model "
                    + "hears \(RecordingState.longest) seconds at most."
                : "The microphone is closed."
        )
    }

    private mutating func sayQueue(_ new: [String]) {
        if new.count > queue.count {
            for text in new.dropFirst(queue.count) { line("Waits for its turn: \(text.firstLine)") }
        }
        queue = new
    }

    // MARK: - Lists and pages

    private mutating func sayOverlay(_ new: Overlay?) {
        let text = PlainPages.text(of: new)
        guard text != overlay else { return }
        overlay = text
        if !text.isEmpty { line(text) }
    }

    private mutating func saySessions(_ state: AppState) {
        let text =
            state.focus == .sessions ? PlainPages.text(of: state.sessions, state.now) : ""
        guard text != sessions else { return }
        sessions = text
        if !text.isEmpty { line(text) }
    }

    private mutating func sayInspector(_ state: AppState) {
        let text = state.focus == .inspector ? InspectorView(state).plainText(width: 76) : ""
        guard text != inspector else { return }
        inspector = text
        if !text.isEmpty { line(text) }
    }

    /// Reads the message that was chosen.
    private mutating func sayCursor(_ state: AppState) {
        let pane = state.chat.pane
        guard pane.cursor != cursor else { return }
        cursor = pane.cursor
        guard let id = cursor, let message = state.chat.message(id),
            let place = pane.branch.firstIndex(of: id)
        else { return }
        line("Message \((place + 1).grouped) of \(pane.branch.count.grouped), \(message.speaker):")
        for thought in message.thoughts where pane.isUnfolded(id) {
            line("Thought, \(thought.tokens.grouped) tokens: \(thought.text)")
        }
        // What went with a question is named: a document may be as long as a book.
        for document in message.role == .user ? message.documents : [] {
            line("With the text \(Document(whole: document)?.name ?? "").")
        }
        for file in message.attachments { line("With the \(file.kind.word) \(file.name).") }
        line(message.role == .user ? message.question : message.text)
        if let ending = message.ending { line(ending) }
    }
}

extension AppState {
    /// How large a file is and what it costs.
    fileprivate func words(for file: AttachedFile) -> String {
        let size = "\(file.sizeInBytes.grouped) bytes"
        if let preview = media.preview(of: file.source) {
            return "\(size), \(receipt(of: file, preview).words)"
        }
        return file.isMedia ? size : "\(size), \(TokenEstimate.words(file.estimate))"
    }
}

extension String {
    /// What follows so many bytes; while the text still grows without its last cluster, which may
    /// not be whole yet.
    fileprivate func after(utf8 length: Int, isOpen: Bool) -> String {
        guard length >= 0, length <= utf8.count else { return "" }
        let start = utf8.index(startIndex, offsetBy: length)
        let rest = self[start...]
        return String(isOpen ? rest.dropLast() : rest)
    }
}
