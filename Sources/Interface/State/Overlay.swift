/// What lies over the panes and takes the keys.
package enum Overlay: Sendable {
    /// The page of keys and commands, from this row on.
    case help(scroll: Int)
    case list(ListOverlay)
    case page(PageOverlay)
    case choice(ChoiceOverlay)
    case input(InputOverlay)
    case find(FindOverlay)
    case files(FilesOverlay)
}

/// A list to pick from, narrowed by typing.
package struct ListOverlay: Sendable {
    /// What is picked.
    package enum Kind: Sendable, Hashable {
        case command
        case theme
        case model
    }

    package struct Item: Sendable, Hashable, Identifiable {
        package var id: String
        package var title: String
        /// A sentence or a few words behind the title.
        package var detail: String
        /// Keys, a date: at the right edge.
        package var trailing: String

        package init(id: String, title: String, detail: String = "", trailing: String = "") {
            self.id = id
            self.title = title
            self.detail = detail
            self.trailing = trailing
        }
    }

    package let kind: Kind
    package let title: String
    package let items: [Item]
    package private(set) var query = ""
    package private(set) var matches: [Item]
    package private(set) var selection = 0

    package init(_ kind: Kind, title: String, items: [Item], selected id: String? = nil) {
        self.kind = kind
        self.title = title
        self.items = items
        matches = items
        selection = items.firstIndex { $0.id == id } ?? 0
    }

    package var selected: Item? { matches[safe: selection] }

    package mutating func move(by distance: Int) {
        selection = (selection + distance).clamped(to: 0...max(0, matches.count - 1))
    }

    package mutating func type(_ text: String) { search(query + text) }

    package mutating func deleteBackward() { search(String(query.dropLast())) }

    package mutating func clearQuery() { search("") }

    private mutating func search(_ new: String) {
        query = new
        selection = 0
        matches =
            new.isEmpty
            ? items : FuzzyMatcher.sorted(items, query: new) { "\($0.title) \($0.detail)" }
    }
}

/// Text to read, as the prompt that was sent.
package struct PageOverlay: Sendable {
    package var title: String
    package var text: String
    package var scroll = 0

    package init(title: String, text: String) {
        self.title = title
        self.text = text
    }
}

/// A question with a few answers, each on a key.
package struct ChoiceOverlay: Sendable {
    package struct Choice: Sendable, Hashable {
        package var key: Character
        package var title: String
        package var action: Action
    }

    /// What an answer does.
    package enum Action: Sendable, Hashable {
        /// Leave the oldest turns out of what the model is given, with a summary or without.
        case shorten(summarises: Bool)
        case restoreContext
        /// Send although the context is nearly full.
        case goOn
    }

    package var question: String
    package var choices: [Choice]
}

/// A line to type, for a session.
package struct InputOverlay: Sendable {
    package enum Purpose: Sendable, Hashable {
        case rename(String)
        case tag(String)
        /// What a command takes.
        case command(Command)
    }

    package let purpose: Purpose
    package let title: String
    package internal(set) var text: String

    init(_ purpose: Purpose, title: String, text: String) {
        self.purpose = purpose
        self.title = title
        self.text = text
    }
}
