/// Constructs that cost the parser more than their length.
extension ProtectedSource {
    /// True for text whose meaning could cost more than its length.
    mutating func isCostly(_ text: Range<Int>) -> Bool {
        // What the parser would take for a definition, and would not show: those are found here.
        original[text.lowerBound] == .openBracket || isTableRowTooMany(text)
    }

    /// The place after the box of a task; the text's beginning where there is none.
    func endOfTask(_ text: Range<Int>) -> Int {
        var at = text.lowerBound
        guard text.count >= 4, original[at] == .openBracket, original[at + 2] == .closeBracket,
            original[at + 1] == .space || original[at + 1] | 0x20 == UInt8(ascii: "x")
        else { return at }
        at += 3
        while at < text.upperBound, original[at].isBlank { at += 1 }
        return at - text.lowerBound > 3 ? at : text.lowerBound
    }

    /// Counts lines that would make a table of the line before; true when there are too many.
    private mutating func isTableRowTooMany(_ text: Range<Int>) -> Bool {
        guard state.isInParagraph, let columns = delimiterColumns(text) else { return false }
        state.delimiterRows += 1
        if columns > 64 || state.delimiterRows > 20 || state.tableCellsLeft <= 0 { return true }
        state.tableColumns = columns
        return false
    }

    /// The columns of a line like `|---|:-:|`; nil for other lines.
    private func delimiterColumns(_ text: Range<Int>) -> Int? {
        var columns = 1
        var hasDash = false
        var hasMark = false
        for at in text {
            switch original[at] {
            case .dash: hasDash = true
            case .pipe:
                columns += 1
                hasMark = true
            case .colon: hasMark = true
            case .space, .tab: break
            default: return nil
            }
        }
        return hasDash && hasMark ? columns : nil
    }

    mutating func isTableTooLarge() -> Bool {
        guard state.tableColumns > 0 else { return false }
        state.tableCellsLeft -= state.tableColumns
        guard state.tableCellsLeft <= 0 else { return false }
        state.tableColumns = 0
        return true
    }

    /// Ends a table: the line becomes one that the parser takes for HTML.
    mutating func disarmTableRow(_ line: Range<Int>) {
        while let last = bytes.last, last != .newline { bytes.removeLast() }
        bytes += Array("<!--".utf8)
        mark(.tableRow, original.text(line))
        bytes += Array("-->".utf8)
    }

    /// The row that an HTML block stands for, when a table was cut there.
    func cutTableRow(_ literal: String) -> String? {
        for case .mark(let number, _) in MarkedText(literal).pieces.dropFirst().prefix(1) {
            guard marks.indices.contains(number), case .tableRow = marks[number].kind else { break }
            return marks[number].source
        }
        return nil
    }
}
