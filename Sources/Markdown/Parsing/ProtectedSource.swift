/// A text made ready for the Markdown parser.
///
/// Formulas and a few control characters are replaced by marks (U+0001, a number, U+0002) which the
/// parser passes through, so that it eats no backslash and no underscore of a formula; wherever a
/// mark turns up in code, an address or a name, the original stands there again. Constructs that
/// cost the parser more than their length are disarmed by an empty mark.
/// Lines keep their numbers.
struct ProtectedSource: Sendable {
    /// What stands for a mark.
    struct Mark: Sendable {
        enum Kind: Sendable {
            case plain
            /// A formula, without its delimiters.
            case math(String, isDisplay: Bool)
            /// A further line of the formula whose mark has this number.
            case mathLine(of: Int)
            /// A row cut from a table that grew too large.
            case tableRow
        }

        var kind: Kind
        /// The source that was replaced.
        var source: String
    }

    private(set) var bytes: [UInt8] = []
    private(set) var marks: [Mark] = []
    /// The lines of the original.
    let lines: [Range<Int>]
    private let original: [UInt8]
    private(set) var state: ScanState
    /// The state before each line.
    private(set) var states: [ScanState] = []
    /// The line at which a formula begins that further lines may still close.
    private(set) var pendingMath: Int?

    /// Bytes of a line that the parser sees: some of its work grows with the square of a line.
    private static let longestLine = 10_000
    private static let longestFormula = 60
    private static let mostMarkers = 32

    init(_ text: String, state: ScanState = ScanState()) {
        original = Array(text.utf8)
        lines = original.lineRanges
        self.state = state
        bytes.reserveCapacity(original.count + 64)
        var line = 0
        while line < lines.count {
            let before = self.state
            let next = scan(line)
            states += Array(repeating: before, count: next - line)
            line = next
        }
    }

    /// True for a line with nothing but spaces and quote marks; lines outside the text are blank.
    func isBlank(_ line: Int) -> Bool {
        guard lines.indices.contains(line) else { return true }
        return original[lines[line]].allSatisfy { $0.isBlank || $0 == .greater }
    }

    /// True for a line with nothing but spaces.
    func isEmpty(line: Int) -> Bool { original.isBlank(lines[line]) }

    /// Where a line begins in the original, in bytes.
    func start(ofLine line: Int) -> Int {
        lines.indices.contains(line) ? lines[line].lowerBound : original.count
    }

    /// The original of a text in which marks may stand.
    func restored(_ text: String) -> String {
        guard text.utf8.contains(1) else { return text }
        return MarkedText(text).pieces.map { piece in
            switch piece {
            case .text(let text): text
            case .mark(let number, let written):
                marks.indices.contains(number) ? marks[number].source : written
            }
        }
        .joined()
    }

    // MARK: - Scanning

    /// Copies one line, or the lines of one formula; gives the line after it.
    private mutating func scan(_ number: Int) -> Int {
        let whole = lines[number]
        let prefix = LinePrefix(original, whole)
        if state.followFence(original, whole, prefix) {
            state.endParagraph()
            copy(whole)
            endLine()
            return number + 1
        }
        if prefix.end == whole.upperBound {
            state.endParagraph()
            copy(whole)
            endLine()
            return number + 1
        }
        if let next = scanFormula(number, prefix) { return next }
        var text = prefix.end..<whole.upperBound
        copy(whole.lowerBound..<text.lowerBound)
        if prefix.markers > Self.mostMarkers || isCostly(text, after: prefix) { mark(.plain, "") }
        if text.count > Self.longestLine {
            text = text.lowerBound..<cut(text)
        }
        scanText(text)
        if text.upperBound < whole.upperBound {
            mark(.plain, original.text(text.upperBound..<whole.upperBound))
        }
        if isTableTooLarge() { disarmTableRow(whole) }
        endLine()
        state.isInParagraph = true
        return number + 1
    }

    /// Copies text and replaces the formulas in it.
    private mutating func scanText(_ text: Range<Int>) {
        var at = text.lowerBound
        var copied = at
        while at < text.upperBound {
            switch original[at] {
            case .backtick:
                at = endOfCode(at, text)
            case .backslash, .dollar:
                if let math = MathSpan(original, at: at, in: text) {
                    copy(copied..<at)
                    let isAlone =
                        at == text.lowerBound && original.isBlank(math.end..<text.upperBound)
                    mark(
                        .math(original.text(math.content), isDisplay: math.isDisplay && isAlone),
                        original.text(at..<math.end)
                    )
                    at = math.end
                    copied = at
                } else {
                    at += original[at] == .backslash ? 2 : original.runLength(at..<text.upperBound)
                }
            case .closeBracket
            where at + 1 < text.upperBound && original[at + 1] == .openParenthesis:
                let end = min(text.upperBound, at + MathSpan.longest)
                at = original[at..<end].firstIndex(of: .closeParenthesis) ?? at + 1
            default:
                at += 1
            }
        }
        copy(copied..<text.upperBound)
    }

