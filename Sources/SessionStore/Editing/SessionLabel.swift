package import Conversation

/// Titles and tags as they are let in: one line, without anything that could steer a terminal.
package enum SessionLabel {
    /// A title on one line, without control characters, and with single spaces.
    package static func title(_ text: String) -> String {
        let plain = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isSteering($0) ? " " : $0 }
            )
        )
        return plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// A tag: a title without commas at its ends; nil when nothing is left of it.
    package static func tag(_ text: String) -> String? {
        var tag = title(text)[...]
        while let first = tag.first, first == "," || first == " " { tag.removeFirst() }
        while let last = tag.last, last == "," || last == " " { tag.removeLast() }
        return tag.isEmpty ? nil : String(tag)
    }

    /// Control characters, line ends, and marks that turn the direction of text around.
    private static func isSteering(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format:
            ("\u{202A}"..."\u{202E}").contains(scalar)
                || ("\u{2066}"..."\u{2069}").contains(scalar)
                || ["\u{200E}", "\u{200F}", "\u{61C}", "\u{FEFF}"].contains(scalar)
        default: false
        }
    }
}

extension Transcript {
    /// Adds a tag, unless one is there that differs in the case of letters only.
    package mutating func addTag(_ text: String) {
        guard let tag = SessionLabel.tag(text), !tags.contains(where: { $0.isSameTag(tag) }) else {
            return
        }
        tags.append(tag)
    }

    /// Removes a tag; the case of letters does not count.
    package mutating func removeTag(_ text: String) {
        let cleaned = SessionLabel.tag(text) ?? text
        tags.removeAll { $0 == text || $0.isSameTag(cleaned) }
    }
}

extension String {
    fileprivate func isSameTag(_ other: String) -> Bool { lowercased() == other.lowercased() }
}
