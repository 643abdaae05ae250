/// Breaks text into rows that fit a width.
package enum Wrapping {
    /// Columns between tab stops.
    private static let tabStop = 4

    /// The rows of a text, cleaned for drawing.
    ///
    /// Breaks at spaces where there are some and between wide clusters; a longer word is cut
    /// between clusters, never inside one. Leading spaces stay, those at a break go. Linear time.
    /// - Parameters:
    ///   - text: Any text; line ends of every kind break it.
    ///   - width: Columns; below 1 counts as 1.
    /// - Returns: At least one row.
    package static func rows(_ text: String, width: Int) -> [String] {
        var rows: [String] = []
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isLineBreak) {
            wrap(line, width: max(1, width), into: &rows)
        }
        return rows
    }

    private static func wrap(_ line: Substring, width: Int, into rows: inout [String]) {
        // Most lines are short and plain: nothing to measure.
        if line.utf8.count <= width, line.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) {
            rows.append(String(line))
            return
        }
        var row = ""
        var columns = 0
        // Where the row can be broken: its text up to there, and what follows.
        var breakText: String.Index?
        var rest = ""
        var restColumns = 0

        func endRow() {
            while row.last == " " { row.removeLast() }
            rows.append(row)
            row = ""
            columns = 0
            breakText = nil
            rest = ""
            restColumns = 0
        }

        func add(_ glyph: Glyph) {
            if glyph.text == " " {
                // Spaces that do not fit vanish at the break.
                if columns + 1 <= width {
                    row += " "
                    columns += 1
                }
                breakText = row.endIndex
                rest = ""
                restColumns = 0
                return
            }
            if columns + glyph.width > width, columns > 0 {
                if let end = breakText, glyph.width == 1 || restColumns > 0 {
                    let carried = rest
                    let carriedColumns = restColumns
                    row = String(row[..<end])
                    endRow()
                    row = carried
                    columns = carriedColumns
                } else {
                    endRow()
                }
                if columns + glyph.width > width, columns > 0 { endRow() }
            }
            row += glyph.text
            columns += glyph.width
            if glyph.width > 1 {
                // Between wide clusters a row may break anywhere.
                breakText = row.endIndex
                rest = ""
                restColumns = 0
            } else {
                rest += glyph.text
                restColumns += glyph.width
            }
        }

        for cluster in line {
            if cluster == "\t" {
                let count = tabStop - columns % tabStop
                for _ in 0..<count { add(Glyph(" ", width: 1)) }
                continue
            }
            if cluster.isPlainASCII {
                add(Glyph(String(cluster), width: 1))
                continue
            }
            for glyph in Glyph.drawing(cluster) {
                // A glyph wider than the whole row cannot be shown at all.
                add(glyph.width > width ? Glyph("?", width: 1) : glyph)
            }
        }
        endRow()
    }
}

extension Character {
    /// Ends a line of text: LF, CR, both together, or one of Unicode's two separators.
    package var isLineBreak: Bool {
        self == "\n" || self == "\r\n" || self == "\r" || self == "\u{2028}" || self == "\u{2029}"
    }
}
