/// A line that says where a reference leads: `[label]: target "title"`.
///
/// Definitions are one short line each, since every use of one repeats its target, and they are shown
/// like any text: nothing a model writes is hidden.
struct LinkDefinition: Sendable, Hashable {
    private static let longest = 500

    var label: String
    var target: String

    /// The definition that a line's text is, and where its label ends; nil for other lines.
    static func read(_ bytes: [UInt8], _ text: Range<Int>) -> (LinkDefinition, labelEnd: Int)? {
        guard text.count <= longest, bytes[text.lowerBound] == .openBracket,
            bytes[text].allSatisfy({ $0 >= 0x20 || $0 == .tab }),
            let close = MathSpan.find([.closeBracket], in: bytes, text),
            close + 1 < text.upperBound, bytes[close + 1] == .colon
        else { return nil }
        let label = (text.lowerBound + 1)..<close
        guard !bytes.isBlank(label), MathSpan.find([.openBracket], in: bytes, label) == nil else {
            return nil
        }
        var at = close + 2
        while at < text.upperBound, bytes[at].isBlank { at += 1 }
        guard let target = target(bytes, at..<text.upperBound) else { return nil }
        let definition = LinkDefinition(label: bytes.text(label), target: target.text)
        return (definition, close + 2)
    }

    /// The target at the beginning of a range, with nothing but a title after it.
    private static func target(_ bytes: [UInt8], _ range: Range<Int>) -> (text: String, Int)? {
        guard let first = bytes[range].first else { return nil }
        var end: Int
        var text: Range<Int>
        if first == .less {
            guard let close = bytes[range].firstIndex(of: .greater) else { return nil }
            text = (range.lowerBound + 1)..<close
            end = close + 1
        } else {
            end = bytes[range].firstIndex(where: \.isBlank) ?? range.upperBound
            text = range.lowerBound..<end
        }
        // One word after a label is no address.
        guard bytes[text].contains(where: { [.colon, .dot, .slash, .number].contains($0) }) else {
            return nil
        }
        while end < range.upperBound, bytes[end].isBlank { end += 1 }
        var last = range.upperBound
        while last > end, bytes[last - 1].isBlank { last -= 1 }
        guard end == last || isTitle(bytes[end..<last]) else { return nil }
        return (bytes.text(text), end)
    }

    private static func isTitle(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= 2, let first = bytes.first, let last = bytes.last else { return false }
        return first == .openParenthesis
            ? last == .closeParenthesis
            : first == last && (first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"))
    }
}
