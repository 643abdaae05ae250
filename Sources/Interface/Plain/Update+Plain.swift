import Conversation
import TerminalCore

/// What a typed line does where keys are not looked at one by one.
extension AppState {
    mutating func receive(line: String) -> [Effect] {
        notice = nil
        if let overlay { return receive(line: line, in: overlay) }
        if focus == .sessions, let effects = receiveInSessions(line: line) { return effects }
        focus(.editor)
        guard !line.isEmpty else { return [] }
        // A line takes the place of the message that is edited, and goes on after a backslash.
        if chat.edited != nil { chat.editor.clear() }
        chat.editor.move(to: .max)
        chat.editor.insert(line)
        return send()
    }

    private mutating func receiveInSessions(line: String) -> [Effect]? {
        guard let number = Int(line) else { return nil }
        guard let listing = sessions.visible[safe: number - 1] else {
            show("There is no session \(number) in the list.")
            return []
        }
        sessions.select(listing.id)
        return openSelected(beside: false)
    }

    private mutating func receive(line: String, in overlay: Overlay) -> [Effect] {
        switch overlay {
        case .help, .page:
            self.overlay = nil
            return line.isEmpty ? [] : receive(line: line)
        case .list(var list):
            guard !line.isEmpty else { return receiveInOverlay(KeyPress(.escape)) }
            guard let number = Int(line) else {
                list.clearQuery()
                list.type(line)
                self.overlay = .list(list)
                return []
            }
            guard list.matches.indices.contains(number - 1) else {
                show("There is no \(number) in the list.")
                return []
            }
            list.move(by: number - 1 - list.selection)
            self.overlay = .list(list)
            return receiveInOverlay(KeyPress(.enter))
        case .choice:
            guard let letter = line.first else { return receiveInOverlay(KeyPress(.escape)) }
            return receiveInOverlay(.character(letter))
        }
    }
}
