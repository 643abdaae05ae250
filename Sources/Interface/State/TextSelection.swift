/// A place in the rows of a conversation.
struct TextPlace: Sendable, Hashable, Comparable {
    /// Index in the branch.
    var message: Int
    /// Row within the message.
    var row: Int
    /// Column within the pane.
    var column: Int

    static func < (left: TextPlace, right: TextPlace) -> Bool {
        (left.message, left.row, left.column) < (right.message, right.row, right.column)
    }
}

/// Marked text of a conversation.
struct TextSelection: Sendable, Hashable {
    /// Where it began, and where it is being moved to.
    var anchor: TextPlace
    var head: TextPlace
    /// Whole rows, as the keys mark them; the mouse marks from column to column.
    var takesRows: Bool

    var start: TextPlace { min(anchor, head) }
    var end: TextPlace { max(anchor, head) }

    /// The columns marked in a row of so many columns; nil when it is outside.
    func columns(message: Int, row: Int, width: Int) -> Range<Int>? {
        let place = (message, row)
        guard place >= (start.message, start.row), place <= (end.message, end.row) else {
            return nil
        }
        if takesRows { return 0..<width }
        let first = place == (start.message, start.row) ? start.column : 0
        let last = place == (end.message, end.row) ? end.column + 1 : width
        return min(first, width)..<max(min(first, width), min(last, width))
    }
}
