import TerminalCore

/// Breaks runs of text into rows that fit a width, as `Wrapping` does for plain text.
struct SpanWrapping {
    /// One row of text, before indents are put to its left.
    struct Row {
        var spans: [MarkdownSpan] = []
        /// The text goes on from the row before.
        var isContinuation = false
        /// A space of the text was left out before this row.
        var followsSpace = false
    }

    private(set) var rows: [Row] = []
    private let width: Int
    private var row = Row()
    private var columns = 0
    /// The last place at which the row may be broken.
    private var lastBreak: Break?

    private struct Break {
        /// Spans that are whole before the break, and bytes of the next one.
        var spans: Int
        var bytes: Int
        var columns: Int
        /// A space stands there, which goes when the row is broken.
        var isSpace: Bool
    }

    /// Columns between tab stops.
    private static let tabStop = 4

    /// Spaces at a row's end are part of code, but nothing between words.
    private let keepsSpaces: Bool

    private init(width: Int, keepsSpaces: Bool) {
        self.width = max(1, width)
        self.keepsSpaces = keepsSpaces
    }

    /// Rows broken between words where that is possible.
    static func words(_ runs: [InlineRun], width: Int) -> [Row] {
        var wrapping = SpanWrapping(width: width, keepsSpaces: false)
        for run in runs {
            switch run.kind {
            // A formula's line ends break rows by themselves.
            case .text, .displayMath: wrapping.add(run.text, run.style)
            case .lineBreak: wrapping.endLine()
            }
        }
        wrapping.endLine()
        return wrapping.rows
    }

    /// Rows broken at the last column, as code is.
    static func columns(_ spans: [MarkdownSpan], width: Int) -> [Row] {
        var wrapping = SpanWrapping(width: width, keepsSpaces: true)
        for span in spans { wrapping.addUnbroken(span.text, span.style) }
        wrapping.endLine()
        return wrapping.rows
    }

    // MARK: - Words

    private mutating func add(_ text: String, _ style: MarkdownStyle) {
        let bytes = Array(text.utf8)
        var at = 0
        while at < bytes.count {
            let start = at
            while at < bytes.count, bytes[at] > 0x20, bytes[at] < 0x7F { at += 1 }
            // A letter before a byte beyond ASCII may belong to a cluster with it.
            if at < bytes.count, at > start, bytes[at] >= 0x80 { at -= 1 }
            if at > start { addWord(bytes.text(start..<at), at - start, style) }
            guard at < bytes.count else { break }
            if bytes[at] == .space, at + 1 == bytes.count || bytes[at + 1] < 0x80 {
                addSpace(style)
                at += 1
                continue
            }
            // Clusters are found in the whole stretch beyond ASCII.
            let from = at
            at += 1
            while at < bytes.count, bytes[at] >= 0x80 || bytes[at] < 0x20 || bytes[at] == 0x7F {
                at += 1
            }
            for cluster in bytes.text(from..<at) { addCluster(cluster, style) }
        }
    }

    private mutating func addCluster(_ cluster: Character, _ style: MarkdownStyle) {
        if cluster.isLineBreak { return endLine() }
        if cluster == "\t" {
            for _ in 0..<(Self.tabStop - columns % Self.tabStop) { addSpace(style) }
            return
        }
        for glyph in Glyph.drawing(cluster) {
            if glyph.text == " " {
                addSpace(style)
            } else if glyph.width == 1 {
                addWord(glyph.text, 1, style)
            } else if glyph.width > width {
                // Wider than the whole row: it cannot be shown at all.
                addWord("?", 1, style)
            } else {
                addWide(glyph, style)
            }
        }
    }

    private mutating func addSpace(_ style: MarkdownStyle) {
        // Spaces that do not fit vanish at the break.
        if columns < width { put(" ", 1, style) }
        markBreak(isSpace: true)
    }

