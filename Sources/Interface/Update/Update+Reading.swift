import Conversation
import TerminalCore

/// What keys do in a conversation that is read: choosing, marking, searching, copying.
extension AppState {
    mutating func read(_ command: Command) -> [Effect] {
        switch command {
        case .messageUp: moveCursor(by: -1)
        case .messageDown: moveCursor(by: 1)
        case .thoughtUp: moveToThought(by: -1)
        case .thoughtDown: moveToThought(by: 1)
        case .mark: toggleMarking()
        case .copy: return copy()
        case .copyThought: return copyThought()
        case .search where talksPlainly: show("Say for what: /search TEXT.")
        case .search:
            focus(.conversation)
            search = TextSearch()
        case .searchAgain: findNext(older: true)
        case .searchBack: findNext(older: false)
        case .editMessage: editMessage()
        case .siblingBefore: return switchSibling(by: -1)
        case .siblingAfter: return switchSibling(by: 1)
        default: break
        }
        return []
    }

    /// The conversation with the keys: its area and how it is laid out.
    private var reading: (area: Rect, layout: MessageLayout) {
        (ScreenLayout(self).conversations[slot], MessageLayout(chat, media, now, keymap))
    }

    // MARK: - Choosing a message

    /// The message that keys are about: the chosen one, else the lowest in view.
    mutating func currentMessage() -> Message? {
        if let id = chat.pane.cursor, let message = chat.message(id) { return message }
        let (area, layout) = reading
        let rows = chat.pane.visible(layout, width: area.width, height: area.height)
        return rows.last.flatMap { chat.message($0.message) }
    }

    private mutating func moveCursor(by distance: Int) {
        guard let present = currentMessage(),
            let index = chat.pane.branch.firstIndex(of: present.id)
        else { return show("There is no message yet.") }
        // The first press chooses the message in view, the next ones move.
        let isChosen = chat.pane.cursor != nil
        let next = (index + (isChosen ? distance : 0)).clamped(to: 0...(chat.pane.branch.count - 1))
        choose(chat.pane.branch[next], row: 0)
    }

    private mutating func choose(_ id: String, row: Int) {
        let (area, layout) = reading
        chat.pane.cursor = id
        chat.pane.reveal(id, row: row, layout, width: area.width, height: area.height)
    }

    private mutating func moveToThought(by distance: Int) {
        let branch = chat.pane.branch
        guard let present = currentMessage(), let index = branch.firstIndex(of: present.id) else {
            return show("There is no thought here.")
        }
        let candidates =
            distance < 0 ? Array((0..<index).reversed()) : Array((index + 1)..<branch.count)
        let start = chat.pane.cursor == nil ? [index] + candidates : candidates
        let next = start.first { chat.message(branch[$0])?.thoughts.isEmpty == false }
        guard let next else {
            return show("There is no thought \(distance < 0 ? "above" : "below").")
        }
        choose(branch[next], row: 0)
    }

    /// Shows the message and opens its thoughts: where the inspector's list leads.
    mutating func revealThoughts(of id: String) {
        if !chat.pane.isUnfolded(id) { chat.pane.exceptions.formSymmetricDifference([id]) }
        choose(id, row: 0)
    }

    // MARK: - Marking

    private mutating func toggleMarking() {
        guard chat.pane.selection == nil else {
            chat.pane.selection = nil
            return
        }
        let (area, layout) = reading
        let rows = chat.pane.visible(layout, width: area.width, height: area.height)
        let last = rows.last { !$0.text.spans.isEmpty } ?? rows.last
        guard let last else { return show("There is nothing to mark.") }
        let place = TextPlace(message: last.index, row: last.row, column: 0)
        chat.pane.selection = TextSelection(anchor: place, head: place, takesRows: true)
        let (down, up) = (
            keymap.hint(for: .scrollDown, in: focus), keymap.hint(for: .scrollUp, in: focus)
        )
        show("Marking rows: \(down) and \(up) move, \(keymap.hint(for: .copy)) copies, Esc ends.")
    }

    /// Moves the end of the marked rows and keeps it in view.
    mutating func moveMark(by distance: Int) {
        let (area, layout) = reading
        chat.pane.moveSelection(by: distance, layout, width: area.width, height: area.height)
    }

    // MARK: - Copying

    private mutating func copy() -> [Effect] {
        if chat.pane.selection != nil {
            let (area, layout) = reading
            let text = chat.pane.selectedText(layout, width: area.width)
            chat.pane.selection = nil
            return text.isEmpty ? [] : [.copy(text)]
        }
        guard let id = chat.pane.cursor, let message = chat.message(id) else { return copyAnswer() }
        guard !message.text.isEmpty else {
            show("This message has no text to copy.")
            return []
        }
        return [.copy(message.text)]
    }

    mutating func copyAnswer() -> [Effect] {
        let answer = chat.pane.branch.last { id in
            chat.message(id).map { $0.role == .assistant && !$0.text.isEmpty } ?? false
        }
        .flatMap(chat.message)
        guard let answer else {
            show("There is no answer to copy.")
            return []
        }
        return [.copy(answer.text)]
    }

