package import Media

/// What follows `/attach`: a path, and how it goes with the message.
struct AttachArgument: Sendable, Hashable {
    var paths: [String]
    var options = AttachOptions()

    /// Reads `PATH`, `PATH tokens 560`; the path as it is typed, quoted or dropped.
    init(_ text: String) {
        var text = text.trimmed
        if let (rest, value) = Self.option("tokens", in: text),
            let budget = Int(value).flatMap(TokenBudget.init(rawValue:))
        {
            options.budget = budget
            text = rest
        }
        let dropped = PathText.dropped(text)
        paths = dropped.isEmpty ? [Mention.all(in: "@" + text).first?.path ?? text] : dropped
    }

    /// The text before a word and the value after it, when they end the text.
    private static func option(_ word: String, in text: String) -> (rest: String, value: String)? {
        let words = text.split(separator: " ")
        guard words.count > 2, words[words.count - 2] == word, let value = words.last else {
            return nil
        }
        let rest = text[..<words[words.count - 2].startIndex]
        return (String(rest).trimmed, String(value))
    }
}

/// How a file goes with a message.
package struct AttachOptions: Sendable, Hashable {
    /// Tokens that a picture or each frame may take; nil leaves it to the configuration.
    package var budget: TokenBudget?

    package init(budget: TokenBudget? = nil) { self.budget = budget }
}
