import TerminalCore

/// The list of files to attach from, over the panes: names at the left, the marked file at the right
/// or, on a narrow screen, in the last rows.
struct FilesView {
    private let files: FilesOverlay
    private let state: AppState

    private static let sideWidth = 76

    init(_ files: FilesOverlay, _ state: AppState) {
        self.files = files
        self.state = state
    }

    /// Draws the list.
    /// - Returns: where the real cursor stands: behind what was typed.
    func draw(on surface: inout Surface, theme: Theme) -> Position {
        let area = Rect(x: 0, y: 0, width: surface.width, height: surface.height - 1)
        surface.fill(area, style: theme[.text])
        let name = files.folder.isEmpty ? "the working folder" : files.folder
        surface.drawBox(area, title: "Attach from \(name)", style: theme[.borderFocus])
        let inner = area.inset
        let mark = surface.draw("> ", column: inner.x, row: inner.y, style: theme[.user])
        let queryArea = Rect(x: inner.x, y: inner.y, width: inner.width, height: 1)
        let end = surface.draw(
            files.query,
            column: mark,
            row: inner.y,
            style: theme[.text],
            clip: queryArea
        )
        var list = Rect(x: inner.x, y: inner.y + 1, width: inner.width, height: inner.height - 1)
        var side: Rect
        if surface.width >= Self.sideWidth {
            let width = max(30, inner.width * 2 / 5)
            side = Rect(
                x: list.x + width + 2,
                y: list.y,
                width: inner.width - width - 2,
                height: list.height
            )
            list.width = width
        } else {
            let height = list.height > 8 ? 3 : 1
            side = Rect(x: list.x, y: list.maxY - height, width: list.width, height: height)
            list.height -= height
        }
        drawNames(on: &surface, in: list, theme)
        for (index, row) in glance(width: side.width, height: side.height).enumerated() {
            surface.draw(row, row: side.y + index, in: side, theme: theme)
        }
        return Position(column: min(end, inner.maxX - 1), row: inner.y)
    }

    private func drawNames(on surface: inout Surface, in area: Rect, _ theme: Theme) {
        guard let matches = files.matches else {
            surface.draw("...", column: area.x, row: area.y, style: theme[.faint], clip: area)
            return
        }
        guard !matches.isEmpty else {
            let text = files.query.isEmpty ? "Empty. Backspace goes up." : "Nothing fits."
            surface.draw(text, column: area.x, row: area.y, style: theme[.faint], clip: area)
            return
        }
        let first = max(0, min(files.selection - area.height / 2, matches.count - area.height))
        for row in 0..<area.height {
            guard let match = matches[safe: first + row] else { break }
            let line = Rect(x: area.x, y: area.y + row, width: area.width, height: 1)
            let isSelected = first + row == files.selection
            if isSelected { surface.fill(line, style: theme[.selection]) }
            let size = match.entry.isFolder ? "" : match.entry.sizeInBytes.bytes
            let room = line.width - size.count - 3
            let name = match.entry.name.firstLine + (match.entry.isFolder ? "/" : "")
            surface.draw(
                (isSelected ? "> " : "  ") + name.shortened(to: room),
                column: line.x,
                row: line.y,
                style: theme[isSelected ? .selection : .text],
                clip: line
            )
            surface.draw(
                size,
                column: line.maxX - size.count,
                row: line.y,
                style: theme[isSelected ? .selection : .faint],
                clip: line
            )
        }
    }

    /// What the marked file holds, in so many rows.
    private func glance(width: Int, height: Int) -> [TextRow] {
        guard width > 0, height > 0, let selected = files.selected else { return [] }
        if selected.isFolder { return [TextRow("Enter opens the folder.", .faint)] }
        guard let glance = files.glance else { return [TextRow("...", .faint)] }
        switch glance.reading {
        case .text(let text, _):
            let cost = TextRow(TokenEstimate.words(TokenEstimate.tokens(of: text)), .notice)
            let lines = text.prefix(8_192).split(
                omittingEmptySubsequences: false,
                whereSeparator: \.isNewline
            )
            return [cost] + lines.prefix(max(0, height - 1)).map { TextRow(String($0), .faint) }
        case .media(let preview, _, _, _):
            let file = AttachedFile(path: glance.path, sizeInBytes: 0)
            let words = Wrapping.rows(state.receipt(of: file, preview).words, width: width)
                .map { TextRow($0, .notice) }
            let notes = preview.notes.flatMap { Wrapping.rows($0, width: width) }
                .map { TextRow($0, .faint) }
            let rows = words + notes
            let room = height - rows.count
            let picture = PreviewRows(preview, width: width, isLarge: true).rows
            if picture.count <= room { return rows + picture }
            let small = PreviewRows(preview, width: width, isLarge: false).rows
            return rows + (small.count <= room ? small : [])
        case .texts(let bundle):
            let bytes = bundle.sizeInBytes
            let cost = TextRow(
                "\(bytes.bytes) of text, \(TokenEstimate.words(bundle.tokens))",
                .notice
            )
            let text = bundle.documents.first?.text.prefix(8_192) ?? ""
            let lines = text.split(whereSeparator: \.isNewline)
            return [cost] + lines.prefix(max(0, height - 1)).map { TextRow(String($0), .faint) }
        default:
            let sentence = glance.reading.refusal(of: selected.name) ?? ""
            return Wrapping.rows(sentence, width: width).prefix(height).map { TextRow($0, .error) }
        }
    }
}
