import Foundation

/// Paths as people type and terminals paste them.
package enum PathText {
    /// A path as it is typed after `@`: in quotes when it would end too early without.
    package static func quoted(_ path: String) -> String {
        let isPlain =
            !path.isEmpty && path.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "\\" }
            && path.last.map { !closing.contains($0) } == true
        return isPlain ? path : "\"" + escaped(path) + "\""
    }

    /// A path that is not complete yet: its quote stays open.
    static func openQuoted(_ path: String) -> String {
        let isPlain = path.allSatisfy { !$0.isWhitespace && $0 != "\"" && $0 != "\\" }
        return isPlain ? path : "\"" + escaped(path)
    }

    /// The path that a pasted text names, if it can be one: a file dropped on a terminal comes as
    /// an absolute path, in quotes or with backslashes, or as a URL.
    package static func pasted(_ text: String) -> String? {
        let text = text.trimmingCharacters(in: .whitespaces)
        guard !text.contains("\n"), text.utf8.count <= 4_096, var text = unquoted(text) else {
            return nil
        }
        if text.hasPrefix("file://") {
            // A URL names a machine before the path: none, or this one.
            let rest = text.dropFirst(7)
            let path = rest.hasPrefix("localhost/") ? rest.dropFirst(9) : rest
            guard let decoded = path.removingPercentEncoding else { return nil }
            text = decoded
        }
        let isPath = ["/", "~/", "./", "../"].contains {
            text.hasPrefix($0) && text.count > $0.count
        }
        return isPath ? text : nil
    }

    /// The paths that a pasted text names, when it names nothing else: files dropped on a terminal
    /// come as one paste, with blanks or line ends between them.
    ///
    /// Some terminals escape nothing, so a line that begins like a path may be one path with blanks.
    package static func dropped(_ text: String) -> [String] {
        if let path = pasted(text) { return [path] }
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !text.isEmpty, text.utf8.count <= 16_384 else { return [] }
        let words = words(text)
        let paths = words.compactMap { pasted($0) }
        if paths.count == words.count, (1...64).contains(paths.count) { return paths }
        let beginsPath = text.hasPrefix("/") || text.hasPrefix("~/")
        return beginsPath && !text.contains("\n") && text.utf8.count <= 4_096 ? [text] : []
    }

    /// What stands between blanks, as it is written; quotes and backslashes keep blanks together.
    private static func words(_ text: String) -> [String] {
        var words: [String] = [""]
        var quote: Character?
        var isEscaped = false
        for character in text {
            if quote == nil, !isEscaped, character.isWhitespace {
                if words[words.count - 1] != "" { words.append("") }
                continue
            }
            words[words.count - 1].append(character)
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = quote != "'"
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            }
        }
        return words.filter { !$0.isEmpty }
    }

    /// A folder and the beginning of a name in it: all up to the last slash, and the rest.
    static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else {
            return path == "~" ? ("~/", "") : ("", path)
        }
        let end = path.index(after: slash)
        return (String(path[..<end]), String(path[end...]))
    }

    /// Marks that end a sentence rather than a path.
    static let closing: Set<Character> = [".", ",", ";", ":", "!", "?", ")", "]", "}", "'"]

    private static func escaped(_ path: String) -> String {
        path.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(
            of: "\"",
            with: "\\\""
        )
    }

    /// What a shell would read as one word; nil when it would read several.
    ///
    /// A quote that is never closed is a letter.
    static func unquoted(_ text: String) -> String? {
        var plain = ""
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                plain.append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
            } else if quote == nil, character == " " {
                return nil
            } else {
                plain.append(character)
            }
        }
        guard quote != nil else { return plain }
        return text.contains(" ") ? nil : text
    }
}
