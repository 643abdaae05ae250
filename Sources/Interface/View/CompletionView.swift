import TerminalCore

/// The list under the caret's word, as rows above the editor.
struct CompletionView {
    private(set) var rows: [TextRow] = []

    init(_ completion: Completion, width: Int, rows room: Int) {
        let shown = completion.shown(rows: max(1, min(Completion.shownRows, room)))
        let titles = completion.items[shown].map { DisplayWidth.of($0.title) }
        let column = min(max(22, (titles.max() ?? 0) + 4), max(10, width / 2))
        for number in shown {
            let item = completion.items[number]
            let isChosen = number == completion.selection
            rows.append(Self.row(item, isChosen: isChosen, width: width, column: column))
        }
        let hidden = completion.count - shown.count
        if hidden > 0, !rows.isEmpty {
            rows[0].trailing = TextRow.Span(text: "\(completion.count.grouped) fit", ink: .faint)
        }
    }

    private static func row(
        _ item: CompletionItem,
        isChosen: Bool,
        width: Int,
        column: Int
    ) -> TextRow {
        let title = item.title.shortened(to: column - 4)
        var row = TextRow([TextRow.Span(text: isChosen ? "> " : "  ", ink: .user)])
        if isChosen {
            row.spans.append(TextRow.Span(text: title, ink: .selection))
        } else {
            let marked = Set(item.positions)
            for (place, cluster) in title.enumerated() {
                let ink: Ink = marked.contains(place) ? .match : .text
                if row.spans.count > 1, row.spans[row.spans.count - 1].ink == ink {
                    row.spans[row.spans.count - 1].text.append(cluster)
                } else {
                    row.spans.append(TextRow.Span(text: String(cluster), ink: ink))
                }
            }
        }
        let gap = max(1, column - 2 - DisplayWidth.of(title))
        let detail = item.detail.shortened(to: max(0, width - column))
        row.spans.append(
            TextRow.Span(text: String(repeating: " ", count: gap) + detail, ink: .faint)
        )
        return row
    }
}
