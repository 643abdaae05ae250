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
    if let scroll = state.helpScroll {
        HelpView.draw(on: &surface, from: scroll, theme: state.theme)
        return Frame(surface: surface, caret: nil)
    }
    let layout = ScreenLayout(state)
    let area = layout.conversation
    let rows = state.pane.visible(MessageLayout(state), width: area.width, height: area.height)
    for (index, row) in rows.enumerated() {
        // What is there stands at the top until it fills the pane.
        surface.draw(row.text, row: area.y + index, theme: state.theme)
    }
    for (index, row) in layout.extras.enumerated() {
        surface.draw(row, row: layout.extraArea.y + index, theme: state.theme)
    }
    drawRule(state, layout, on: &surface)
    let caret = drawEditor(state, layout, on: &surface)
    StatusView(state).draw(on: &surface, row: layout.status, theme: state.theme)
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

private func drawRule(_ state: AppState, _ layout: ScreenLayout, on surface: inout Surface) {
    let width = surface.width
    surface.draw(
        String(repeating: "─", count: width),
        column: 0,
        row: layout.rule,
        style: state.theme[.faint]
    )
    if let caution = StatusView(state).displacedCaution(width: width) {
        let text = " \(caution) ".shortened(to: width - 4)
        surface.draw(text, column: 2, row: layout.rule, style: state.theme[.notice])
    }
    if state.pane.anchor != nil {
        let text = state.pane.hasNewText ? " new text below " : " more below "
        let column = max(0, width - text.count - 2)
        let ink: Ink = state.pane.hasNewText ? .notice : .faint
        surface.draw(text, column: column, row: layout.rule, style: state.theme[ink])
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
        let mark = number == 0 ? "> " : "  "
        surface.draw(mark, column: 0, row: area.y + index, style: state.theme[.user])
        guard layout.draft.rows.indices.contains(number) else { continue }
        surface.draw(
            layout.draft.rows[number].text,
            column: 2,
            row: area.y + index,
            style: state.theme[.text]
        )
    }
    guard state.mode == .write else { return nil }
    let column = min(caret.column + 2, surface.width - 1)
    return Position(column: column, row: area.y + caret.row - first)
}

extension Surface {
    /// Draws a row of spans, and what belongs to its right edge.
    mutating func draw(_ text: TextRow, row: Int, theme: Theme) {
        var column = 0
        for span in text.spans {
            column = draw(span.text, column: column, row: row, style: theme[span.ink])
        }
        if let trailing = text.trailing {
            draw(
                trailing.text,
                column: width - trailing.text.count - 1,
                row: row,
                style: theme[trailing.ink]
            )
        }
    }
}
