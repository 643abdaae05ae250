package import TerminalCore

/// The draft's rows on the screen around the caret.
///
/// Only what can be seen is laid out: at most `reach` rows above and below the caret.
package struct EditorLayout: Sendable {
    /// A place where the caret can stand.
    struct Stop: Sendable, Hashable {
        var offset: Int
        var column: Int
    }

    package struct Row: Sendable {
        /// As it is drawn.
        package internal(set) var text = ""
        var stops: [Stop]
        /// The row goes on in the next one: its end is that one's beginning.
        package internal(set) var isContinued = false
        /// The columns that are selected; a selected line end takes one.
        package internal(set) var selected: Range<Int>?
    }

    package private(set) var rows: [Row] = []
    /// The caret's place among the rows.
    package private(set) var caret = Position(column: 0, row: 0)
    /// The first of the rows is the draft's first.
    package private(set) var beginsDraft = false
    /// The last of the rows is the draft's last.
    package private(set) var endsDraft = false

    package init(_ editor: Editor, width: Int, reach: Int = 100) {
        let wrapping = RowWrapping(editor: editor, width: max(2, width))
        let segments = LineSegments(editor)
        let middle = segments.segment(containing: editor.caret)
        let ranges = wrapping.rows(of: middle)
        let row = ranges.lastIndex { $0.range.lowerBound <= editor.caret } ?? 0
        var above = Array(ranges[..<row].reversed())
        var below = Array(ranges[row...])
        var start = middle.lowerBound
        while above.count <= reach, let segment = segments.segment(before: start) {
            above += wrapping.rows(of: segment).reversed()
            start = segment.lowerBound
        }
        var end = middle.upperBound
        while below.count <= reach + 1, let segment = segments.segment(after: end) {
            below += wrapping.rows(of: segment)
            end = segment.upperBound
        }
        beginsDraft = start == 0 && above.count <= reach
        endsDraft = end == editor.text.utf8.count && below.count <= reach + 1
        rows = (above.prefix(reach).reversed() + below.prefix(reach + 1)).map(wrapping.row)
        let number = min(above.count, reach)
        let stop = rows[number].stops.last { $0.offset <= editor.caret }
        caret = Position(column: stop?.column ?? 0, row: number)
    }

    /// The offset nearest to a column of a row.
    package func offset(row: Int, column: Int) -> Int {
        guard rows.indices.contains(row) else { return 0 }
        let stops = rows[row].isContinued ? rows[row].stops.dropLast() : rows[row].stops[...]
        return stops.last { $0.column <= column }?.offset ?? rows[row].stops[0].offset
    }
}
