import Conversation
import TerminalCore

extension AppState {
    /// Carries out a command that a key or a slash word named.
    mutating func run(_ command: Command, argument: String = "") -> [Effect] {
        if command != .up, command != .down { chat.editor.goalColumn = nil }
        switch command {
        case .send: return send()
        case .stopOrClear:
            if chat.running != nil { return chat.stopRunning(now) }
            chat.edited = nil
            chat.editor.clear()
            show("The draft was cleared; \(keymap.hint(for: .undo)) brings it back.")
        case .escape:
            guard focus != .editor else { return chat.stopRunning(now) }
            if search != nil || chat.pane.selection != nil || chat.pane.cursor != nil {
                search = nil
                chat.pane.selection = nil
                chat.pane.cursor = nil
            } else if focus == .sessions, sessions.filter != nil {
                sessions.clearFilter()
            } else {
                focus(.editor)
            }
        case .quitWhenEmpty:
            guard chat.editor.isEmpty else {
                chat.editor.deleteForward()
                return []
            }
            if !chats.contains(where: { $0.running != nil }) { return end() }
            show("An answer is running. Esc stops it.")
        case .quit: return end()
        case .cycleThinking: cycleThinking()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .nextPane: focusNext()
        case .write: focus(.editor)
        case .help: overlay = .help(scroll: 0)
        case .palette: openPalette()
        case .split: return toggleSplit()
        case .sessionsPane: return toggle(.sessions)
        case .inspectorPane: return toggle(.inspector)
        case .inspectThoughts: inspector.show(.thoughts)
        case .inspectAnswer: inspector.show(.answer)
        case .inspectTokens: inspector.show(.tokens)
        case .inspectPrompt: inspector.show(.prompt)
        case .enterInspector: enterInspector()
        case .newSession: return [.newSession(slot: slot)]
        case .openSession: return openSelected(beside: false)
        case .openBeside: return openSelected(beside: true)
        case .filterSessions: sessions.beginFilter()
        case .wider: return resizePane(by: 4)
        case .narrower: return resizePane(by: -4)
        case .toggleMouse:
            mouseIsOn.toggle()
            show(
                mouseIsOn
                    ? "The wheel scrolls now. Hold Shift to select text with the mouse."
                    : "The mouse is the terminal's again."
            )
            return [.setMouse(mouseIsOn)]
        case .copyAnswer: return copyAnswer()
        case .messageUp, .messageDown, .thoughtUp, .thoughtDown, .mark, .copy, .copyThought,
            .search, .searchAgain, .searchBack, .editMessage, .siblingBefore, .siblingAfter:
            return read(command)
        case .externalEditor: return [.openEditor(chat.editor.expandedText)]
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

    // MARK: - Looking

    /// Scrolls a conversation by rows, down when positive.
    mutating func scroll(by distance: Int, slot: Int) {
        let area = ScreenLayout(self).conversations[slot]
        guard area.width > 0, let index = shownIndices[safe: slot] else { return }
        let layout = MessageLayout(chats[index], now)
        chats[index].pane.scroll(by: distance, layout, width: area.width, height: area.height)
    }

    private mutating func look(_ command: Command) {
        if focus == .sessions { return lookInSessions(command) }
        if focus == .inspector { return lookInInspector(command) }
        let area = ScreenLayout(self).conversations[slot]
        let layout = MessageLayout(chat, now)
        let page = max(1, area.height - 2)
        switch command {
        case .toggleThoughts:
            chat.pane.showsThoughts.toggle()
            chat.pane.exceptions = []
        case .foldOne:
            let rows = chat.pane.visible(layout, width: area.width, height: area.height)
            let thought = rows.last { chat.message($0.message)?.thoughts.isEmpty == false }
            guard let id = thought?.message else { return show("There is no thought in view.") }
            chat.pane.exceptions.formSymmetricDifference([id])
        case .pageUp: scroll(by: -page, slot: slot)
        case .pageDown: scroll(by: page, slot: slot)
        case .scrollUp, .scrollDown:
            let distance = command == .scrollUp ? -1 : 1
            if chat.pane.selection?.takesRows == true {
                moveMark(by: distance)
            } else {
                scroll(by: distance, slot: slot)
            }
        case .scrollToTop: chat.pane.scrollToTop(layout, width: area.width, height: area.height)
        case .scrollToEnd: chat.pane.follow()
        default: break
        }
    }

    private mutating func lookInSessions(_ command: Command) {
        switch command {
        case .pageUp: sessions.move(by: -10)
        case .pageDown: sessions.move(by: 10)
        case .scrollUp: sessions.move(by: -1)
        case .scrollDown: sessions.move(by: 1)
        case .scrollToTop: sessions.move(by: -.max / 2)
        case .scrollToEnd: sessions.move(by: .max / 2)
        default: break
        }
    }

    private mutating func lookInInspector(_ command: Command) {
        let width = ScreenLayout(self).inspector?.width ?? 40
        let last = max(0, InspectorView(self).count(width: width) - 1)
        let distance =
            switch command {
            case .pageUp: -10
            case .pageDown: 10
            case .scrollUp: -1
            case .scrollDown: 1
            case .scrollToTop: -last
            case .scrollToEnd: last
            default: 0
            }
        inspector.selection = (inspector.selection + distance).clamped(to: 0...last)
    }

    /// Shows the selected thought in the conversation.
    private mutating func enterInspector() {
        guard let message = InspectorView(self).selectedThought else {
            return show("Enter goes to the selected thought in the list of thoughts.")
        }
        focus(.conversation)
        revealThoughts(of: message)
    }

    // MARK: - The editor

    private mutating func edit(_ command: Command) {
        switch command {
        case .newLine: chat.editor.insert("\n")
        case .undo: chat.editor.undo()
        case .yank: chat.editor.yank()
        case .left: chat.editor.moveLeft()
        case .right: chat.editor.moveRight()
        case .wordLeft: chat.editor.moveWordLeft()
        case .wordRight: chat.editor.moveWordRight()
        case .lineStart: chat.editor.moveToLineStart()
        case .lineEnd: chat.editor.moveToLineEnd()
        case .up: moveCaret(rows: -1)
        case .down: moveCaret(rows: 1)
        case .deleteBackward: chat.editor.deleteBackward()
        case .deleteForward: chat.editor.deleteForward()
        case .deleteWordBackward: chat.editor.deleteWordBackward()
        case .deleteWordForward: chat.editor.deleteWordForward()
        case .cutToLineStart: chat.editor.cutToLineStart()
        case .cutToLineEnd: chat.editor.cutToLineEnd()
        case .historyPrevious: recall(chat.history.previous(from: chat.editor.expandedText))
        case .historyNext: recall(chat.history.next())
        default: break
        }
    }

    private mutating func recall(_ text: String?) {
        if let text { chat.editor.recall(text) }
    }

    /// Moves the caret by screen rows; past the first or last one walks the chat.history.
    private mutating func moveCaret(rows: Int) {
        let layout = ScreenLayout(self).draft
        let row = layout.caret.row + rows
        guard layout.rows.indices.contains(row) else {
            recall(
                rows < 0
                    ? chat.history.previous(from: chat.editor.expandedText) : chat.history.next()
            )
            return
        }
        let goal = chat.editor.goalColumn ?? layout.caret.column
        chat.editor.move(to: layout.offset(row: row, column: goal))
        chat.editor.goalColumn = goal
    }

    // MARK: - Settings and questions

    private mutating func cycleThinking() {
        if let description, !description.canThink {
            return show("\(description.name) has no thoughts to switch.")
        }
        let modes = ThinkingMode.allCases
        let next = ((modes.firstIndex(of: chat.thinking) ?? 0) + 1) % modes.count
        chat.thinkingForNext = modes[next] == chat.transcript.thinking ? nil : modes[next]
    }

    private mutating func setThinking(_ argument: String) -> [Effect] {
        guard let mode = ThinkingMode(rawValue: argument.lowercased()) else {
            show(
                "Thinking is \(chat.transcript.thinking.rawValue). /think on, /think off or /think auto "
                    + "changes it; auto gives short plain questions a small budget."
            )
            return []
        }
        chat.transcript.thinking = mode
        chat.thinkingForNext = nil
        show("Thinking is \(mode.rawValue) in this conversation from now on.")
        return [.save(chat.wholeTranscript)]
    }

    private mutating func setSystemPrompt(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            let prompt = chat.transcript.systemPrompt
            show(prompt.isEmpty ? "There is no system prompt." : "System prompt: \(prompt)")
            return []
        }
        chat.transcript.systemPrompt = argument
        show("The system prompt counts from the next message on; the conversation is read again.")
        return [.save(chat.wholeTranscript)]
    }

    private mutating func setTitle(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            let title = chat.transcript.title
            show(title.isEmpty ? "This conversation has no title yet." : "Title: \(title)")
            return []
        }
        chat.transcript.title = argument
        show("The title is now \"\(argument)\".")
        return [.save(chat.wholeTranscript)]
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
        guard let statistics = chat.lastStatistics, statistics.contextSize > 0 else {
            return show("Nothing has been read yet.")
        }
        let share = statistics.contextUsed * 100 / statistics.contextSize
        show(
            "\(statistics.contextUsed.grouped) of \(statistics.contextSize.grouped) tokens are used "
                + "(\(share) %). The last prompt had \(statistics.promptTokens.grouped), of which "
                + "\(statistics.reusedTokens.grouped) were still in the cache."
        )
    }
}
