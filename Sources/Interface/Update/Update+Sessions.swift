import Conversation
import TerminalCore

/// What keys and commands do with sessions as a whole: listing, naming, pinning, deleting, forking.
extension AppState {
    /// A key while the filter is typed; false when it means what it means in the list.
    mutating func filterSessions(_ key: KeyPress) -> Bool {
        switch key {
        case KeyPress(.enter): sessions.endFilter()
        case _ where closes(key): sessions.clearFilter()
        case KeyPress(.backspace), .control("h"): sessions.deleteBackward()
        case KeyPress(.up), KeyPress(.down), KeyPress(.pageUp), KeyPress(.pageDown): return false
        default:
            guard let text = key.typedText else { return false }
            sessions.type(text)
        }
        return true
    }

    /// Takes in the folder's sessions; what is open and was never saved stands before them.
    mutating func receive(_ listings: [SessionListing]) {
        let known = Set(listings.map(\.id))
        let unsaved = chats.filter { !known.contains($0.id) }.map { chat in
            SessionListing(
                id: chat.id,
                title: chat.transcript.title,
                updated: chat.transcript.updated,
                messageCount: chat.transcript.messages.count,
                tags: chat.transcript.tags,
                parent: chat.transcript.forkedFrom?.session
            )
        }
        sessions.receive(unsaved + listings)
    }

    /// Selects the session that the selected one was branched off.
    mutating func selectParent() {
        guard let selected = sessions.selected, let parent = selected.parent else {
            return show("It was not branched off another session.")
        }
        sessions.clearFilter()
        sessions.select(parent)
        if sessions.selected?.id != parent {
            sessions.select(selected.id)
            show("The session it was branched off, \(parent), is not in this folder.")
        }
    }

    // MARK: - Names, tags, pins

    /// The session that a command is about: the selected one in the list, else the conversation.
    private var meant: (id: String, title: String, tags: [String], isPinned: Bool)? {
        if focus == .sessions {
            guard let listing = sessions.selected, listing.problem == nil else { return nil }
            if let open = chats.first(where: { $0.id == listing.id }) {
                return (open.id, open.displayTitle, open.transcript.tags, open.transcript.isPinned)
            }
            return (listing.id, listing.title, listing.tags, listing.isPinned)
        }
        return (chat.id, chat.displayTitle, chat.transcript.tags, chat.transcript.isPinned)
    }

