import TerminalCore

/// Lays blocks out for a width.
struct BlockLayout {
    /// What stands at the left of rows: a quote's bar, a list item's marker and then its indent.
    private struct Edge {
        var first: MarkdownSpan?
        var rest: MarkdownSpan
        var width: Int
    }

    let width: Int
    private(set) var rows: [MarkdownRow] = []
    private var edges: [Edge] = []
    private var edgeWidth = 0
    /// A marker that found no room at the left and stands before the text.
    private var marker = ""
    private var codeBlock: Int
    private var block: Int
    private var listDepth = 0
    private var hasRows: Bool

    /// Below this, text gives up indents.
    private static let narrowest = 6

    /// - Parameters:
    ///   - width: Columns; below 1 counts as 1.
    ///   - codeBlock: The number of the next code block.
    ///   - block: The number of the next top-level block.
    ///   - hasRows: Rows of the same text stand above.
    init(width: Int, codeBlock: Int = 0, block: Int = 0, hasRows: Bool = false) {
        self.width = max(1, width)
        self.codeBlock = codeBlock
        self.block = block
        self.hasRows = hasRows
    }

    /// Adds top-level blocks.
    mutating func add(_ blocks: [Block]) {
        for next in blocks {
            add(next)
            block += 1
        }
    }

    private mutating func add(_ next: Block) {
        // A list separates its items by itself, its first one too.
        if case .list = next.content {} else if next.isSeparated { addBlank() }
        switch next.content {
        case .paragraph(let runs): addText(runs)
        case .heading(_, let runs): addText(runs)
        case .code(let code): addCode(code)
        case .quote(let blocks):
            addMarkerRow(unless: room > Self.narrowest + 2)
            indent(MarkdownSpan("│ ", .quote), rest: MarkdownSpan("│ ", .quote)) { layout in
                layout.addInner(blocks)
            }
        case .list(let list): add(list)
        case .table(let table): addTable(table)
        case .rule:
            addMarkerRow(unless: marker.isEmpty)
            addRow([MarkdownSpan(String(repeating: "─", count: room), .faint)])
        }
    }

    /// Blocks within another one: the first is never separated.
    private mutating func addInner(_ blocks: [Block]) {
        for (index, block) in blocks.enumerated() {
            var block = block
            if index == 0 {
                block.isSeparated = false
                if case .list(var list) = block.content, !list.items.isEmpty {
                    list.items[0].isSeparated = false
                    block.content = .list(list)
                }
            }
            add(block)
        }
    }

    // MARK: - Rows

    /// Columns that are left for text.
    private var room: Int { max(1, width - edgeWidth) }

    private mutating func addRow(
        _ spans: [MarkdownSpan],
        margin: Int = 0,
        _ change: (inout MarkdownRow) -> Void = { _ in }
    ) {
        var row = MarkdownRow()
        for index in edges.indices {
            row.spans.append(edges[index].first ?? edges[index].rest)
            edges[index].first = nil
        }
        if spans.isEmpty, let last = row.spans.indices.last {
            row.spans[last].text = row.spans[last].text.withoutTrailingSpaces
        }
        row.spans += spans
        row.margin = edgeWidth + margin
        row.block = block
        change(&row)
        rows.append(row)
        hasRows = true
    }

    /// An empty row between blocks; bars go on through it.
    private mutating func addBlank() {
        guard hasRows, edges.allSatisfy({ $0.first == nil }) else { return }
        var row = MarkdownRow()
        let text = edges.map(\.rest.text).joined()
        if let bar = edges.lastIndex(where: { $0.rest.text.contains("│") }) {
            row.spans = edges[...bar].map(\.rest)
            row.spans[bar].text = row.spans[bar].text.withoutTrailingSpaces
        }
        row.margin = DisplayWidth.of(text)
        row.block = block
        rows.append(row)
    }

    private mutating func indent(
        _ first: MarkdownSpan,
        rest: MarkdownSpan,
        _ body: (inout BlockLayout) -> Void
    ) {
        let added = DisplayWidth.of(rest.text)
        guard room - added >= min(Self.narrowest, width) else {
            if first.text != rest.text { marker += first.text }
            return body(&self)
        }
        edges.append(Edge(first: first, rest: rest, width: added))
        edgeWidth += added
        body(&self)
        if edges.last?.first != nil { addRow([]) }
        edges.removeLast()
        edgeWidth -= added
    }

