package import Conversation
package import Foundation

/// What is looked for.
package struct SearchQuery: Sendable, Hashable {
    /// Whether thoughts are looked through.
    package enum Thoughts: Sendable, Hashable {
        case too
        case only
        case never
    }

    /// As a person typed it, with the meaning that `SearchTerms` gives it.
    ///
    /// Without any letter, digit or emoji nothing is found.
    package var words: String
    package var filter: SessionFilter
    package var thoughts: Thoughts
    /// Lines shown before and after a line with a match.
    package var contextLines: Int
    /// Hits at most, the newest; from 1 to a million.
    package var limit: Int

    package init(
        _ words: String,
        filter: SessionFilter = SessionFilter(),
        thoughts: Thoughts = .too,
        contextLines: Int = 1,
        limit: Int = 50
    ) {
        self.words = words
        self.filter = filter
        self.thoughts = thoughts
        self.contextLines = contextLines
        self.limit = min(max(limit, 1), 1_000_000)
    }

    /// Whether there is anything in it to look for.
    package var isEmpty: Bool { SearchTerms(words).isEmpty }

    /// The places of a message that are looked through.
    var places: [SearchPlace] {
        switch thoughts {
        case .too: [.text, .thought, .toolCall, .attachment]
        case .only: [.thought]
        case .never: [.text, .toolCall, .attachment]
        }
    }

    var includesTitles: Bool { thoughts != .only && filter.role == nil }
}

/// A message, or a title, with the words in it.
package struct SearchHit: Sendable, Hashable {
    package var session: String
    /// As in the list.
    package var title: String
    /// Nil when the title has the words.
    package var message: String?
    package var role: Role?
    /// Of the message; of a title, when its session was last changed.
    package var date: Date
    /// Its place in the session's file, from 0; -1 for a title.
    package var ordinal: Int
    /// Where the words are, in the order text, thought, tool call, file names.
    package var excerpts: [Excerpt]

    /// Lines around matches in one place of a message.
    package struct Excerpt: Sendable, Hashable {
        package var place: SearchPlace
        package var lines: [Line]
    }

    package struct Line: Sendable, Hashable {
        /// From 1, within the place's text.
        package var number: Int
        /// Without its end; of a long line only what surrounds the first match.
        package var text: String
        /// Matches as ranges of the text's UTF-8; none in a line of context.
        package var matches: [Range<Int>]
    }

    /// The newest first; of one moment the later session and message.
    static func precedes(_ left: SearchHit, _ right: SearchHit) -> Bool {
        (left.date, left.session, left.ordinal) > (right.date, right.session, right.ordinal)
    }
}