    /// Changes what a session is called or marked with, open or not.
    mutating func edit(_ id: String, _ edit: SessionEdit) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.id == id }) else {
            return [.editSession(id: id, edit)]
        }
        if let reason = chats[index].readOnlyReason {
            show(reason, isError: true)
            return []
        }
        edit.apply(to: &chats[index].transcript)
        return [.save(chats[index].wholeTranscript), .listSessions]
    }

    mutating func togglePin() -> [Effect] {
        guard let meant else { return nothingMeant() }
        show(meant.isPinned ? "Not pinned any more." : "Pinned: it stands above the others.")
        return edit(meant.id, .pin(!meant.isPinned))
    }

    /// Asks for a new name of the selected session.
    mutating func renameSession() -> [Effect] {
        guard let meant else { return nothingMeant() }
        let title = chats.first { $0.id == meant.id }?.transcript.title ?? meant.title
        overlay = .input(InputOverlay(.rename(meant.id), title: "Name", text: title))
        return []
    }

    /// Adds and removes tags: `work -old`; without any shows them, or asks where a list has the keys.
    mutating func tag(_ argument: String) -> [Effect] {
        guard let meant else { return nothingMeant() }
        guard !argument.isEmpty else {
            if focus == .sessions {
                let text = meant.tags.joined(separator: ", ")
                overlay = .input(
                    InputOverlay(.tag(meant.id), title: "Tags, with commas", text: text)
                )
            } else {
                let tags = meant.tags.map { "#\($0)" }.joined(separator: " ")
                show(tags.isEmpty ? "No tags. /tag WORD adds one, /tag -WORD removes it." : tags)
            }
            return []
        }
        var tags = meant.tags
        // With a comma, tags may be of several words.
        for word in argument.split(separator: argument.contains(",") ? "," : " ") {
            let word = word.drop { $0 == " " }
            let isRemoval = word.hasPrefix("-")
            let name = Self.tagName(isRemoval ? word.dropFirst() : word)
            if isRemoval { tags.removeAll { $0 == name } }
            if !isRemoval, !name.isEmpty, !tags.contains(name) { tags.append(name) }
        }
        show(tags.isEmpty ? "No tags." : tags.map { "#\($0)" }.joined(separator: " "))
        return edit(meant.id, .tags(tags))
    }

    /// A tag as it is kept: without a leading number sign and blanks around it.
    static func tagName(_ word: Substring) -> String {
        String(word.drop { $0 == "#" || $0.isWhitespace }).trimmed
    }

    private mutating func nothingMeant() -> [Effect] {
        show("There is no session for that.")
        return []
    }

    // MARK: - The trash

    /// Moves the selected session, or the one with this number in the list, to the trash.
    mutating func deleteSession(_ argument: String) -> [Effect] {
        if let number = Int(argument), let listing = sessions.visible[counted: number] {
            sessions.select(listing.id)
        } else if focus != .sessions || talksPlainly || !argument.isEmpty {
            let list = talksPlainly ? "/sessions" : keymap.prefixHint(for: .sessionsPane)
            show("Say which one: \(list) shows the list, /delete takes a number of it.")
            return []
        }
        guard let selected = sessions.selected else { return nothingMeant() }
        guard let index = chats.firstIndex(where: { $0.id == selected.id }) else {
            return [.deleteSession(id: selected.id, title: selected.title)]
        }
        let chat = chats[index]
        guard !chat.isPrivate, !chat.transcript.messages.isEmpty else {
            show("Nothing of \"\(chat.displayTitle)\" is kept, so there is nothing to delete.")
            return []
        }
        if let reason = chat.readOnlyReason {
            show(reason, isError: true)
            return []
        }
        guard !isBusy(chat) else {
            show(
                chat.usesEngine
                    ? "An answer is running in \"\(chat.displayTitle)\". Stop it first."
                    : "\"\(chat.displayTitle)\" holds what you have not sent. Send or clear it first."
            )
            return []
        }
        // Its place is taken before it goes.
        leaving[chat.id] = chat.displayTitle
        guard let place = shown.firstIndex(of: chat.id) else { return closeIdleChats() }
        if isSplit {
            shown.remove(at: place)
            slot = 0
            return closeIdleChats()
        }
        return [.newSession(slot: 0)]
    }

    /// Gives an open conversation the id that it is kept under now.
    mutating func goOn(as new: String, insteadOf old: String) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.id == old }) else { return [] }
        chats[index].transcript.id = new
        chats[index].formerIDs.insert(old)
        if recording?.session == old { recording?.session = new }
        shown = shown.map { $0 == old ? new : $0 }
        leaving[new] = leaving.removeValue(forKey: old)
        return [.callSession(old, by: new)] + chats[index].moveKept(from: old)
            + (panes.showsSessions ? [.listSessions] : [])
    }

    /// The conversation that an answer from outside is for.
    func index(called id: String) -> Int? {
        chats.firstIndex { $0.id == id } ?? chats.firstIndex { $0.isCalled(id) }
    }

    /// Brings back what was deleted last.
    mutating func restoreSession() -> [Effect] {
        guard let last = deleted.popLast() else {
            show("Nothing was deleted since the start. facet sessions trash lists what is there.")
            return []
        }
        sessions.await(last)
        return [.restoreSession(id: last)]
    }

    /// A session is in the trash now.
    mutating func noteDeleted(_ id: String, title: String) -> [Effect] {
        deleted.append(id)
        let name = title.isEmpty ? "The session" : "\"\(title.firstLine)\""
        let key = keymap.hint(for: .restoreSession, in: .sessions)
        let hint = focus == .sessions ? key : "/undelete"
        show("\(name) is in the trash; \(hint) brings it back.")
        return [.listSessions]
    }

    // MARK: - Forks

    /// Goes on from the chosen message, or from the end, in a session of its own.
    mutating func fork() -> [Effect] {
        guard chat.running == nil else {
            show("An answer is running. Esc stops it.")
            return []
        }
        guard !chat.isPrivate else {
            show("A conversation that is not saved has no copy; R and E make versions within it.")
            return []
        }
        guard !chat.transcript.messages.isEmpty else {
            show("There is nothing to branch off yet.")
            return []
        }
        return [
            .fork(session: chat.id, at: chat.pane.cursor ?? chat.transcript.activeLeaf, slot: slot)
        ]
    }

    // MARK: - A line to type

    mutating func receive(_ key: KeyPress, in input: InputOverlay) -> [Effect] {
        var input = input
        switch key {
        case _ where closes(key): overlay = nil
        case KeyPress(.enter):
            overlay = nil
            return finish(input)
        case KeyPress(.backspace), .control("h"):
            input.text = String(input.text.dropLast())
            overlay = .input(input)
        case .control("u"):
            input.text = ""
            overlay = .input(input)
        case .control("w"):
            input.text = input.text.withoutLastWord
            overlay = .input(input)
        default:
            guard let text = key.typedText else {
                show("\(key.name) means nothing here. Enter takes, Esc leaves.")
                return []
            }
            input.text += text
            overlay = .input(input)
        }
        return []
    }

    /// Does what the typed line is for.
    mutating func finish(_ input: InputOverlay) -> [Effect] {
        switch input.purpose {
        case .rename(let id):
            return edit(presentID(of: id), .title(input.text.firstLine.trimmed))
        case .tag(let id):
            let names = input.text.split(separator: ",").map(Self.tagName).filter { !$0.isEmpty }
            let tags = names.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
            return edit(presentID(of: id), .tags(tags))
        case .command(let command): return run(command, argument: input.text.trimmed)
        }
    }

    /// The id that a session has now, which a save under another one may have changed.
    private func presentID(of id: String) -> String {
        index(called: id).map { chats[$0].id } ?? id
    }
}
