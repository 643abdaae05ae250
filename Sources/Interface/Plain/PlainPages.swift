import Foundation
import TerminalCore

/// Lists, pages and questions in words, their entries numbered.
enum PlainPages {
    /// Entries said of a long list.
    private static let longest = 40

    static func text(of overlay: Overlay?) -> String {
        switch overlay {
        case .help: help
        case .list(let list): text(of: list)
        case .page(let page): "\(page.title):\n\(page.text)"
        case .choice(let choice):
            choice.question + "\n"
                + choice.choices.map { "\($0.key): \($0.title)\n" }.joined()
                + "Type one of these, or an empty line to leave it."
        case .input(let input):
            "\(input.title): \(input.text)\nType the new one, or an empty line to leave it."
        case .find(let find): text(of: find)
        case .files: ""
        case nil: ""
        }
    }

    private static func text(of find: FindOverlay) -> String {
        guard let outcome = find.outcome else {
            return find.isWaiting ? "" : "Type the words to look for, or an empty line to leave."
        }
        if find.isWaiting { return "" }
        switch outcome {
        case .failed(let sentence):
            return sentence + "\nType other words, or an empty line to leave."
        case .found(let hits):
            let lines = hits.prefix(longest).enumerated().map { index, hit in
                let title = hit.title.isEmpty ? "new session" : hit.title
                return "\(index + 1). \(title), \(hit.place): \(hit.line.trimmed)\n"
            }
            if hits.isEmpty {
                return
                    "Nothing holds \"\(find.typed)\".\nType other words, or an empty line to leave."
            }
            return lines.joined() + more(hits.count)
                + "Type a number to open one, other words, or an empty line to leave."
        }
    }

    static func text(of sessions: SessionsPane, _ now: Date) -> String {
        guard sessions.listings != nil else { return "Reading the sessions." }
        let lines = sessions.visible.prefix(longest).enumerated().map { index, listing in
            let title = listing.title.isEmpty ? "new session" : listing.title
            let age = now.timeIntervalSince(listing.updated).age
            let problem = listing.problem.map { ", can't be opened: \($0)" } ?? ""
            let pin = listing.isPinned ? ", pinned" : ""
            let tags = listing.tags.map { ", #\($0)" }.joined()
            return "\(index + 1). \(title), \(age)\(pin)\(tags)\(problem)\n"
        }
        return "Sessions:\n" + lines.joined() + more(sessions.visible.count)
            + "Type a number to open one, or an empty line to leave the list."
    }

    private static func text(of list: ListOverlay) -> String {
        let lines = list.matches.prefix(longest).enumerated().map { index, item in
            let detail = item.detail.isEmpty ? "" : ": \(item.detail)"
            let selected = index == list.selection ? " (selected)" : ""
            return "\(index + 1). \(item.title)\(detail)\(selected)\n"
        }
        let none = list.matches.isEmpty ? "Nothing fits \"\(list.query)\".\n" : ""
        return "\(list.title):\n" + none + lines.joined() + more(list.matches.count)
            + "Type a number to take one, letters to narrow the list, or an empty line to leave it."
    }

    private static func more(_ count: Int) -> String {
        count > longest ? "and \((count - longest).grouped) more\n" : ""
    }

    /// Every command by the word that is typed for it.
    private static var help: String {
        let lines = CommandTable.entries.filter { !$0.isEditing && !$0.command.isForScreens }.map {
            entry in
            "/\(entry.typedName) \(entry.argument)".trimmed + ": \(entry.help)\n"
        }
        return "Commands, typed with a slash before them:\n" + lines.joined()
            + "Anything else is sent. A backslash at the end of a line goes on in the next one."
    }
}

extension Command {
    /// It only changes what a screen shows.
    fileprivate var isForScreens: Bool {
        switch self {
        case .escape, .stopOrClear, .redraw, .pageUp, .pageDown, .scrollUp, .scrollDown,
            .scrollToTop, .scrollToEnd, .nextPane, .split, .openBeside, .wider, .narrower, .write,
            .mark, .toggleMouse, .externalEditor, .openSession, .enterInspector, .filterSessions,
            .theme, .suspend, .renameSession, .parentSession:
            true
        default: false
        }
    }
}
