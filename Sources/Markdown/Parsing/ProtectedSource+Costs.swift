/// Constructs that cost the parser more than their length.
extension ProtectedSource {
    /// True for a line whose meaning could cost more than its length.
    mutating func isCostly(_ text: Range<Int>, after prefix: LinePrefix) -> Bool {
        let follows = state.followsDefinition
        state.followsDefinition = false
        switch original[text.lowerBound] {
        case .openBracket:
            if isTask(text) { return false }
            // Definitions are one short line each: every use of one repeats its address.
            state.followsDefinition = text.count <= 500 && isDefinition(text)
            return !state.followsDefinition
        case UInt8(ascii: "\""), UInt8(ascii: "'"), .openParenthesis:
            return follows
        default:
            return isTableRowTooMany(text)
        }
    }

    private func isTask(_ text: Range<Int>) -> Bool {
        let start = text.lowerBound
        return text.count >= 3 && original[start + 2] == .closeBracket
            && (original[start + 1] == .space || original[start + 1] | 0x20 == UInt8(ascii: "x"))
    }

    private func isDefinition(_ text: Range<Int>) -> Bool {
        guard let close = MathSpan.find([.closeBracket], in: original, text),
            close + 1 < text.upperBound
        else { return false }
        return original[close + 1] == .colon && !original.isBlank((close + 2)..<text.upperBound)
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
