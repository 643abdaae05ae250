import Conversation
package import Foundation

/// What is looked for in all sessions, as it was typed.
package struct FindRequest: Sendable, Hashable {
    /// Grows with each request: an answer to an older one is dropped.
    package var number: Int
    /// Without the filters.
    package var words: String
    /// Filters by their names, as `role:user`; see `FindFilter`.
    package var filters: [FindFilter: String]

    /// Takes words such as `tag:work` out of what was typed.
    init(number: Int, typed: String) {
        self.number = number
        var filters: [FindFilter: String] = [:]
        let words = Self.words(typed).filter { word in
            guard let colon = word.firstIndex(of: ":"),
                let filter = FindFilter(rawValue: word[..<colon].lowercased())
            else { return true }
            let value = word[word.index(after: colon)...].filter { $0 != "\"" }
            guard !value.isEmpty else { return true }
            filters[filter] = value
            return false
        }
        self.words = words.joined(separator: " ")
        self.filters = filters
    }

    var isEmpty: Bool { words.isEmpty && filters.isEmpty }

    /// What stands between blanks; quotes keep blanks together.
    private static func words(_ typed: String) -> [String] {
        var words: [String] = [""]
        var isQuoted = false
        for character in typed {
            if character == "\"" { isQuoted.toggle() }
            if character == " ", !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words.filter { !$0.isEmpty }
    }
}

/// What narrows a search, written before a colon.
package enum FindFilter: String, Sendable, Hashable, CaseIterable {
    case role
    case model
    case tag
    case since
    case before
    /// `tool` or `picture`.
    case has
    /// `thoughts` or `text`.
    case `in`
}

/// A message, or a title, that holds what was looked for.
package struct FoundMessage: Sendable, Hashable {
    package var session: String
    /// Of the session.
    package var title: String
    /// Nil when the title holds it.
    package var message: String?
    /// Who speaks and where, as `you` or `gemma, thought`.
    package var place: String
    package var date: Date
    /// The line with the first match, and the matches in it as ranges of its UTF-8.
    package var line: String
    package var matches: [Range<Int>]

    package init(
        session: String,
        title: String,
        message: String?,
        place: String,
        date: Date,
        line: String,
        matches: [Range<Int>]
    ) {
        self.session = session
        self.title = title
        self.message = message
        self.place = place
        self.date = date
        self.line = line
        self.matches = matches
    }
}

/// What came of a search through all sessions.
package enum FindOutcome: Sendable, Hashable {
    /// The newest first.
    case found([FoundMessage])
    /// The sentence says what is wrong with the request, or why nothing could be read.
    case failed(String)
}

/// The search through all sessions, over the panes.
package struct FindOverlay: Sendable {
    package private(set) var typed: String
    package private(set) var request: FindRequest
    /// Nil before the first answer; then of the last request that was answered.
    package private(set) var outcome: FindOutcome?
    package private(set) var isWaiting = false
    package private(set) var selection = 0

    init(typed: String, number: Int) {
        self.typed = typed
        request = FindRequest(number: number, typed: typed)
        isWaiting = !request.isEmpty
    }

    package var hits: [FoundMessage] {
        if case .found(let hits) = outcome { hits } else { [] }
    }

    package var selected: FoundMessage? { hits[safe: selection] }

    /// Looks for something else; nil when there is nothing to ask.
    mutating func type(_ new: String, number: Int) -> FindRequest? {
        typed = new
        request = FindRequest(number: number, typed: new)
        guard !request.isEmpty else {
            isWaiting = false
            outcome = nil
            selection = 0
            return nil
        }
        isWaiting = true
        return request
    }

    mutating func receive(_ number: Int, _ new: FindOutcome) {
        guard number == request.number, isWaiting else { return }
        isWaiting = false
        outcome = new
        selection = 0
    }

    mutating func move(by distance: Int) {
        selection = (selection + distance).clamped(to: 0...max(0, hits.count - 1))
    }
}
