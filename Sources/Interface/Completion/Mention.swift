/// A file named in a draft: `@path`, or `@"a path with blanks"`.
package struct Mention: Sendable, Hashable {
    package var path: String
    /// Where it stands, with its sign and quotes, in UTF-8 offsets.
    package var range: Range<Int>
    /// The quote is not closed yet.
    package var isOpen = false

    /// The mentions in a text, in its order.
    ///
    /// The sign counts at the beginning of a word only, so that addresses are none. Marks that end
    /// a sentence do not belong to a path without quotes.
    package static func all(in text: String) -> [Mention] {
        var mentions: [Mention] = []
        var place = text.startIndex
        while let sign = text[place...].firstIndex(of: "@") {
            place = text.index(after: sign)
            let before = sign > text.startIndex ? text[text.index(before: sign)] : " "
            guard before.isWhitespace || before.opensWord else { continue }
            let (path, end, isOpen) =
                place < text.endIndex && text[place] == "\""
                ? quoted(text, from: text.index(after: place)) : plain(text, from: place)
            guard !path.isEmpty else { continue }
            mentions.append(Mention(path: path, range: text.offsets(sign..<end), isOpen: isOpen))
            place = end
        }
        return mentions
    }

    private static func plain(
        _ text: String,
        from start: String.Index
    ) -> (String, String.Index, Bool) {
        var end = text[start...].firstIndex { $0.isWhitespace } ?? text.endIndex
        while end > start, PathText.closing.contains(text[text.index(before: end)]) {
            end = text.index(before: end)
        }
        return (String(text[start..<end]), end, false)
    }

    private static func quoted(
        _ text: String,
        from start: String.Index
    ) -> (String, String.Index, Bool) {
        var path = ""
        var place = start
        while place < text.endIndex, text[place] != "\"" {
            let next = text.index(after: place)
            if text[place] == "\\", next < text.endIndex {
                path.append(text[next])
                place = text.index(after: next)
            } else {
                path.append(text[place])
                place = next
            }
        }
        guard place < text.endIndex else { return (path, place, true) }
        return (path, text.index(after: place), false)
    }
}

extension Character {
    /// Stands before the first letter of a word.
    var opensWord: Bool { "([{<\"'".contains(self) }
}

extension String {
    fileprivate func offsets(_ range: Range<Index>) -> Range<Int> {
        let start = utf8.distance(from: startIndex, to: range.lowerBound)
        return start..<start + utf8.distance(from: range.lowerBound, to: range.upperBound)
    }
}