    /// The place after a code span; after the backticks when nothing closes them on the line.
    private func endOfCode(_ start: Int, _ text: Range<Int>) -> Int {
        let length = original.runLength(start..<text.upperBound)
        var at = start + length
        while at < text.upperBound {
            guard original[at] == .backtick else {
                at += 1
                continue
            }
            let run = original.runLength(at..<text.upperBound)
            at += run
            if run == length { return at }
        }
        return start + length
    }

    /// The last place of a long line at which no character is cut.
    private func cut(_ text: Range<Int>) -> Int {
        var at = text.lowerBound + Self.longestLine
        while at > text.lowerBound, original[at] & 0xC0 == 0x80 { at -= 1 }
        return at
    }

    // MARK: - Formulas of several lines

    /// Replaces a formula that begins this line and ends on a later one.
    private mutating func scanFormula(_ number: Int, _ prefix: LinePrefix) -> Int? {
        let first = prefix.end..<lines[number].upperBound
        guard let opening = MathSpan.opening(original, at: first.lowerBound, in: first),
            opening.isDisplay, !state.isIndentedCode(prefix)
        else { return nil }
        let quotes = original[lines[number].lowerBound..<first.lowerBound].count { $0 == .greater }
        let from = first.lowerBound + opening.length
        if MathSpan.find(opening.closing, in: original, from..<first.upperBound) != nil {
            return nil
        }
        var content = [original.text(from..<first.upperBound)]
        var next = number + 1
        while next < lines.count {
            guard next - number < Self.longestFormula, !isBlank(next) else { return nil }
            let text = afterQuoteMarks(next, atMost: quotes)
            if let close = MathSpan.find(opening.closing, in: original, text) {
                let rest = (close + opening.closing.count)..<text.upperBound
                guard
                    rest.allSatisfy({
                        original[$0].isBlank || original[$0] == .dot
                            || original[$0] == UInt8(ascii: ",")
                    })
                else { return nil }
                content.append(original.text(text.lowerBound..<close) + original.text(rest))
                replaceFormula(number...next, first, content.joined(separator: "\n"), quotes)
                return next + 1
            }
            content.append(original.text(text))
            next += 1
        }
        if pendingMath == nil { pendingMath = number }
        return nil
    }

    private mutating func replaceFormula(
        _ range: ClosedRange<Int>,
        _ first: Range<Int>,
        _ content: String,
        _ quotes: Int
    ) {
        let number = marks.count
        copy(lines[range.lowerBound].lowerBound..<first.lowerBound)
        mark(.math(content, isDisplay: true), original.text(first))
        endLine()
        for line in range.dropFirst() {
            let text = afterQuoteMarks(line, atMost: quotes)
            copy(lines[line].lowerBound..<text.lowerBound)
            mark(.mathLine(of: number), original.text(text))
            endLine()
        }
        state.isInParagraph = true
    }

    /// A line without its indent and the marks of quotes that the formula stands in.
    private func afterQuoteMarks(_ line: Int, atMost count: Int) -> Range<Int> {
        var at = lines[line].lowerBound
        var left = count
        let end = lines[line].upperBound
        while at < end, original[at].isBlank || original[at] == .greater && left > 0 {
            if original[at] == .greater { left -= 1 }
            at += 1
        }
        return at..<end
    }

    // MARK: - Costly constructs

    /// True for a line whose meaning could cost more than its length.
    private mutating func isCostly(_ text: Range<Int>, after prefix: LinePrefix) -> Bool {
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

    private mutating func isTableTooLarge() -> Bool {
        guard state.tableColumns > 0 else { return false }
        state.tableCellsLeft -= state.tableColumns
        guard state.tableCellsLeft <= 0 else { return false }
        state.tableColumns = 0
        return true
    }

    /// Ends a table: the line becomes one that the parser takes for HTML.
    private mutating func disarmTableRow(_ line: Range<Int>) {
        while let last = bytes.last, last != .newline { bytes.removeLast() }
        bytes += Array("<!--".utf8)
        mark(.tableRow, original.text(line))
        bytes += Array("-->".utf8)
    }

    // MARK: - Writing

    private mutating func copy(_ range: Range<Int>) {
        var from = range.lowerBound
        for at in range where original[at] < 3 {
            bytes += original[from..<at]
            mark(.plain, original.text(at..<(at + 1)))
            from = at + 1
        }
        bytes += original[from..<range.upperBound]
    }

    private mutating func endLine() { bytes.append(.newline) }

    private mutating func mark(_ kind: Mark.Kind, _ source: String) {
        bytes.append(1)
        bytes += Array(String(marks.count).utf8)
        bytes.append(2)
        marks.append(Mark(kind: kind, source: source))
    }
}

extension ProtectedSource {
    /// The row that an HTML block stands for, when a table was cut there.
    func cutTableRow(_ literal: String) -> String? {
        for case .mark(let number, _) in MarkedText(literal).pieces.dropFirst().prefix(1) {
            guard marks.indices.contains(number), case .tableRow = marks[number].kind else { break }
            return marks[number].source
        }
        return nil
    }
}
