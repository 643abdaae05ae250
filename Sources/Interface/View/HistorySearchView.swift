import TerminalCore

/// The message a history search found, and the query under it.
struct HistorySearchView {
    /// Rows of the message that are shown.
    private static let shownLines = 3

    private(set) var rows: [TextRow] = []
    private(set) var caretColumn: Int

    init(_ search: HistorySearch, width: Int) {
        let place =
            switch search.count {
            case 0: search.query.isEmpty ? "" : "nothing found "
            default: "\(search.selection + 1) of \(search.count) "
            }
        let label = "  history \(place)"
        // The end of a long query is what is being typed.
        let room = max(1, width - DisplayWidth.of(label) - 2)
        var query = search.query
        while DisplayWidth.of(query) > room { query.removeFirst() }
        let prompt = TextRow([
            TextRow.Span(text: label, ink: .notice), TextRow.Span(text: "> " + query, ink: .text),
        ])
        caretColumn = DisplayWidth.of(label) + 2 + DisplayWidth.of(query)
        if let found = search.found {
            rows = Self.lines(of: found, search, width: width)
        }
        rows.append(prompt)
    }

    /// The lines around the first match, with every match marked.
    private static func lines(
        of text: String,
        _ search: HistorySearch,
        width: Int
    ) -> [TextRow] {
        let lines = text.prefix(8_000)
            .split(omittingEmptySubsequences: true, whereSeparator: \.isLineBreak)
            .map { String($0).shortened(to: width - 2) }
        let first = lines.firstIndex { !search.ranges(in: $0).isEmpty } ?? 0
        let shown = lines.dropFirst(max(0, min(first, lines.count - shownLines)))
        return shown.prefix(shownLines).map { line in
            var spans = [TextRow.Span(text: "  ", ink: .text)]
            var place = line.startIndex
            for range in search.ranges(in: line) {
                spans.append(TextRow.Span(text: String(line[place..<range.lowerBound]), ink: .text))
                spans.append(TextRow.Span(text: String(line[range]), ink: .match))
                place = range.upperBound
            }
            spans.append(TextRow.Span(text: String(line[place...]), ink: .text))
            return TextRow(spans)
        }
    }
}
