import Conversation
import Foundation

/// A search through the messages and thoughts of a conversation.
struct TextSearch: Sendable, Hashable {
    var query = ""
    /// Keys go into the query.
    var isTyping = true
    /// What was found last.
    var found: Place?

    /// A row of a message.
    struct Place: Sendable, Hashable {
        var message: String
        var row: Int
    }

    /// Where a text holds the query, letter case and accents aside.
    func ranges(in text: String) -> [Range<String.Index>] {
        guard !query.isEmpty else { return [] }
        var ranges: [Range<String.Index>] = []
        var start = text.startIndex
        while start < text.endIndex,
            let range = text.range(of: query, options: Self.options, range: start..<text.endIndex),
            !range.isEmpty
        {
            ranges.append(range)
            start = range.upperBound
        }
        return ranges
    }

    func matches(_ text: String) -> Bool {
        !query.isEmpty && text.range(of: query, options: Self.options) != nil
    }

    func matchesText(of message: Message) -> Bool { matches(message.text) }

    func matchesThoughts(of message: Message) -> Bool {
        message.thoughts.contains { matches($0.text) }
    }

    private static let options: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive]
}
