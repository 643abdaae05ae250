package import Media

/// What follows `/attach`: a path, and how it goes with the message.
struct AttachArgument: Sendable, Hashable {
    var paths: [String]
    var options = AttachOptions()

    /// Sentences about options that mean nothing; empty when all of them do.
    var problems: [String] = []

    /// Reads `PATH`, `PATH tokens 560`, `PATH pages 1-3`, `PATH text 1-3`; the path as it is typed,
    /// quoted or dropped.
    init(_ text: String) {
        var text = text.trimmed
        while let (rest, word, value) = Self.option(in: text) {
            if word == "tokens", let budget = Int(value).flatMap(TokenBudget.init(rawValue:)) {
                options.budget = budget
            } else if word != "tokens", let pages = PageChoice.range(value) {
                options.pages = PageChoice(pages: pages, arePictures: word == "pages")
            } else if value.first?.isNumber == true || value.first == "-",
                !value.contains(where: \.isLetter)
            {
                problems.insert(Self.problem(word, value), at: 0)
            } else {
                break
            }
            text = rest
        }
        // The sign of a mention is no part of a path.
        if text.count > 1, text.first == "@" { text.removeFirst() }
        let dropped = PathText.dropped(text)
        // One word as a shell reads it, else a name with blanks as it stands.
        paths = dropped.isEmpty ? [PathText.unquoted(text) ?? text] : dropped
    }

    private static func problem(_ word: String, _ value: String) -> String {
        guard word == "tokens" else {
            return "\(word) takes a page or a range, as \(word) 3 or \(word) 1-3, not \(value)."
        }
        let budgets = TokenBudget.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
        return "tokens takes one of \(budgets), not \(value)."
    }

    /// The text before an option at its end, and the option.
    private static func option(in text: String) -> (rest: String, word: String, value: String)? {
        let words = text.split(separator: " ")
        guard words.count > 2 else { return nil }
        let word = words[words.count - 2]
        guard ["tokens", "pages", "text"].contains(word) else { return nil }
        let rest = String(text[..<word.startIndex]).trimmed
        return (rest, String(word), String(words[words.count - 1]))
    }
}

/// How a file goes with a message.
package struct AttachOptions: Sendable, Hashable {
    /// Tokens that a picture or each frame may take; nil leaves it to the configuration.
    package var budget: TokenBudget?
    /// Of a document; nil takes the text of all pages.
    package var pages: PageChoice?
    /// Of a pattern's files.
    package var takesTextsOnly: Bool

    package init(
        budget: TokenBudget? = nil,
        pages: PageChoice? = nil,
        takesTextsOnly: Bool = false
    ) {
        self.takesTextsOnly = takesTextsOnly
        self.budget = budget
        self.pages = pages
    }
}
