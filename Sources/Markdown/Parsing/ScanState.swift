/// What the scan of a line must know of the lines before it.
struct ScanState: Sendable, Hashable {
    /// A fenced code block that is open.
    struct Fence: Sendable, Hashable {
        var mark: UInt8
        var length: Int
        /// A line further left than this ends the list item that holds the fence.
        var container: Int
        /// A line without a quote mark ends the quote that holds the fence.
        var isQuoted: Bool
    }

    var fence: Fence?
    /// The column at which the text of the innermost list item begins.
    var listIndent = 0
    /// The line before was not blank.
    var isInParagraph = false
    /// Lines that look like the second line of a table, since the last blank line.
    var delimiterRows = 0
    /// The columns of the table that lines are added to.
    var tableColumns = 0
    /// Cells that tables of this text may still have: the parser fills short rows up.
    var tableCellsLeft = 200_000

    mutating func endParagraph() {
        isInParagraph = false
        delimiterRows = 0
        tableColumns = 0
    }

    /// True for text too far right for anything but code, or for the rest of a paragraph.
    func isIndentedCode(_ prefix: LinePrefix) -> Bool {
        let isInItem = listIndent > 0 && prefix.column >= listIndent
        return prefix.column - (isInItem ? listIndent : 0) >= 4 && prefix.markers == 0
    }

    /// Follows fences over one line.
    ///
    /// - Returns: True when the line belongs to a fenced code block.
    mutating func followFence(_ bytes: [UInt8], _ line: Range<Int>, _ prefix: LinePrefix) -> Bool {
        if let open = fence {
            guard !ends(open, bytes, line) else {
                fence = nil
                return followFence(bytes, line, prefix)
            }
            if closes(open, bytes, line) { fence = nil }
            return true
        }
        guard prefix.end < line.upperBound else { return false }
        if let indent = prefix.listIndent {
            listIndent = indent
        } else if prefix.column < listIndent {
            listIndent = prefix.column
        }
        let length = bytes.runLength(prefix.end..<line.upperBound)
        let mark = bytes[prefix.end]
        guard length >= 3, mark == .backtick || mark == .tilde, !isIndentedCode(prefix) else {
            return false
        }
        let info = (prefix.end + length)..<line.upperBound
        if mark == .backtick, bytes[info].contains(.backtick) { return false }
        let isInItem = listIndent > 0 && prefix.column >= listIndent
        fence = Fence(
            mark: mark,
            length: length,
            container: isInItem ? listIndent : 0,
            isQuoted: bytes[line.lowerBound..<prefix.end].contains(.greater)
        )
        return true
    }

    /// True when a line ends the quote or the list item around a fence.
    private func ends(_ fence: Fence, _ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        guard fence.isQuoted || fence.container > 0 else { return false }
        var column = 0
        for at in line {
            switch bytes[at] {
            case .space: column += 1
            case .tab: column += 4 - column % 4
            case .greater: if fence.isQuoted { return false }
            default: return fence.isQuoted || column < fence.container
            }
        }
        // A blank line ends a quote and nothing else.
        return fence.isQuoted
    }

    private func closes(_ fence: Fence, _ bytes: [UInt8], _ line: Range<Int>) -> Bool {
        var at = line.lowerBound
        while at < line.upperBound, bytes[at].isBlank || bytes[at] == .greater { at += 1 }
        let length = bytes.runLength(at..<line.upperBound)
        return length >= fence.length && bytes[at] == fence.mark
            && bytes.isBlank((at + length)..<line.upperBound)
    }
}
