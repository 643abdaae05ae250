import TerminalCore

extension AppState {
    /// Focus, scrolling and the borders between panes, by mouse.
    mutating func receive(_ event: MouseEvent) -> [Effect] {
        let rows = 3
        if overlay != nil {
            switch event.action {
            case .scrollUp: return receiveInOverlay(KeyPress(.up))
            case .scrollDown: return receiveInOverlay(KeyPress(.down))
            case .press, .release, .drag: return []
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
        case .drag: if let draggedBorder { move(draggedBorder, to: event.position.column, layout) }
        case .release:
            defer { draggedBorder = nil }
            if draggedBorder != nil { return [.rememberPanes(panes)] }
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
        } else {
            focus(.editor)
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
