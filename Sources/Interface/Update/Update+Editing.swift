import TerminalCore

extension AppState {
    /// Commands that go up and down in one column.
    static let keepsColumn: Set<Command> = [.up, .down, .selectUp, .selectDown]

    /// What a key does to the draft.
    mutating func edit(_ command: Command) -> [Effect] {
        switch command {
        case .newLine: chat.editor.insert("\n")
        case .undo: chat.editor.undo()
        case .redo: chat.editor.redo()
        case .up: moveCaret(rows: -1, selecting: false)
        case .down: moveCaret(rows: 1, selecting: false)
        case .selectUp: moveCaret(rows: -1, selecting: true)
        case .selectDown: moveCaret(rows: 1, selecting: true)
        case .markDraft: toggleDraftMarking()
        case .selectAll: selectAll()
        case .copySelection: return copySelection()
        case .deleteBackward: chat.editor.deleteBackward()
        case .deleteForward: chat.editor.deleteForward()
        case .deleteWordBackward: chat.editor.deleteWordBackward()
        case .deleteWordForward: chat.editor.deleteWordForward()
        case .cutToLineStart: chat.editor.cutToLineStart()
        case .cutToLineEnd: chat.editor.cutToLineEnd()
        case .yank: chat.editor.yank()
        case .yankOlder:
            if !chat.editor.yankOlder() { show("Alt-Y follows Ctrl-Y: it takes an older cut.") }
        case .upperCase: chat.editor.changeWord(to: .upper)
        case .lowerCase: chat.editor.changeWord(to: .lower)
        case .capitalize: chat.editor.changeWord(to: .capital)
        case .expandPaste:
            if !chat.editor.expandPaste() { show("There is no folded paste at the caret.") }
        case .historyPrevious: recall(chat.history.previous(from: chat.editor.contents))
        case .historyNext: recall(chat.history.next(from: chat.editor.contents))
        case .dropQueued: dropQueued(chat.queue.count)
        case .searchHistory: historySearch = HistorySearch(newestFirst: chat.history.newestFirst)
        default:
            if let (motion, selecting) = Self.motions[command] {
                chat.editor.move(motion, selecting: selecting)
            }
        }
        return []
    }

    private static let motions: [Command: (Editor.Motion, selecting: Bool)] = [
        .left: (.left, false), .selectLeft: (.left, true),
        .right: (.right, false), .selectRight: (.right, true),
        .wordLeft: (.wordLeft, false), .selectWordLeft: (.wordLeft, true),
        .wordRight: (.wordRight, false), .selectWordRight: (.wordRight, true),
        .lineStart: (.lineStart, false), .selectLineStart: (.lineStart, true),
        .lineEnd: (.lineEnd, false), .selectLineEnd: (.lineEnd, true),
        .draftStart: (.draftStart, false), .selectDraftStart: (.draftStart, true),
        .draftEnd: (.draftEnd, false), .selectDraftEnd: (.draftEnd, true),
    ]

    /// Esc in the editor: drops a selection, else stops the answer.
    mutating func escapeInEditor() -> [Effect] {
        guard chat.editor.selection == nil, !chat.editor.isMarking else {
            chat.editor.unselect()
            return []
        }
        return stop()
    }

    /// Stops the answer that is made, or the summary of what an answer can't be given any more.
    mutating func stop() -> [Effect] {
        guard chat.isShortening else { return chat.stopRunning(now) }
        chat.shortening?.isStopped = true
        show("Stopping; the model is given what it was given before.")
        return [.cancelShortening(session: chat.id)]
    }

    // MARK: - Rows and history

