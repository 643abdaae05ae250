import Conversation
import Foundation
import TerminalCore

/// The search through all sessions.
extension AppState {
    /// Opens it, with words that were typed behind the command.
    mutating func find(inAllSessions words: String) -> [Effect] {
        finds += 1
        let find = FindOverlay(typed: words, number: finds)
        overlay = .find(find)
        return find.request.isEmpty ? [] : [.find(find.request)]
    }

    mutating func receive(_ key: KeyPress, in find: FindOverlay) -> [Effect] {
        var find = find
        let page = max(1, size.height / 3)
        switch key {
        case KeyPress(.enter): return open(find)
        case KeyPress(.up), .control("p"): find.move(by: -1)
        case KeyPress(.down), .control("n"), KeyPress(.tab): find.move(by: 1)
        case KeyPress(.pageUp): find.move(by: -page)
        case KeyPress(.pageDown): find.move(by: page)
        case KeyPress(.backspace), .control("h"):
            return type(String(find.typed.dropLast()), in: find)
        case .control("u"): return type("", in: find)
        case .control("w"): return type(find.typed.withoutLastWord, in: find)
        default:
            guard let text = key.typedText else {
                show("\(key.name) means nothing here. Enter opens, Esc closes.")
                return []
            }
            return type(find.typed + text, in: find)
        }
        overlay = .find(find)
        return []
    }

    /// Looks for other words.
    mutating func type(_ words: String, in find: FindOverlay) -> [Effect] {
        var find = find
        finds += 1
        let request = find.type(words, number: finds)
        overlay = .find(find)
        return request.map { [.find($0)] } ?? []
    }

    /// Takes in what was found.
    mutating func receive(_ outcome: FindOutcome, of number: Int) {
        guard case .find(var find) = overlay else { return }
        find.receive(number, outcome)
        overlay = .find(find)
    }

    /// Opens the selected hit's session and shows its message.
    private mutating func open(_ find: FindOverlay) -> [Effect] {
        guard let hit = find.selected else {
            show(find.isWaiting ? "Still searching." : "Nothing is selected.")
            return []
        }
        overlay = nil
        goal = hit.message.map {
            Goal(session: hit.session, message: $0, words: find.request.words)
        }
        let effects = open(hit.session, in: slot)
        reachGoal()
        return effects
    }

    /// Shows the message that was looked for, once its session is on the screen.
    mutating func reachGoal() {
        guard let goal, chat.id == goal.session else { return }
        self.goal = nil
        guard let message = chat.message(goal.message) else { return }
        if !chat.pane.branch.contains(goal.message) {
            guard chat.running == nil else {
                return show("It is on another branch; < and > go there once the answer is over.")
            }
            chat.transcript.activate(leaf: chat.transcript.newestLeaf(below: goal.message))
            chat.showActiveBranch()
        }
        focus(.conversation)
        let words = goal.words.split(separator: " ").map { $0.filter { $0 != "\"" && $0 != "*" } }
        let text = message.text + message.thoughts.map(\.text).joined()
        let word = words.first { !$0.isEmpty && text.localizedCaseInsensitiveContains($0) }
        search = TextSearch(query: word ?? "", isTyping: false)
        reveal(goal.message)
    }
}

/// A message to be shown as soon as its session is there.
struct Goal: Sendable {
    var session: String
    var message: String
    /// What it was found by.
    var words: String
}
