import TerminalCore

/// Draws a table with lines, or as rows of "header: value" where it is too wide for that.
struct TableLayout {
    private(set) var rows: [SpanWrapping.Row] = []
    private let table: TableBlock
    private let width: Int
    private let columns: Int

    /// A column that must be cut stays at least this wide; words that are longer are cut.
    private static let narrowest = 8

    init(_ table: TableBlock, width: Int) {
        self.table = table
        self.width = width
        columns = table.alignments.count
        if let widths = columnWidths() { draw(widths) } else { list() }
    }

    /// What a row of cells needs beside their text: a line before each cell and one at the end.
    private var frame: Int { columns * 3 + 1 }

    /// The widths of the columns; nil when there is no room for them.
    private func columnWidths() -> [Int]? {
        guard columns > 0, width > frame else { return nil }
        var widths = Array(repeating: 1, count: columns)
        for row in [table.header] + table.rows {
            for (column, cell) in row.enumerated() where column < columns {
                widths[column] = max(widths[column], cell.widestLine)
            }
        }
        let room = width - frame
        if widths.reduce(0, +) <= room { return widths }
        // The widest columns give way until all fit.
        let least = widths.map { min($0, Self.narrowest) }
        guard least.reduce(0, +) <= room else { return nil }
        var low = Self.narrowest
        var high = widths.max() ?? low
        while low < high {
            let limit = (low + high + 1) / 2
            if widths.reduce(0, { $0 + min($1, limit) }) <= room {
                low = limit
            } else {
                high = limit - 1
            }
        }
        var spare = room - widths.reduce(0) { $0 + min($1, low) }
        return widths.map { natural in
            let isCut = natural > low
            guard isCut, spare > 0 else { return min(natural, low) }
            spare -= 1
            return low + 1
        }
    }

    // MARK: - With lines

    private mutating func draw(_ widths: [Int]) {
        let cells = ([table.header] + table.rows).map { row in
            row.enumerated().map { SpanWrapping.words($1, width: widths[$0]) }
        }
        let hasTallRows = cells.dropFirst().contains { $0.contains { $0.count > 1 } }
        addLine("┌", "┬", "┐", widths)
        for (number, row) in cells.enumerated() {
            addCells(row, widths)
            if number == 0, cells.count > 1 || hasTallRows {
                addLine("├", "┼", "┤", widths)
            } else if hasTallRows, number + 1 < cells.count {
                // Rows of several lines need something between them.
                addLine("├", "┼", "┤", widths)
            }
        }
        addLine("└", "┴", "┘", widths)
    }

    private mutating func addLine(
        _ left: String,
        _ middle: String,
        _ right: String,
        _ widths: [Int]
    ) {
        let line = widths.map { String(repeating: "─", count: $0 + 2) }.joined(separator: middle)
        rows.append(SpanWrapping.Row(spans: [MarkdownSpan(left + line + right, .faint)]))
    }

    private mutating func addCells(_ cells: [[SpanWrapping.Row]], _ widths: [Int]) {
        let height = cells.map(\.count).max() ?? 0
        for line in 0..<height {
            var spans: [MarkdownSpan] = []
            for (column, cell) in cells.enumerated() {
                let text = line < cell.count ? cell[line].spans : []
                let space = max(
                    0,
                    widths[column] - text.reduce(0) { $0 + DisplayWidth.of($1.text) }
                )
                let left: Int
                switch table.alignments[column] {
                case .left: left = 0
                case .center: left = space / 2
                case .right: left = space
                }
                let bar = column == 0 ? "│ " : " │ "
                spans.append(MarkdownSpan(bar + String(repeating: " ", count: left), .faint))
                spans += text
                spans.append(MarkdownSpan(String(repeating: " ", count: space - left), .text))
            }
            spans.append(MarkdownSpan(" │", .faint))
            rows.append(SpanWrapping.Row(spans: spans.filter { !$0.text.isEmpty }))
        }
    }

    // MARK: - As a list

    private mutating func list() {
        for (number, row) in table.rows.enumerated() {
            if number > 0 { rows.append(SpanWrapping.Row()) }
            for (column, cell) in row.enumerated() where column < table.header.count {
                var runs = table.header[column]
                if !runs.isEmpty { runs.append(InlineRun(": ", MarkdownStyle(.text, .bold))) }
                rows += SpanWrapping.words(runs + cell, width: width)
            }
        }
        if table.rows.isEmpty {
            for cell in table.header { rows += SpanWrapping.words(cell, width: width) }
        }
    }
}

extension [InlineRun] {
    /// The columns of the widest line.
    fileprivate var widestLine: Int {
        var widest = 0
        var columns = 0
        for run in self {
            switch run.kind {
            case .text: columns += DisplayWidth.of(run.text)
            case .displayMath:
                let lines = run.text.split(whereSeparator: \.isLineBreak)
                columns += lines.map { DisplayWidth.of(String($0)) }.max() ?? 0
            case .lineBreak: columns = 0
            }
            widest = Swift.max(widest, columns)
        }
        return widest
    }
}