    /// Moves the caret by screen rows; past the first or last one walks the history.
    private mutating func moveCaret(rows: Int, selecting: Bool) {
        let layout = ScreenLayout(self).draft
        let row = layout.caret.row + rows
        guard layout.rows.indices.contains(row) else {
            if rows < 0, chat.editor.isEmpty, let waiting = chat.queue.popLast() {
                chat.editor.replace(with: waiting.contents)
            } else if selecting || chat.editor.isMarking {
                chat.editor.move(rows < 0 ? .draftStart : .draftEnd, selecting: true)
            } else {
                recall(
                    rows < 0
                        ? chat.history.previous(from: chat.editor.contents)
                        : chat.history.next(from: chat.editor.contents)
                )
            }
            return
        }
        let goal = chat.editor.goalColumn ?? layout.caret.column
        chat.editor.move(.place(layout.offset(row: row, column: goal)), selecting: selecting)
        chat.editor.goalColumn = goal
    }

    private mutating func recall(_ stop: PromptHistory.Stop?) {
        switch stop {
        case .message(let text): chat.editor.recall(text)
        case .typed(let contents): chat.editor.replace(with: contents)
        case nil: return
        }
        chat.history.reach(chat.editor.contents)
    }

    /// A key while the history is searched.
    mutating func receiveInHistorySearch(_ key: KeyPress) -> [Effect] {
        switch key {
        case KeyPress(.escape), .control("g"), .control("c"): historySearch = nil
        case KeyPress(.enter), KeyPress(.tab):
            if let found = historySearch?.found { chat.editor.recall(found) }
            historySearch = nil
        case .control("r"), .control("p"), KeyPress(.up):
            if historySearch?.older() == false, historySearch?.found != nil {
                show("There is no older message with this.")
            }
        case .control("s"), .control("n"), KeyPress(.down):
            if historySearch?.newer() == false, historySearch?.found != nil {
                show("There is no newer message with this.")
            }
        case KeyPress(.backspace), .control("h"): historySearch?.deleteBackward()
        default:
            guard let text = key.typedText else {
                show("\(key.name) means nothing in the search. Enter takes, Esc closes.")
                return []
            }
            historySearch?.type(text)
        }
        return []
    }

    // MARK: - Messages that wait

    /// Shows the queue, or drops what stands at a place of it.
    mutating func changeQueue(_ argument: String) {
        let words = argument.split(separator: " ")
        if words.first == "drop", words.count == 2, let number = Int(words[1]) {
            return dropQueued(number)
        }
        guard words.isEmpty else {
            return show("/queue lists what waits; /queue drop 1 drops one.")
        }
        guard !chat.queue.isEmpty else { return show("No message waits.") }
        let texts = chat.queue.enumerated().map { "\($0 + 1). \($1.text)" }
        overlay = .page(
            PageOverlay(title: "Messages that wait", text: texts.joined(separator: "\n"))
        )
    }

    private mutating func dropQueued(_ number: Int) {
        guard chat.queue[counted: number] != nil else {
            return show(
                chat.queue.isEmpty ? "No message waits." : "Message \(number) does not wait."
            )
        }
        let dropped = chat.queue.remove(at: number - 1)
        let title = dropped.title.shortened(to: 40)
        if dropped.load.attachments.isEmpty, dropped.contents.chips.isEmpty {
            show("Dropped \"\(title)\"; \(keymap.hint(for: .historyPrevious)) brings it back.")
        } else if chat.editor.isEmpty {
            // The history keeps no files.
            chat.editor.replace(with: dropped.contents)
            show("\"\(title)\" is the draft again; \(keymap.hint(for: .stopOrClear)) clears it.")
        } else {
            show("Dropped \"\(title)\" with its files.")
        }
    }

    // MARK: - Selecting

    private mutating func toggleDraftMarking() {
        chat.editor.toggleMarking()
        show(
            chat.editor.isMarking
                ? "Moving the caret selects now; Esc ends it." : "Nothing is selected."
        )
    }

    private mutating func selectAll() {
        focus(.editor)
        chat.editor.selectAll()
    }

    private mutating func copySelection() -> [Effect] {
        guard let selected = chat.editor.copySelection() else {
            show(
                "Nothing is selected in the draft. Shift and the arrows select; "
                    + "Ctrl-Space begins at the caret."
            )
            return []
        }
        return [.copy(selected)]
    }
}
