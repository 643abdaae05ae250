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

    var bytes: [UInt8] = []
    private(set) var marks: [Mark] = []
    /// The lines of the original.
    let lines: [Range<Int>]
    let original: [UInt8]
    var state: ScanState
    /// The state before each line.
    private(set) var states: [ScanState] = []
    /// Where references lead, in the order of the text.
    private(set) var definitions: [LinkDefinition] = []
    /// The line at which a formula begins that further lines may still close.
    var pendingMath: Int?

    /// Bytes of a line that the parser sees: some of its work grows with the square of a line.
    private static let longestLine = 10_000
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
        var text = endOfTask(prefix.end..<whole.upperBound)..<whole.upperBound
        copy(whole.lowerBound..<text.lowerBound)
        if text.isEmpty {
            // A task without a text.
        } else if let (definition, end) = LinkDefinition.read(original, text) {
            definitions.append(definition)
            mark(.plain, original.text(text.lowerBound..<end))
            text = end..<text.upperBound
        } else if prefix.markers > Self.mostMarkers || isCostly(text) {
            mark(.plain, "")
        }
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

    // MARK: - Writing

    mutating func copy(_ range: Range<Int>) {
        var from = range.lowerBound
        for at in range where original[at] < 3 || isReferenceToMark(at..<range.upperBound) {
            bytes += original[from..<at]
            mark(.plain, original.text(at..<(at + 1)))
            from = at + 1
        }
        bytes += original[from..<range.upperBound]
    }

    /// Whether a character reference begins here that the parser would make a part of a mark of:
    /// `&#1;`, `&#x02;`.
    private func isReferenceToMark(_ range: Range<Int>) -> Bool {
        guard original[range.lowerBound] == UInt8(ascii: "&") else { return false }
        var rest = original[range].dropFirst()
        guard rest.popFirst() == UInt8(ascii: "#") else { return false }
        if let x = rest.first, x | 0x20 == UInt8(ascii: "x") { rest = rest.dropFirst() }
        // Of up to eight digits, as cmark-gfm has it, and what ends them.
        rest = rest.prefix(9).drop { $0 == UInt8(ascii: "0") }
        guard let digit = rest.popFirst() else { return false }
        return (digit == UInt8(ascii: "1") || digit == UInt8(ascii: "2"))
            && rest.first == UInt8(ascii: ";")
    }

    mutating func endLine() { bytes.append(.newline) }

    mutating func mark(_ kind: Mark.Kind, _ source: String) {
        bytes.append(1)
        bytes += Array(String(marks.count).utf8)
        bytes.append(2)
        marks.append(Mark(kind: kind, source: source))
    }
}
