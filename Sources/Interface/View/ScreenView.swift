import Conversation
package import TerminalCore

/// Draws the state.
///
/// The state is `inout` only because rows that were laid out are remembered in it; nothing that
/// can be seen changes.
package func view(_ state: inout AppState) -> Frame {
    let size = state.size
    var surface = Surface(width: size.width, height: size.height, style: state.theme[.text])
    guard size.width >= ScreenLayout.smallest.width, size.height >= ScreenLayout.smallest.height
    else { return tooSmall(size, surface, state.theme) }
    switch state.overlay {
    case .help(let scroll):
        HelpView.draw(state.keymap, on: &surface, from: scroll, theme: state.theme)
        return Frame(surface: surface, caret: nil)
    case .page(let page):
        PageView.draw(page, on: &surface, theme: state.theme)
        return Frame(surface: surface, caret: nil)
    case .find(let find):
        let caret = FindView(find, state.now).draw(on: &surface, theme: state.theme)
        return Frame(surface: surface, caret: caret)
    case .files(let files):
        let caret = FilesView(files, state).draw(on: &surface, theme: state.theme)
        StatusView(state).draw(on: &surface, row: size.height - 1, theme: state.theme)
        return Frame(surface: surface, caret: caret)
    case .list, .choice, .input, nil: break
    }
    let layout = ScreenLayout(state)
    for slot in layout.conversations.indices {
        drawConversation(slot, of: &state, layout, on: &surface)
    }
    for (index, row) in layout.extras.enumerated() {
        surface.draw(
            row,
            row: layout.extraArea.y + index,
            in: layout.extraArea,
            theme: state.theme
        )
    }
    drawRule(state, layout, on: &surface)
    var caret = drawEditor(state, layout, on: &surface)
    drawBorders(state, layout, on: &surface)
    if let area = layout.sessions {
        let view = SessionsView(state)
        view.draw(on: &surface, in: area, theme: state.theme)
        if let place = view.caret(in: area) { caret = place }
    }
    if let area = layout.inspector {
        state.inspector.wrapPrompt(to: InspectorView.textWidth(area.width))
        InspectorView(state).draw(on: &surface, in: area, theme: state.theme)
    }
    StatusView(state).draw(on: &surface, row: layout.status, theme: state.theme)
    switch state.overlay {
    case .list(let list): caret = ListView.draw(list, on: &surface, theme: state.theme)
    case .choice(let choice):
        ChoiceView.draw(choice, on: &surface, theme: state.theme)
        caret = nil
    case .input(let input): caret = InputView.draw(input, on: &surface, theme: state.theme)
    case .help, .page, .find, .files, nil: break
    }
    return Frame(surface: surface, caret: caret)
}

private func tooSmall(_ size: Size, _ surface: Surface, _ theme: Theme) -> Frame {
    var surface = surface
    let sentence = "facet needs at least 20 columns and 6 rows."
    for (row, text) in Wrapping.rows(sentence, width: size.width).enumerated() {
        surface.draw(text, column: 0, row: row, style: theme[.notice])
    }
    return Frame(surface: surface, caret: nil)
}

private func drawConversation(
    _ slot: Int,
    of state: inout AppState,
    _ layout: ScreenLayout,
    on surface: inout Surface
) {
    let area = layout.conversations[slot]
    guard area.width > 0 else { return }
    let index = state.shownIndices[slot]
    let offers = WelcomeView(state, in: state.chats[index])?
        .rows(width: area.width, height: area.height)
    for (number, row) in (offers ?? []).enumerated() {
        surface.draw(row, row: area.y + number, in: area, theme: state.theme)
    }
    let messages = MessageLayout(state.chats[index], state.media, state.now, state.keymap)
    let rows = state.chats[index].pane.visible(messages, width: area.width, height: area.height)
    for (number, row) in rows.enumerated() {
        // What is there stands at the top until it fills the pane.
        surface.draw(row.text, row: area.y + number, in: area, theme: state.theme)
        mark(row, of: state, chat: index, row: area.y + number, in: area, on: &surface)
    }
    guard let head = layout.titles[safe: slot] else { return }
    let chat = state.chats[index]
    let isActive = slot == state.slot
    let style = state.theme[isActive ? .statusStrong : .status]
    surface.fill(head, style: style)
    let mark = chat.running == nil ? "" : "... "
    let other = layout.conversations.contains { $0.width == 0 } ? "\(slot + 1) of 2: " : ""
    let title = " \(other)\(mark)\(chat.displayTitle)".shortened(to: head.width)
    surface.draw(title, column: head.x, row: head.y, style: style, clip: head)
}