    private mutating func addWide(_ glyph: Glyph, _ style: MarkdownStyle) {
        if columns + glyph.width > width, columns > 0 {
            // Between wide clusters a row may break anywhere.
            if let last = lastBreak, last.columns < columns { breakRow(at: last) } else { endRow() }
            if columns + glyph.width > width, columns > 0 { endRow() }
        }
        put(glyph.text, glyph.width, style)
        markBreak(isSpace: false)
    }

    /// Adds text that is broken only when it is wider than a row; one column each byte or glyph.
    private mutating func addWord(_ word: String, _ count: Int, _ style: MarkdownStyle) {
        if columns + count > width, columns > 0 {
            if let last = lastBreak { breakRow(at: last) }
        }
        var rest = Substring(word)
        var left = count
        while columns + left > width {
            if columns == width {
                endRow()
                continue
            }
            let room = width - columns
            let cut = rest.index(rest.startIndex, offsetBy: room)
            put(String(rest[..<cut]), room, style)
            rest = rest[cut...]
            left -= room
        }
        if left > 0 { put(String(rest), left, style) }
    }

    // MARK: - Columns

    private mutating func addUnbroken(_ text: String, _ style: MarkdownStyle) {
        for cluster in text {
            if cluster == "\t" {
                let count = Self.tabStop - columns % Self.tabStop
                for _ in 0..<count { fit(" ", 1, style) }
                continue
            }
            for glyph in Glyph.drawing(cluster) {
                glyph.width > width ? fit("?", 1, style) : fit(glyph.text, glyph.width, style)
            }
        }
    }

    private mutating func fit(_ text: String, _ count: Int, _ style: MarkdownStyle) {
        if columns + count > width { endRow() }
        put(text, count, style)
    }

    // MARK: - Rows

    private mutating func put(_ text: String, _ count: Int, _ style: MarkdownStyle) {
        if let last = row.spans.last, last.style == style {
            row.spans[row.spans.count - 1].text += text
        } else {
            row.spans.append(MarkdownSpan(text, style))
        }
        columns += count
    }

    private mutating func markBreak(isSpace: Bool) {
        guard let last = row.spans.last else { return }
        lastBreak = Break(
            spans: row.spans.count - 1,
            bytes: last.text.utf8.count,
            columns: columns,
            isSpace: isSpace
        )
    }

    /// Ends the row at a break; what stands after it begins the next one.
    private mutating func breakRow(at last: Break) {
        let rest = Array(row.spans[(last.spans + 1)...])
        var cut = row.spans[last.spans]
        let index = cut.text.utf8.index(cut.text.startIndex, offsetBy: last.bytes)
        let after = MarkdownSpan(String(cut.text[index...]), cut.style)
        cut.text = String(cut.text[..<index])
        row.spans.removeSubrange(last.spans...)
        row.spans.append(cut)
        let carried = columns - last.columns
        endRow(followsSpace: last.isSpace)
        row.spans = after.text.isEmpty ? rest : [after] + rest
        columns = carried
    }

    private mutating func endRow(followsSpace: Bool = false) {
        while !keepsSpaces, let last = row.spans.last,
            last.text.utf8.last == .space || last.text.isEmpty
        {
            row.spans[row.spans.count - 1].text = last.text.withoutTrailingSpaces
            guard row.spans[row.spans.count - 1].text.isEmpty else { break }
            row.spans.removeLast()
        }
        let leavesSpace = lastBreak.map { $0.isSpace && $0.columns == columns } ?? false
        rows.append(row)
        row = Row(isContinuation: true, followsSpace: followsSpace || leavesSpace)
        columns = 0
        lastBreak = nil
    }

    private mutating func endLine() {
        endRow()
        row.isContinuation = false
        row.followsSpace = false
    }
}

extension String {
    /// The text up to its last character that is no space.
    var withoutTrailingSpaces: String {
        var text = self
        while text.utf8.last == .space { text.removeLast() }
        return text
    }
}