    private mutating func copyThought() -> [Effect] {
        let branch = chat.pane.branch
        let end = currentMessage().flatMap { branch.firstIndex(of: $0.id) } ?? branch.count - 1
        let message = branch.prefix(end + 1).last { chat.message($0)?.thoughts.isEmpty == false }
        guard let thoughts = message.flatMap(chat.message)?.thoughts else {
            show("There is no thought to copy.")
            return []
        }
        return [.copy(thoughts.map(\.text).joined(separator: "\n\n"))]
    }

    // MARK: - Searching

    /// A key while the query is typed.
    mutating func receiveInSearch(_ key: KeyPress) {
        switch key {
        case KeyPress(.enter):
            search?.isTyping = false
            findNext(older: true)
        case KeyPress(.escape), .control("g"), .control("c"): search = nil
        case KeyPress(.backspace), .control("h"):
            if search?.query.isEmpty == true { search = nil } else { _ = search?.query.popLast() }
        case .control("u"): search?.query = ""
        default:
            guard let text = key.typedText else {
                return show("\(key.name) means nothing here. Enter searches, Esc leaves.")
            }
            search?.query += text
        }
    }

    /// Searches for a text that was typed behind the command.
    mutating func find(_ text: String) {
        focus(.conversation)
        search = TextSearch(query: text, isTyping: false)
        findNext(older: true)
    }

    /// Goes to the next row that holds the query, around the end when needed.
    private mutating func findNext(older: Bool) {
        guard let search, !search.query.isEmpty else {
            return show("Nothing is searched for. / begins a search.")
        }
        if let found = search.found {
            let rows = matchingRows(of: found.message)
            let next = older ? rows.last { $0 < found.row } : rows.first { $0 > found.row }
            if let next { return show(next, of: found.message) }
        }
        let branch = chat.pane.branch
        let present = search.found?.message ?? currentMessage()?.id
        let start = present.flatMap { branch.firstIndex(of: $0) } ?? branch.count - 1
        // A first search looks at the message in view too.
        let first = search.found == nil ? 0 : 1
        let order = (first..<(branch.count + first)).map { step in
            let index = older ? start - step : start + step
            return (index % branch.count + branch.count) % branch.count
        }
        let hit = order.first { index in
            guard let message = chat.message(branch[index]) else { return false }
            return search.matchesText(of: message) || search.matchesThoughts(of: message)
        }
        guard let hit else { return show("\"\(search.query)\" is nowhere in this conversation.") }
        // The message itself comes last once it was searched.
        let isAround = older ? hit > start : hit < start
        if isAround || first == 1 && hit == start { show("Went on from the other end.") }
        reveal(branch[hit], last: older)
    }

    /// Shows the first row of a message that holds the query, or the last.
    mutating func reveal(_ id: String, last: Bool = false) {
        guard let search, let message = chat.message(id) else { return }
        if !search.matchesText(of: message), !chat.pane.isUnfolded(id) {
            chat.pane.exceptions.formSymmetricDifference([id])
        }
        let rows = matchingRows(of: id)
        show((last ? rows.last : rows.first) ?? 0, of: id)
    }

    private mutating func show(_ row: Int, of id: String) {
        search?.found = TextSearch.Place(message: id, row: row)
        choose(id, row: row)
    }

    /// The rows of a message that hold the query as they are laid out now.
    private mutating func matchingRows(of id: String) -> [Int] {
        guard let search else { return [] }
        let (area, layout) = reading
        let rows = chat.pane.rows(of: id, layout, width: area.width)
        return rows.indices.filter { search.matches(rows[$0].spans.map(\.text).joined()) }
    }

    // MARK: - Branches

    /// Takes a message of the user back into the draft; sent, it becomes a version beside the old.
    private mutating func editMessage() {
        guard isIdle() else { return }
        let chosen = chat.pane.cursor.flatMap { chat.message($0) }
        let isOwn = chosen?.role == .user
        guard let message = isOwn ? chosen : chat.transcript.path.last(where: { $0.role == .user })
        else { return show("There is no message of yours to edit.") }
        guard chat.editor.isEmpty || chat.edited != nil else {
            return show("The message would take your draft's place. Send or clear it first.")
        }
        chat.edited = message.id
        chat.editor.recall(message)
        focus(.editor)
        show("Enter sends this as a new version; the old one stays. Ctrl-C goes back.")
    }

    /// Shows the sibling before or after the chosen message, or the last one that has siblings.
    private mutating func switchSibling(by distance: Int) -> [Effect] {
        guard isIdle() else { return [] }
        let transcript = chat.transcript
        let versions = transcript.messages.reduce(into: [String?: Int]()) { count, message in
            count[message.parent, default: 0] += 1
        }
        func hasVersions(_ id: String) -> Bool {
            transcript[id].map { versions[$0.parent, default: 0] > 1 } ?? false
        }
        let chosen = chat.pane.cursor.flatMap { hasVersions($0) ? $0 : nil }
        guard let id = chosen ?? chat.pane.branch.last(where: hasVersions) else {
            show("No message here has another version.")
            return []
        }
        let siblings = transcript.siblings(of: id)
        let place = siblings.firstIndex { $0.id == id } ?? 0
        let next = place + distance
        guard siblings.indices.contains(next) else {
            show("This is version \(place + 1) of \(siblings.count).")
            return []
        }
        chat.transcript.activate(leaf: transcript.newestLeaf(below: siblings[next].id))
        chat.showActiveBranch()
        chat.pane.cursor = siblings[next].id
        show("Version \(next + 1) of \(siblings.count).")
        return [.save(chat.transcript)]
    }
}
