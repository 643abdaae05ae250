import Conversation
import TerminalCore

extension AppState {
    /// Carries out a command that a key or a slash word named.
    mutating func run(_ command: Command, argument: String = "") -> [Effect] {
        if command != .up, command != .down { editor.goalColumn = nil }
        switch command {
        case .send: return send()
        case .stopOrClear:
            if running != nil { return stopRunning() }
            editor.clear()
            show("The draft was cleared; Ctrl-_ brings it back.")
        case .escape:
            guard mode == .read else { return stopRunning() }
            mode = .write
        case .quitWhenEmpty:
            guard editor.isEmpty else {
                editor.deleteForward()
                return []
            }
            if running == nil { return end() }
            show("An answer is running. Esc stops it.")
        case .quit: return end()
        case .cycleThinking: cycleThinking()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .otherPane: mode = mode == .write ? .read : .write
        case .write: mode = .write
        case .help: helpScroll = 0
        case .toggleMouse:
            mouseIsOn.toggle()
            show(
                mouseIsOn
                    ? "The wheel scrolls now. Hold Shift to select text with the mouse."
                    : "The mouse is the terminal's again."
            )
            return [.setMouse(mouseIsOn)]
        case .copyAnswer: return copyAnswer()
        case .externalEditor: return [.openEditor(editor.expandedText)]
        case .retry: return retry()
        case .think: return setThinking(argument)
        case .model: describeModel()
        case .system: return setSystemPrompt(argument)
        case .title: return setTitle(argument)
        case .context: describeContext()
        case .toggleThoughts, .foldOne, .pageUp, .pageDown, .scrollUp, .scrollDown, .scrollToTop,
            .scrollToEnd:
            look(command)
        default: edit(command)
        }
        return []
    }

    // MARK: - The conversation pane

    /// Scrolls by rows, down when positive.
    mutating func scroll(by distance: Int) {
        let area = ScreenLayout(self).conversation
        let layout = MessageLayout(self)
        pane.scroll(by: distance, layout, width: area.width, height: area.height)
    }

    private mutating func look(_ command: Command) {
        let area = ScreenLayout(self).conversation
        let layout = MessageLayout(self)
        let page = max(1, area.height - 2)
        switch command {
        case .toggleThoughts:
            pane.showsThoughts.toggle()
            pane.exceptions = []
        case .foldOne:
            let rows = pane.visible(layout, width: area.width, height: area.height)
            guard
                let id = rows.last(where: { message($0.message)?.thoughts.isEmpty == false })?
                    .message
            else { return show("There is no thought in view.") }
            pane.exceptions.formSymmetricDifference([id])
        case .pageUp: scroll(by: -page)
        case .pageDown: scroll(by: page)
        case .scrollUp: scroll(by: -1)
        case .scrollDown: scroll(by: 1)
        case .scrollToTop: pane.scrollToTop(layout, width: area.width, height: area.height)
        case .scrollToEnd: pane.follow()
        default: break
        }
    }

    // MARK: - The editor

    private mutating func edit(_ command: Command) {
        switch command {
        case .newLine: editor.insert("\n")
        case .undo: editor.undo()
        case .yank: editor.yank()
        case .left: editor.moveLeft()
        case .right: editor.moveRight()
        case .wordLeft: editor.moveWordLeft()
        case .wordRight: editor.moveWordRight()
        case .lineStart: editor.moveToLineStart()
        case .lineEnd: editor.moveToLineEnd()
        case .up: moveCaret(rows: -1)
        case .down: moveCaret(rows: 1)
        case .deleteBackward: editor.deleteBackward()
        case .deleteForward: editor.deleteForward()
        case .deleteWordBackward: editor.deleteWordBackward()
        case .deleteWordForward: editor.deleteWordForward()
        case .cutToLineStart: editor.cutToLineStart()
        case .cutToLineEnd: editor.cutToLineEnd()
        case .historyPrevious: recall(history.previous(from: editor.expandedText))
        case .historyNext: recall(history.next())
        default: break
        }
    }

    private mutating func recall(_ text: String?) {
        if let text { editor.recall(text) }
    }

    /// Moves the caret by screen rows; past the first or last one walks the history.
    private mutating func moveCaret(rows: Int) {
        let layout = EditorLayout(editor, width: ScreenLayout.editorWidth(size))
        let row = layout.caret.row + rows
        guard layout.rows.indices.contains(row) else {
            recall(rows < 0 ? history.previous(from: editor.expandedText) : history.next())
            return
        }
        let goal = editor.goalColumn ?? layout.caret.column
        editor.move(to: layout.offset(row: row, column: goal))
        editor.goalColumn = goal
    }

    // MARK: - Settings and questions

    private mutating func cycleThinking() {
        if let description, !description.canThink {
            return show("\(description.name) has no thoughts to switch.")
        }
        let modes = ThinkingMode.allCases
        let next = ((modes.firstIndex(of: thinking) ?? 0) + 1) % modes.count
        thinkingForNext = modes[next] == transcript.thinking ? nil : modes[next]
    }

    private mutating func setThinking(_ argument: String) -> [Effect] {
        guard let mode = ThinkingMode(rawValue: argument.lowercased()) else {
            show(
                "Thinking is \(transcript.thinking.rawValue). /think on, /think off or /think auto "
                    + "changes it; auto gives short plain questions a small budget."
            )
            return []
        }
        transcript.thinking = mode
        thinkingForNext = nil
        show("Thinking is \(mode.rawValue) in this conversation from now on.")
        return [.save(wholeTranscript)]
    }

    private mutating func setSystemPrompt(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            let prompt = transcript.systemPrompt
            show(prompt.isEmpty ? "There is no system prompt." : "System prompt: \(prompt)")
            return []
        }
        transcript.systemPrompt = argument
        show("The system prompt counts from the next message on; the conversation is read again.")
        return [.save(wholeTranscript)]
    }

    private mutating func setTitle(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            let title = transcript.title
            show(title.isEmpty ? "This conversation has no title yet." : "Title: \(title)")
            return []
        }
        transcript.title = argument
        show("The title is now \"\(argument)\".")
        return [.save(wholeTranscript)]
    }

    private mutating func describeModel() {
        switch engine {
        case .loading(let sentence): show(sentence)
        case .failed(let sentence): show(sentence, isError: true)
        case .ready(let model):
            let place = model.isLocal ? "runs in this process" : "runs on a server"
            show(
                "\(model.name) \(place), with a context of \(model.contextSize.grouped) tokens."
                    + (model.caution.map { " It \($0)." } ?? "")
            )
        }
    }

    private mutating func describeContext() {
        guard let statistics = lastStatistics, statistics.contextSize > 0 else {
            return show("Nothing has been read yet.")
        }
        let share = statistics.contextUsed * 100 / statistics.contextSize
        show(
            "\(statistics.contextUsed.grouped) of \(statistics.contextSize.grouped) tokens are used "
                + "(\(share) %). The last prompt had \(statistics.promptTokens.grouped), of which "
                + "\(statistics.reusedTokens.grouped) were still in the cache."
        )
    }

    private mutating func copyAnswer() -> [Effect] {
        let answer = pane.branch.last { id in
            message(id).map { $0.role == .assistant && !$0.text.isEmpty } ?? false
        }
        .flatMap(message)
        guard let answer else {
            show("There is no answer to copy.")
            return []
        }
        return [.copy(answer.text)]
    }
}
