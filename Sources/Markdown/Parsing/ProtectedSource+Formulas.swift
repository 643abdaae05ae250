/// Formulas of several lines.
extension ProtectedSource {
    private static let longestFormula = 60

    /// Replaces a formula that begins this line and ends on a later one.
    mutating func scanFormula(_ number: Int, _ prefix: LinePrefix) -> Int? {
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
            guard next - number < Self.longestFormula, !isBlank(next),
                lines[next].upperBound - from < 2 * MathSpan.longest
            else { return nil }
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
}
