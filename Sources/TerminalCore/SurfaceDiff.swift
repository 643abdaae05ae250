/// Cells of one row that have to be written again.
package struct CellRun: Sendable, Hashable {
    package var row: Int
    package var column: Int
    /// Begins at a cluster's first cell; covered cells are left out.
    package var cells: [Cell]
}

extension Surface {
    /// The runs that turn a screen showing `old` into this one.
    ///
    /// A nil or differently sized `old` gives every cell. Runs begin and end at whole clusters.
    /// Where a row holds a cluster whose width terminals disagree about, everything from it to the
    /// end of the row is written again as soon as the row changes: its trailing cells may be stale.
    package func changes(since old: Surface?) -> [CellRun] {
        guard let old, old.width == width, old.height == height else {
            return (0..<height).map { run(row: $0, from: 0, to: width) }
        }
        return (0..<height).flatMap { changes(row: $0, since: old) }
    }

    private func changes(row: Int, since old: Surface) -> [CellRun] {
        var spans: [Range<Int>] = []
        var uncertain: Int?
        for column in 0..<width {
            let new = self[column, row]
            let before = old[column, row]
            if uncertain == nil, new.hasUncertainWidth || before.hasUncertainWidth {
                uncertain = column
            }
            guard new != before else { continue }
            if let last = spans.last, column - last.upperBound < 4 {
                // Rewriting a few equal cells is shorter than moving the cursor over them.
                spans[spans.count - 1] = last.lowerBound..<(column + 1)
            } else {
                spans.append(column..<(column + 1))
            }
        }
        guard !spans.isEmpty else { return [] }
        if let uncertain {
            spans.removeAll { $0.lowerBound >= uncertain }
            if let last = spans.last, last.upperBound >= uncertain {
                spans[spans.count - 1] = last.lowerBound..<width
            } else {
                spans.append(uncertain..<width)
            }
        }
        return spans.map { run(row: row, from: $0.lowerBound, to: $0.upperBound) }
    }

    private func run(row: Int, from start: Int, to end: Int) -> CellRun {
        var first = start
        while first > 0, self[first, row].width == 0 { first -= 1 }
        var cells: [Cell] = []
        for column in first..<max(first, end) where self[column, row].width > 0 {
            cells.append(self[column, row])
        }
        return CellRun(row: row, column: first, cells: cells)
    }
}
