import Conversation
import TerminalCore

/// What a typed line does where keys are not looked at one by one.
extension AppState {
    mutating func receive(line: String) -> [Effect] {
        notice = nil
        isQuitArmed = false
        if let overlay { return receive(line: line, in: overlay) }
        if focus == .sessions, let effects = receiveInSessions(line: line) { return effects }
        if let effects = receiveInWelcome(line: line) { return effects }
        focus(.editor)
        guard !line.isEmpty else { return [] }
        if chat.shortening?.draft != nil, !line.hasPrefix("/") {
            show("Your message is sent once the oldest turns are left out; wait for it.")
            return []
        }
        // Of a message that is edited only its files are left; a line goes on after a backslash.
        chat.editor.move(to: .max)
        chat.editor.insert(line)
        let goesOn = chat.editor.isAfterBackslash
        let (reading, isPath) = goesOn ? ([], false) : attachNamed(in: line)
        if isPath { return reading }
        let effects = send()
        // What was refused was seen and typed; unseen it would become part of the next line.
        if !goesOn, !chat.isShortening, !isGatheringFiles { dropUnseenDraft() }
        return reading + effects
    }

    /// Drops what was typed of a message that was refused, where the draft cannot be seen; files
    /// that were attached stay so until /detach.
    mutating func dropUnseenDraft() {
        if talksPlainly, overlay == nil { chat.editor.keepFiles() }
    }

    /// Asks for files that a typed line names by their paths, as a terminal does that files are
    /// dropped on; the second value says that the line is nothing else.
    private mutating func attachNamed(in line: String) -> (reading: [Effect], isPath: Bool) {
        let end = chat.editor.caret
        let start = end - line.utf8.count
        let dropped = PathText.dropped(line)
        // A path that follows a command is the command's.
        let first = line.prefix { !$0.isWhitespace }
        let isCommand = first.first == "/" && !first.dropFirst().contains("/")
        guard start >= 0, !isCommand, !chat.editor.text.isEmpty else { return ([], false) }
        if !dropped.isEmpty {
            return ([askForFiles(dropped, for: chat.id, replacing: (line, start..<end))], true)
        }
        var effects: [Effect] = []
        for word in line.split(whereSeparator: \.isWhitespace) {
            guard let path = PathText.pasted(String(word)), FileEnding.isRead(path) else {
                continue
            }
            let from = start + line.utf8.distance(from: line.startIndex, to: word.startIndex)
            let place = from..<from + word.utf8.count
            effects.append(askForFiles([path], for: chat.id, replacing: (String(word), place)))
        }
        return (effects, false)
    }

    private mutating func receiveInSessions(line: String) -> [Effect]? {
        // An empty line or a command leaves the list; nothing that is typed here is a message.
        if line.isEmpty || line.hasPrefix("/") { return nil }
        guard let number = Int(line) else {
            show("Type a number of the list, or an empty line to leave it.")
            return []
        }
        guard let listing = sessions.visible[counted: number] else {
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
        case .list, .choice, .input, .find, .files:
            // A command leaves the list or question.
            guard !line.hasPrefix("/") else {
                _ = receiveInOverlay(KeyPress(.escape))
                return receive(line: line)
            }
            guard !line.isEmpty else { return receiveInOverlay(KeyPress(.escape)) }
            if case .list(let list) = overlay { return receive(line: line, in: list) }
            if case .find(let find) = overlay { return receive(line: line, in: find) }
            if case .input(var input) = overlay {
                input.text = line
                self.overlay = nil
                return finish(input)
            }
            guard case .choice(let question) = overlay,
                question.choices.contains(where: { String($0.key) == line.lowercased() }),
                let letter = line.first
            else {
                show("\"\(line)\" is none of the answers. An empty line leaves the question.")
                return []
            }
            return receiveInOverlay(.character(letter))
        }
    }

    private mutating func receive(line: String, in list: ListOverlay) -> [Effect] {
        var list = list
        guard let number = Int(line) else {
            list.clearQuery()
            list.type(line)
            overlay = .list(list)
            return []
        }
        guard list.matches[counted: number] != nil else {
            show("There is no \(number) in the list.")
            return []
        }
        list.move(by: number - 1 - list.selection)
        overlay = .list(list)
        return receiveInOverlay(KeyPress(.enter))
    }

    private mutating func receive(line: String, in find: FindOverlay) -> [Effect] {
        var find = find
        guard let number = Int(line), find.outcome != nil else { return type(line, in: find) }
        guard find.hits[counted: number] != nil else {
            show("There is no \(number) in the list.")
            return []
        }
        find.move(by: number - 1 - find.selection)
        return receive(KeyPress(.enter), in: find)
    }
}
