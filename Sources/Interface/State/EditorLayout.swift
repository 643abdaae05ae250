import TerminalCore

/// The draft's rows on the screen and where the caret stands among them.
struct EditorLayout: Sendable {
    /// A place where the caret can stand.
    struct Stop: Sendable, Hashable {
        var offset: Int
        var column: Int
    }

    struct Row: Sendable {
        var text = ""
        var stops: [Stop]
        /// The row goes on in the next one: its end is that one's beginning.
        var isContinued = false
    }

    private(set) var rows: [Row] = []
    private(set) var caret = Position(column: 0, row: 0)

    init(_ editor: Editor, width: Int) {
        let width = max(2, width)
        var row = Row(stops: [Stop(offset: 0, column: 0)])
        var columns = 0
        var offset = 0

        func end(continued: Bool) {
            row.isContinued = continued
            rows.append(row)
            row = Row(stops: [Stop(offset: offset, column: 0)])
            columns = 0
        }

        for cluster in editor.text {
            let size = cluster.utf8.count
            if cluster.isNewline {
                offset += size
                end(continued: false)
                continue
            }
            if let ascii = cluster.asciiValue, ascii >= 0x20, ascii < 0x7F {
                if columns + 1 > width { end(continued: true) }
                row.text.append(cluster)
                columns += 1
                offset += 1
                row.stops.append(Stop(offset: offset, column: columns))
                continue
            }
            // Cleaned now, so that what is measured is what is drawn.
            let label = cluster == "\t" ? "    " : editor.label(of: cluster)
            let glyphs = label.flatMap { Glyph.drawing($0) }
            let needed = glyphs.reduce(0) { $0 + $1.width }
            if columns + needed > width, columns > 0 { end(continued: true) }
            row.text += glyphs.map(\.text).joined()
            columns += needed
            offset += size
            row.stops.append(Stop(offset: offset, column: columns))
        }
        // The caret after a full row stands at the beginning of the next.
        if columns >= width { end(continued: true) }
        rows.append(row)
        caret = place(of: editor.caret)
    }

    /// The offset nearest to a column of a row.
    func offset(row: Int, column: Int) -> Int {
        guard rows.indices.contains(row) else { return 0 }
        let stops = rows[row].isContinued ? rows[row].stops.dropLast() : rows[row].stops[...]
        return stops.last { $0.column <= column }?.offset ?? rows[row].stops[0].offset
    }

    private func place(of offset: Int) -> Position {
        for (number, row) in rows.enumerated().reversed() {
            if let stop = row.stops.first(where: { $0.offset == offset }) {
                return Position(column: stop.column, row: number)
            }
        }
        return Position(column: 0, row: 0)
    }
}
