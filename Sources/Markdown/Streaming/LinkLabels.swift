/// The names in brackets that a text may refer to.
enum LinkLabels {
    /// The keys of all that stands in brackets.
    static func keys(in text: String) -> Set<String> {
        let bytes = Array(text.utf8)
        var keys: Set<String> = []
        var open: Int?
        var at = 0
        while at < bytes.count {
            switch bytes[at] {
            case .backslash: at += 1
            case .openBracket: open = at
            case .closeBracket:
                if let start = open, at - start > 1, at - start <= 1_000 {
                    keys.insert(key(bytes.text((start + 1)..<at)))
                }
                open = nil
            default: break
            }
            at += 1
        }
        return keys
    }

    /// Equal for labels that name the same definition.
    static func key(_ label: String) -> String {
        // A label over several lines of a quote has the quote's marks in it.
        let lines = label.split(whereSeparator: \.isNewline).enumerated().map { number, line in
            number == 0 ? line : line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
        }
        let words = lines.flatMap { $0.split { $0 == " " || $0 == "\t" } }
        return words.joined(separator: " ").lowercased().uppercased()
    }
}
