import TerminalCore

extension AppState {
    /// Focus, scrolling and the borders between panes, by mouse.
    mutating func receive(_ event: MouseEvent) -> [Effect] {
        let rows = 3
        if overlay != nil {
            switch event.action {
            case .scrollUp: return receiveInOverlay(KeyPress(.up))
            case .scrollDown: return receiveInOverlay(KeyPress(.down))
            case .press, .release, .drag, .scrollLeft, .scrollRight: return []
            }
        }
        let layout = ScreenLayout(self)
        switch event.action {
        case .scrollUp, .scrollDown:
            let distance = event.action == .scrollUp ? -rows : rows
            if layout.sessions?.contains(event.position) == true {
                sessions.move(by: distance)
            } else if layout.inspector?.contains(event.position) != true {
                scroll(by: distance, slot: layout.slot(at: event.position) ?? slot)
            }
        case .press:
            draggedBorder = layout.border(at: event.position)
            if draggedBorder == nil { return press(event.position, layout) }
        case .drag:
            if let draggedBorder {
                move(draggedBorder, to: event.position.column, layout)
            } else {
                mark(to: event.position, layout)
            }
        case .scrollLeft, .scrollRight: break
        case .release:
            defer { draggedBorder = nil }
            return draggedBorder != nil ? [.rememberPanes(panes)] : release(event.position, layout)
        }
        return []
    }

    private mutating func press(_ position: Position, _ layout: ScreenLayout) -> [Effect] {
        if let area = layout.sessions, area.contains(position) {
            focus(.sessions)
            let row = position.row - area.y - SessionsView.headerHeight
            guard row >= 0 else { return [] }
            let first = SessionsView.firstRow(sessions, height: area.height)
            sessions.move(by: first + row - sessions.selection)
        } else if layout.inspector?.contains(position) == true {
            focus(.inspector)
        } else if let pressed = layout.slot(at: position) {
            focus(.conversation, slot: pressed)
            let place = place(at: position, layout)
            chat.pane.selection = place.map {
                TextSelection(anchor: $0, head: $0, takesRows: false)
            }
        } else {
            focus(.editor)
        }
        return []
    }

    /// The text under a position of the conversation with the keys.
    private mutating func place(at position: Position, _ layout: ScreenLayout) -> TextPlace? {
        let area = layout.conversations[slot]
        let rows = chat.pane.visible(
            MessageLayout(chat, media, now, keymap),
            width: area.width,
            height: area.height
        )
        guard !rows.isEmpty else { return nil }
        let row = rows[(position.row - area.y).clamped(to: 0...(rows.count - 1))]
        let column = (position.column - area.x).clamped(to: 0...max(0, area.width - 1))
        return TextPlace(message: row.index, row: row.row, column: column)
    }

    /// Marks up to where the mouse is dragged; past an edge the pane scrolls along.
    private mutating func mark(to position: Position, _ layout: ScreenLayout) {
        guard focus == .conversation, chat.pane.selection?.takesRows == false else { return }
        let area = layout.conversations[slot]
        if position.row < area.y || position.row == 0 { scroll(by: -1, slot: slot) }
        if position.row >= area.maxY { scroll(by: 1, slot: slot) }
        if let place = place(at: position, layout) { chat.pane.selection?.head = place }
    }

    /// Copies what was marked; a press without a drag opens or folds a thought.
    private mutating func release(_ position: Position, _ layout: ScreenLayout) -> [Effect] {
        guard focus == .conversation, let marked = chat.pane.selection, !marked.takesRows else {
            return []
        }
        let area = layout.conversations[slot]
        let messages = MessageLayout(chat, media, now, keymap)
        guard marked.anchor == marked.head else {
            let text = chat.pane.selectedText(messages, width: area.width)
            return text.isEmpty ? [] : [.copy(text)]
        }
        chat.pane.selection = nil
        let rows = chat.pane.visible(messages, width: area.width, height: area.height)
        let pressed = rows.first {
            $0.index == marked.anchor.message && $0.row == marked.anchor.row
        }
        if let pressed, pressed.text.isThoughtTitle {
            chat.pane.exceptions.formSymmetricDifference([pressed.message])
        }
        return []
    }

    private mutating func move(_ border: PaneBorder, to column: Int, _ layout: ScreenLayout) {
        switch border {
        case .sessions: panes.sessionsWidth = column
        case .inspector: panes.inspectorWidth = size.width - 1 - column
        case .conversations:
            let whole = layout.conversations.reduce(0) { $0 + $1.width }
            guard whole > 0 else { return }
            panes.leftShare = (column - layout.conversations[0].x) * 100 / whole
        }
        panes = panes.checked
    }
}
