import Conversation
import TerminalCore

extension AppState {
    /// Puts a session that was opened into a slot of the screen.
    mutating func receive(_ opened: OpenedSession, slot wanted: Int) -> [Effect] {
        if !chats.contains(where: { $0.id == opened.transcript.id }) {
            var chat = Chat(
                transcript: opened.transcript,
                readOnlyReason: opened.readOnlyReason,
                kept: opened.kept,
                defaults: preferences.pane
            )
            chat.history.share(sharedHistory)
            chat.isPrivate = opened.isPrivate
            if let description { chat.lastStatistics?.contextSize = description.contextSize }
            chats.append(chat)
            if let description, opened.transcript.messages.isEmpty {
                takeSampling(of: description, in: chats.count - 1)
            }
        }
        let privacy =
            "Nothing of this conversation is kept: no session, no history, no draft. It ends with "
            + "facet."
        var sentences = [
            opened.isPrivate ? privacy : nil, opened.notice ?? opened.readOnlyReason,
        ].compactMap(\.self)
        if talksPlainly, let index = index(called: opened.transcript.id),
            let unsent = chats[index].takeUnsent()
        {
            sentences.append(unsent)
        }
        if !sentences.isEmpty { show(sentences.joined(separator: " ")) }
        let effects = place(opened.transcript.id, in: wanted)
        reachGoal()
        return effects + wantTokens()
    }

    /// Draws tokens as the model's file says, where nobody chose otherwise: in a conversation that
    /// is new, or that drew them as the model before said.
    mutating func takeSampling(of model: EngineDescription, in index: Int) {
        let chat = chats[index]
        let isNew =
            chat.transcript.messages.isEmpty
            && chat.transcript.sampling == preferences.sampling.settings(for: nil)
        guard isNew || chat.transcript.sampling == lastSampling else { return }
        chats[index].transcript.sampling = preferences.sampling.settings(for: model)
    }

    /// Shows an open conversation in a slot; what leaves the screen is closed unless it is busy.
    private mutating func place(_ id: String, in wanted: Int) -> [Effect] {
        if let already = shown.firstIndex(of: id) {
            slot = already
        } else if wanted < shown.count {
            shown[wanted] = id
            slot = wanted
        } else {
            shown.append(id)
            slot = shown.count - 1
        }
        // Whoever deletes sessions in the list stays there.
        if leaving.isEmpty {
            focus = .editor
            if size.width < ScreenLayout.sidePaneWidth { panes.showsSessions = false }
        }
        return closeIdleChats()
    }

    /// Opens a session in a slot, unless it is open already.
    mutating func open(_ id: String, in slot: Int) -> [Effect] {
        if chats.contains(where: { $0.id == id }) { return place(id, in: slot) }
        // Asked for twice, its lock would be held against ourselves.
        guard !isOpening else {
            goal = nil
            show("A session is being opened.")
            return []
        }
        return [.openSession(id: id, slot: slot)]
    }

    /// Whether something would be lost or cut short if it were closed now.
    func isBusy(_ chat: Chat) -> Bool {
        chat.isBusy || !chat.reading.isEmpty || recording?.session == chat.id
    }

    /// Closes what is on no screen and has nothing to lose.
    mutating func closeIdleChats() -> [Effect] {
        let idle = chats.indices.filter { index in
            let chat = chats[index]
            return !shown.contains(chat.id) && (!isBusy(chat) || leaving[chat.id] != nil)
        }
        let effects: [Effect] = idle.flatMap { index in
            let id = chats[index].id
            let kept = chats[index].keepChanges(at: now, isEnding: true)
            let gone: [Effect] =
                leaving.removeValue(forKey: id).map { [.deleteSession(id: id, title: $0)] } ?? []
            return kept + [.closeSession(id: id)] + gone
        }
        for index in idle.reversed() { chats.remove(at: index) }
        return effects
    }

    /// Shows a second conversation beside the first, or only the present one again.
    mutating func toggleSplit() -> [Effect] {
        guard isSplit else {
            return [.newSession(slot: 1)]
        }
        shown = [chat.id]
        slot = 0
        return closeIdleChats()
    }

    /// Gives the keys to the next pane on the screen.
    mutating func focusNext() {
        // Each conversation is a stop, and the editor once.
        var stops: [(Focus, Int)] = []
        if panes.showsSessions { stops.append((.sessions, slot)) }
        for index in shown.indices { stops.append((.conversation, index)) }
        if panes.showsInspector { stops.append((.inspector, slot)) }
        stops.append((.editor, slot))
        let present = stops.firstIndex { $0.0 == focus && ($0.0 != .conversation || $0.1 == slot) }
        let next = stops[((present ?? -1) + 1) % stops.count]
        focus(next.0, slot: next.1)
    }

    /// Gives the keys to a pane; leaving an overlay pane of a narrow screen closes it.
    mutating func focus(_ new: Focus, slot newSlot: Int? = nil) {
        if size.width < ScreenLayout.sidePaneWidth {
            if focus == .sessions, new != .sessions { panes.showsSessions = false }
            if focus == .inspector, new != .inspector { panes.showsInspector = false }
        }
        focus = new
        historySearch = nil
        if let newSlot { slot = newSlot.clamped(to: 0...(shown.count - 1)) }
    }

    /// Opens a side pane and goes there; from inside it closes it.
    mutating func toggle(_ pane: Focus) -> [Effect] {
        let isClosing = focus == pane
        if pane == .sessions { panes.showsSessions = !isClosing }
        if pane == .inspector { panes.showsInspector = !isClosing }
        focus(isClosing ? .editor : pane)
        var effects: [Effect] = [.rememberPanes(panes)] + wantTokens()
        if pane == .sessions, !isClosing {
            sessions.select(chat.id)
            effects.append(.listSessions)
        }
        return effects
    }

    /// What was noted of tokens is read where it is shown.
    private mutating func wantTokens() -> [Effect] {
        panes.showsInspector && inspector.tab == .tokens ? chat.wantTokens() : []
    }

    /// Makes the pane with the keys wider or narrower by columns.
    mutating func resizePane(by distance: Int) -> [Effect] {
        switch focus {
        case .sessions: panes.sessionsWidth += distance
        case .inspector: panes.inspectorWidth += distance
        case .conversation, .editor:
            guard isSplit else {
                show(
                    "There is no pane beside this one. \(keymap.prefixHint(for: .split)) opens a second "
                        + "conversation."
                )
                return []
            }
            panes.leftShare += slot == 0 ? distance * 2 : -distance * 2
        }
        panes = panes.checked
        return [.rememberPanes(panes)]
    }

    /// What a key does in the sessions pane besides moving.
    mutating func openSelected(beside: Bool) -> [Effect] {
        guard let selected = sessions.selected else {
            show("There is no session to open.")
            return []
        }
        if let problem = selected.problem {
            show("\"\(selected.title)\" can't be opened: \(problem)", isError: true)
            return []
        }
        return open(selected.id, in: beside ? 1 - slot.clamped(to: 0...1) : slot)
    }
}
