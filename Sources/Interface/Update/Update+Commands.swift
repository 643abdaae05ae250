import Conversation
import TerminalCore

extension AppState {
    /// Carries out a command that a key or a slash word named.
    mutating func run(_ command: Command, argument: String = "") -> [Effect] {
        if !Self.keepsColumn.contains(command) { chat.editor.goalColumn = nil }
        switch command {
        case .send: return send()
        case .stopOrClear:
            if chat.usesEngine { return stop() }
            chat.edited = nil
            chat.editor.clear()
            show("The draft was cleared; \(keymap.hint(for: .undo)) brings it back.")
        case .escape:
            guard focus != .editor else { return escapeInEditor() }
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
            if !chats.contains(where: \.usesEngine) { return end() }
            show("An answer is running. Esc stops it.")
        case .quit: return end()
        case .cycleThinking: return cycleThinking()
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .nextPane: focusNext()
        case .write: focus(.editor)
        case .help: overlay = .help(scroll: 0)
        case .palette: openPalette()
        case .split: return toggleSplit()
        case .sessionsPane: return toggle(.sessions)
        case .inspectorPane: return toggle(.inspector)
        case .inspectThoughts: show(.thoughts)
        case .inspectAnswer: show(.answer)
        case .inspectTokens:
            show(.tokens)
            return chat.wantTokens()
        case .inspectPrompt:
            show(.prompt)
            return inspectPrompt()
        case .prompt: return showPrompt()
        case .continueAnswer: return continueAnswer()
        case .enterInspector: return enterInspector()
        case .newSession: return [.newSession(slot: slot)]
        case .newPrivateSession: return [.newSession(slot: slot, isPrivate: true)]
        case .openSession: return openSelected(beside: false)
        case .openBeside: return openSelected(beside: true)
        case .filterSessions: sessions.beginFilter()
        case .find: return find(inAllSessions: argument)
        case .pinSession: return togglePin()
        case .renameSession: return renameSession()
        case .tag: return tag(argument)
        case .deleteSession: return deleteSession(argument)
        case .restoreSession: return restoreSession()
        case .fork: return fork()
        case .parentSession: selectParent()
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
        case .theme: return [.listThemes(wanted: argument)]
        case .copyAnswer: return copyAnswer()
        case .search where !argument.isEmpty: find(argument)
        case .messageUp, .messageDown, .thoughtUp, .thoughtDown, .mark, .copy, .copyThought,
            .search, .searchAgain, .searchBack, .editMessage, .siblingBefore, .siblingAfter:
            return read(command)
        case .externalEditor: return [.openEditor(chat.editor.expandedText)]
        case .retry: return retry()
        case .think: return setThinking(argument)
        case .export: return export(argument)
        case .copyCode: return copyCode(argument)
        case .saveCode: return saveCode(argument)
        case .toggleMarkdown: toggleMarkdown()
        case .compact: askAboutContext()
        case .budget: return setBudget(argument)
        case .wrapUp: return wrapUp()
        case .thoughts: setThoughtDisplay(argument)
        case .model: return chooseModel(argument)
        case .getModel: return showOffer()
        case .set: return set(argument)
        case .system: return setSystemPrompt(argument)
        case .title: return setTitle(argument)
        case .context: describeContext()
        case .toggleThoughts, .foldOne, .pageUp, .pageDown, .scrollUp, .scrollDown, .scrollToTop,
            .scrollToEnd:
            look(command)
        case .attach: return attach(argument)
        case .detach: detach(argument)
        case .record: return toggleRecording()
        case .pastePicture: return pastePicture()
        case .imageTokens: setImageTokens(argument)
        case .queue: changeQueue(argument)
        default: return edit(command)
        }
        return []
    }

    // MARK: - Looking

    /// Scrolls a conversation by rows, down when positive.
    mutating func scroll(by distance: Int, slot: Int) {
        let area = ScreenLayout(self).conversations[slot]
        guard area.width > 0, let index = shownIndices[safe: slot] else { return }
        let layout = MessageLayout(chats[index], media, now, keymap)
        chats[index].pane.scroll(by: distance, layout, width: area.width, height: area.height)
    }

    private mutating func look(_ command: Command) {
        if focus == .sessions { return lookInSessions(command) }
        if focus == .inspector { return lookInInspector(command) }
        let area = ScreenLayout(self).conversations[slot]
        let layout = MessageLayout(chat, media, now, keymap)
        let page = max(1, area.height - 2)
        switch command {
        case .toggleThoughts:
            showThoughts(chat.pane.display == .always ? .folded : .always)
        case .foldOne:
            let rows = chat.pane.visible(layout, width: area.width, height: area.height)
            let thought = rows.last { chat.message($0.message)?.isFoldable == true }
            guard let id = thought?.message else {
                return show("There is no thought and no picture in view.")
            }
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

    /// Shows a tab of the inspector, which opens for it.
    private mutating func show(_ tab: InspectorTab) {
        inspector.show(tab)
        guard talksPlainly || !panes.showsInspector else { return }
        panes.showsInspector = true
        focus(.inspector)
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
    private mutating func enterInspector() -> [Effect] {
        if inspector.tab == .prompt { return inspectPrompt() }
        guard let message = InspectorView(self).selectedThought else {
            show("Enter goes to the selected thought in the list of thoughts.")
            return []
        }
        focus(.conversation)
        revealThoughts(of: message)
        return []
    }
}