    /// Gives a marker without room a row of its own before what is no text.
    private mutating func addMarkerRow(unless hasRoom: Bool) {
        guard !hasRoom, !marker.isEmpty else { return }
        addText([])
    }

    // MARK: - Text

    private mutating func addText(_ runs: [InlineRun]) {
        var runs = runs
        if !marker.isEmpty {
            runs.insert(InlineRun(marker, MarkdownStyle(.text)), at: 0)
            marker = ""
        }
        var pending: [InlineRun] = []
        var followsFormula = false
        for run in runs {
            if run.kind == .displayMath {
                // The line that a formula stands on ends with it.
                if pending.last?.kind == .lineBreak { pending.removeLast() }
                addWrapped(pending)
                pending = []
                addFormula(run)
            } else if !followsFormula || run.kind != .lineBreak {
                pending.append(run)
            }
            followsFormula = run.kind == .displayMath
        }
        addWrapped(pending)
    }

    private mutating func addWrapped(_ runs: [InlineRun]) {
        guard !runs.isEmpty else { return }
        for wrapped in SpanWrapping.words(runs, width: room) {
            addRow(wrapped.spans) { row in
                row.isContinuation = wrapped.isContinuation
                row.joinsWithSpace = wrapped.followsSpace
            }
        }
    }

    private mutating func addFormula(_ run: InlineRun) {
        let indent = room > 20 ? 2 : 0
        let space = MarkdownSpan(String(repeating: " ", count: indent), run.style)
        for line in run.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let span = MarkdownSpan(String(line), run.style)
            for wrapped in SpanWrapping.columns([span], width: room - indent) {
                addRow(indent > 0 ? [space] + wrapped.spans : wrapped.spans, margin: indent) {
                    row in
                    row.isContinuation = wrapped.isContinuation
                }
            }
        }
    }

    // MARK: - Code

    private mutating func addCode(_ code: CodeBlock) {
        addMarkerRow(unless: marker.isEmpty)
        var lines = CodeLines(language: code.language, number: codeBlock, width: room)
        addCodeRow(lines.title)
        for line in code.source.codeLines {
            for row in lines.rows(String(line)) { addCodeRow(row) }
        }
        codeBlock += 1
    }

    private mutating func addCodeRow(_ code: MarkdownRow) {
        addRow(code.spans, margin: code.margin) { row in
            row.isContinuation = code.isContinuation
            row.codeBlock = code.codeBlock
            row.fill = code.fill
        }
    }

    // MARK: - Lists

    private mutating func add(_ list: ListBlock) {
        listDepth += 1
        defer { listDepth -= 1 }
        for (index, item) in list.items.enumerated() {
            if item.isSeparated { addBlank() }
            let text = mark(list, index, item)
            let indent = String(repeating: " ", count: DisplayWidth.of(text))
            let role: MarkdownRole = list.start == nil && item.isDone == nil ? .faint : .text
            self.indent(MarkdownSpan(text, role), rest: MarkdownSpan(indent, .text)) { layout in
                layout.addInner(item.blocks)
                layout.addMarkerRow(unless: layout.marker.isEmpty)
            }
        }
    }

    private func mark(_ list: ListBlock, _ index: Int, _ item: ListBlock.Item) -> String {
        let task = item.isDone.map { $0 ? "[x] " : "[ ] " } ?? ""
        if let start = list.start {
            let (number, overflows) = start.addingReportingOverflow(index)
            return "\(overflows ? start : number). \(task)"
        }
        if !task.isEmpty { return task }
        return ["• ", "◦ ", "▪ "][(listDepth - 1) % 3]
    }

    // MARK: - Tables

    private mutating func addTable(_ table: TableBlock) {
        addMarkerRow(unless: marker.isEmpty)
        for row in TableLayout(table, width: room).rows {
            addRow(row.spans) {
                $0.isContinuation = row.isContinuation
                $0.joinsWithSpace = row.followsSpace
            }
        }
    }
}

extension String {
    /// The lines of a code block's text; its last line end adds none.
    var codeLines: [Substring] {
        var lines = split(omittingEmptySubsequences: false, whereSeparator: \.isLineBreak)
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        return lines
    }
}
