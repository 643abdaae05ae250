/// A formula within a line: `$x$`, `$$x$$`, `\(x\)` or `\[x\]`.
struct MathSpan {
    /// What stands between the delimiters.
    var content: Range<Int>
    var end: Int
    /// Written as a formula of its own: `$$` or `\[`.
    var isDisplay: Bool

    /// Bytes after which a formula is not looked for any further.
    static let longest = 2_000

    /// The formula that begins at a place of a line; nil when none does.
    init?(_ bytes: [UInt8], at start: Int, in line: Range<Int>) {
        guard let opening = Self.opening(bytes, at: start, in: line) else { return nil }
        let from = start + opening.length
        isDisplay = opening.isDisplay
        if opening.closing != [.dollar] {
            guard let close = Self.find(opening.closing, in: bytes, from..<line.upperBound),
                close > from
            else { return nil }
            content = from..<close
            end = close + opening.closing.count
            return
        }
        // What comes before and after tells a formula from prices and variables of a shell.
        if start > line.lowerBound, bytes[start - 1].isLetterOrDigit { return nil }
        guard from < line.upperBound, !bytes[from].isBlank else { return nil }
        guard let close = Self.find([.dollar], in: bytes, from..<line.upperBound), close > from,
            !bytes[close - 1].isBlank
        else { return nil }
        if close + 1 < line.upperBound, bytes[close + 1].isLetterOrDigit { return nil }
        guard Self.looksLikeMath(bytes, from..<close) else { return nil }
        content = from..<close
        end = close + 1
    }

    struct Opening {
        var length: Int
        var closing: [UInt8]
        var isDisplay: Bool
    }

    /// The delimiter that stands at a place.
    static func opening(_ bytes: [UInt8], at start: Int, in line: Range<Int>) -> Opening? {
        let next = start + 1 < line.upperBound ? bytes[start + 1] : 0
        switch (bytes[start], next) {
        case (.dollar, .dollar):
            return Opening(length: 2, closing: [.dollar, .dollar], isDisplay: true)
        case (.dollar, _): return Opening(length: 1, closing: [.dollar], isDisplay: false)
        case (.backslash, .openParenthesis):
            return Opening(length: 2, closing: [.backslash, .closeParenthesis], isDisplay: false)
        case (.backslash, .openBracket):
            return Opening(length: 2, closing: [.backslash, .closeBracket], isDisplay: true)
        default: return nil
        }
    }

    /// Where a closing delimiter stands that no backslash takes the meaning from.
    static func find(_ closing: [UInt8], in bytes: [UInt8], _ range: Range<Int>) -> Int? {
        var at = range.lowerBound
        let end = min(range.upperBound, at + longest)
        while at + closing.count <= end {
            if bytes[at] == closing[0], closing.count == 1 || bytes[at + 1] == closing[1] {
                return at
            }
            at += bytes[at] == .backslash ? 2 : 1
        }
        return nil
    }

    /// Commands, scripts and operators are mathematics; so are single letters and numbers.
    private static func looksLikeMath(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        var hasOperator = false
        var word = 0
        var longestWord = 0
        var hasBlank = false
        for at in range {
            switch bytes[at] {
            case .backslash, UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "="): return true
            case .plus, .star, .less, .greater, .pipe, UInt8(ascii: "/"), .dash: hasOperator = true
            case .space, .tab: hasBlank = true
            case .backtick: return false
            default: break
            }
            word = bytes[at].isLetter ? word + 1 : 0
            longestWord = max(longestWord, word)
        }
        if bytes[range.lowerBound].isDigit, hasBlank, !hasOperator { return false }
        return longestWord <= 3 || !hasBlank && longestWord <= 12
    }
}
