import TerminalCore

/// A list to pick from, drawn over the middle of the screen.
enum ListView {
    /// - Returns: Where the real cursor stands: behind what was typed.
    static func draw(_ list: ListOverlay, on surface: inout Surface, theme: Theme) -> Position {
        let area = area(surface)
        surface.fill(area, style: theme[.text])
        surface.drawBox(area, title: list.title, style: theme[.borderFocus])
        let inner = area.inset
        let query = Rect(x: inner.x, y: inner.y, width: inner.width, height: 1)
        let mark = surface.draw("> ", column: query.x, row: query.y, style: theme[.user])
        let end = surface.draw(
            list.query,
            column: mark,
            row: query.y,
            style: theme[.text],
            clip: query
        )
        let room = max(0, inner.height - 1)
        let first = max(0, min(list.selection - room / 2, list.matches.count - room))
        for row in 0..<room {
            guard let item = list.matches[safe: first + row] else { break }
            let line = Rect(x: inner.x, y: inner.y + 1 + row, width: inner.width, height: 1)
            draw(item, isSelected: first + row == list.selection, on: &surface, line, theme)
        }
        if list.matches.isEmpty, room > 0 {
            surface.draw(
                "Nothing fits.",
                column: inner.x,
                row: inner.y + 1,
                style: theme[.faint],
                clip: inner
            )
        }
        return Position(column: min(end, inner.maxX - 1), row: query.y)
    }

    private static func area(_ surface: Surface) -> Rect {
        let width = min(surface.width, 76)
        let height = min(surface.height - 1, 18)
        return Rect(
            x: (surface.width - width) / 2,
            y: max(0, (surface.height - 1 - height) / 3),
            width: width,
            height: height
        )
    }

    private static func draw(
        _ item: ListOverlay.Item,
        isSelected: Bool,
        on surface: inout Surface,
        _ line: Rect,
        _ theme: Theme
    ) {
        let style = theme[isSelected ? .selection : .text]
        if isSelected { surface.fill(line, style: style) }
        let trailing = item.trailing.shortened(to: line.width / 3)
        let room = line.width - DisplayWidth.of(trailing) - 3
        let title = "\(isSelected ? "> " : "  ")\(item.title)".shortened(to: room)
        let end = surface.draw(title, column: line.x, row: line.y, style: style, clip: line)
        let detail = "  \(item.detail)".shortened(to: room - (end - line.x))
        let faint = isSelected ? style : theme[.faint]
        surface.draw(detail, column: end, row: line.y, style: faint, clip: line)
        surface.draw(
            trailing,
            column: line.maxX - DisplayWidth.of(trailing) - 1,
            row: line.y,
            style: faint,
            clip: line
        )
    }
}

/// A question with its answers, drawn at the bottom of the screen.
enum ChoiceView {
    static func draw(_ choice: ChoiceOverlay, on surface: inout Surface, theme: Theme) {
        let width = min(surface.width, 76)
        let rows = rows(choice, width: max(1, width - 4), height: max(1, surface.height - 3))
        let height = rows.count + 2
        let area = Rect(
            x: (surface.width - width) / 2,
            y: max(0, surface.height - 1 - height),
            width: width,
            height: height
        )
        surface.fill(area, style: theme[.text])
        surface.drawBox(area, title: "", style: theme[.borderFocus])
        let inner = area.inset
        for (index, row) in rows.prefix(inner.height).enumerated() {
            surface.draw(row, row: inner.y + index, in: inner, theme: theme)
        }
    }

    /// The whole where there is room; else every answer in a row, and of the question what fits.
    private static func rows(_ choice: ChoiceOverlay, width: Int, height: Int) -> [TextRow] {
        let question = Wrapping.rows(choice.question, width: width).map { TextRow($0, .text) }
        let answers = choice.choices.flatMap { answer(from: $0, width: width) }
        let whole = question + [.blank] + answers + [TextRow("Esc closes.", .faint)]
        if whole.count <= height { return whole }
        let short = choice.choices.map { choice in
            row(choice.key, choice.title.shortened(to: width - 4), isFirst: true)
        }
        return question.prefix(max(1, height - short.count)) + short
    }

    private static func answer(from choice: ChoiceOverlay.Choice, width: Int) -> [TextRow] {
        Wrapping.rows(choice.title, width: max(1, width - 4)).enumerated().map { index, text in
            row(choice.key, text, isFirst: index == 0)
        }
    }

    private static func row(_ key: Character, _ text: String, isFirst: Bool) -> TextRow {
        TextRow([
            TextRow.Span(text: isFirst ? "\(key)   " : "    ", ink: .user),
            TextRow.Span(text: text, ink: .text),
        ])
    }
}

/// Text to read, over the whole screen.
enum PageView {
    static func rows(_ page: PageOverlay, width: Int) -> [TextRow] {
        Wrapping.rows(page.text, width: max(1, width - 2)).map { TextRow(" \($0)", .text) }
    }

    static func draw(_ page: PageOverlay, on surface: inout Surface, theme: Theme) {
        let rows = rows(page, width: surface.width)
        let room = surface.height - 1
        let area = Rect(x: 0, y: 0, width: surface.width, height: room)
        // A wider screen has fewer rows.
        let first = min(page.scroll, max(0, rows.count - room))
        for (index, row) in rows.dropFirst(first).prefix(room).enumerated() {
            surface.draw(row, row: index, in: area, theme: theme)
        }
        let last = min(rows.count, first + room)
        surface.fill(Rect(x: 0, y: room, width: surface.width, height: 1), style: theme[.status])
        let hint =
            "\(page.title): rows \(first + 1)-\(last) of \(rows.count) | j k | Esc closes"
        surface.draw(hint, column: 0, row: room, style: theme[.status])
    }
}

extension Rect {
    /// Without its outermost cells, and a column of air at each side.
    var inset: Rect { Rect(x: x + 2, y: y + 1, width: width - 4, height: height - 2) }

    func contains(_ position: Position) -> Bool {
        position.column >= x && position.column < maxX && position.row >= y && position.row < maxY
    }
}

extension Surface {
    /// Draws a box along the edges of an area.
    mutating func drawBox(_ area: Rect, title: String, style: Style) {
        guard area.width >= 2, area.height >= 2 else { return }
        let line = String(repeating: "─", count: area.width - 2)
        draw("┌\(line)┐", column: area.x, row: area.y, style: style)
        for row in (area.y + 1)..<(area.maxY - 1) {
            draw("│", column: area.x, row: row, style: style)
            draw("│", column: area.maxX - 1, row: row, style: style)
        }
        draw("└\(line)┘", column: area.x, row: area.maxY - 1, style: style)
        guard !title.isEmpty else { return }
        let text = " \(title) ".shortened(to: area.width - 4)
        draw(text, column: area.x + 2, row: area.y, style: style)
    }
}
