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
        var text = text.trimmingCharacters(in: .whitespaces)
        guard !text.contains("\n"), text.utf8.count <= 4_096 else { return nil }
        if let quote = text.first, quote == "'" || quote == "\"", text.count > 2, text.last == quote
        {
            text = String(text.dropFirst().dropLast())
        } else if !text.hasPrefix("file://") {
            guard let plain = withoutBackslashes(text) else { return nil }
            text = plain
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

    /// A text whose blanks were escaped by a shell's rules; nil when one was not.
    private static func withoutBackslashes(_ text: String) -> String? {
        var plain = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                plain.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == " " {
                return nil
            } else {
                plain.append(character)
            }
        }
        return plain
    }
}