/// Shows on a drawn row what is chosen, marked and found.
private func mark(
    _ visible: VisibleRow,
    of state: AppState,
    chat index: Int,
    row: Int,
    in area: Rect,
    on surface: inout Surface
) {
    let pane = state.chats[index].pane
    let theme = state.theme
    if pane.cursor == visible.message, visible.text.gutter > 0 {
        let gutter = Rect(x: area.x, y: row, width: visible.text.gutter - 1, height: 1)
        surface.restyle(gutter) { _ in theme[.selection] }
    }
    if let search = state.search, !search.query.isEmpty, index == state.shownIndices[state.slot] {
        let text = visible.text.spans.map(\.text).joined()
        for range in search.ranges(in: text) {
            let start = DisplayWidth.of(String(text[..<range.lowerBound]))
            let width = DisplayWidth.of(String(text[range]))
            let place = Rect(x: area.x + start, y: row, width: width, height: 1)
            surface.restyle(place.intersection(area)) { _ in theme[.match] }
        }
    }
    let columns = pane.selection?.columns(
        message: visible.index,
        row: visible.row,
        width: area.width
    )
    if let columns {
        let first = max(columns.lowerBound, visible.text.gutter)
        let place = Rect(
            x: area.x + first,
            y: row,
            width: columns.upperBound - first,
            height: 1
        )
        surface.restyle(place.intersection(area)) { _ in theme[.selection] }
    }
}

private func drawBorders(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
    for (column, border) in layout.borders {
        let end =
            switch border {
            case .conversations: layout.extraArea.y
            case .sessions: layout.sessions?.maxY ?? layout.status
            case .inspector: layout.inspector?.maxY ?? layout.status
            }
        let touches =
            switch border {
            case .sessions: state.focus == .sessions
            case .inspector: state.focus == .inspector
            case .conversations: state.focus == .conversation
            }
        for row in 0..<end {
            surface.draw(
                "│",
                column: column,
                row: row,
                style: state.theme[touches ? .borderFocus : .border]
            )
        }
    }
}

private func drawRule(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
    let area = layout.rule
    surface.draw(
        String(repeating: "─", count: area.width),
        column: area.x,
        row: area.y,
        style: state.theme[.border]
    )
    if let caution = StatusView(state).displacedCaution(width: surface.width) {
        let text = " \(caution) ".shortened(to: area.width - 4)
        surface.draw(text, column: area.x + 2, row: area.y, style: state.theme[.notice])
    }
    if state.chat.pane.anchor != nil {
        let hasNewText = state.chat.pane.hasNewText
        let text = hasNewText ? " new text below " : " more below "
        let column = max(area.x, area.maxX - text.count - 2)
        surface.draw(
            text,
            column: column,
            row: area.y,
            style: state.theme[hasNewText ? .notice : .faint]
        )
    }
}

/// Draws the part of the draft around the caret.
/// - Returns: Where the real cursor stands.
private func drawEditor(
    _ state: AppState,
    _ layout: ScreenLayout,
    on surface: inout Surface
) -> Position? {
    let area = layout.editor
    let caret = layout.draft.caret
    let first = max(0, min(caret.row - area.height + 1, layout.draft.rows.count - area.height))
    for index in 0..<area.height {
        let number = first + index
        let mark = number == 0 && layout.draft.beginsDraft ? "> " : "  "
        let row = area.y + index
        surface.draw(mark, column: area.x, row: row, style: state.theme[.user])
        if number == 0, state.offersQuestion, let question = state.welcome?.question {
            let text = question.shortened(to: area.width - 2)
            surface.draw(text, column: area.x + 2, row: row, style: state.theme[.faint])
        }
        guard layout.draft.rows.indices.contains(number) else { continue }
        surface.draw(
            layout.draft.rows[number].text,
            column: area.x + 2,
            row: row,
            style: state.theme[.text],
            clip: area
        )
        if let selected = layout.draft.rows[number].selected {
            let columns = Rect(
                x: area.x + 2 + selected.lowerBound,
                y: row,
                width: selected.count,
                height: 1
            )
            surface.restyle(columns.intersection(area)) { _ in state.theme[.selection] }
        }
    }
    if let place = layout.searchCaret { return place }
    guard state.focus == .editor else { return nil }
    let column = min(area.x + caret.column + 2, area.maxX - 1)
    return Position(column: column, row: area.y + caret.row - first)
}

extension Chat {
    /// What stands for the conversation where there is one line.
    var displayTitle: String { transcript.title.isEmpty ? "new session" : transcript.title }
}

extension Surface {
    /// Draws a row of spans in an area, and what belongs to its right edge.
    mutating func draw(_ text: TextRow, row: Int, in area: Rect, theme: Theme) {
        var column = area.x
        for span in text.spans {
            column = draw(
                span.text,
                column: column,
                row: row,
                style: theme.style(of: span, on: column >= area.x + text.gutter ? text.fill : nil),
                clip: area
            )
        }
        if let fill = text.fill, column < area.maxX {
            self.fill(
                Rect(x: column, y: row, width: area.maxX - column, height: 1),
                style: theme[fill]
            )
        }
        for line in text.pictures {
            draw(line.picture, line: line.line, column: area.x + line.column, row: row, clip: area)
        }
        if let trailing = text.trailing {
            draw(
                trailing.text,
                column: area.maxX - trailing.text.count - 1,
                row: row,
                style: theme[trailing.ink],
                clip: area
            )
        }
    }
}
