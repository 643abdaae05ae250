import Foundation

extension AppState {
    /// Has what changed kept outside the session, once it has rested for a moment.
    ///
    /// A draft that was sent or emptied goes at once: it must not come back after a crash.
    mutating func keepChanges(isEnding: Bool) -> [Effect] {
        chats.indices.flatMap { chats[$0].keepChanges(at: now, isEnding: isEnding) }
    }

    /// Says what the draft holds and begins an empty one: for talk line by line.
    package mutating func sayDraft() {
        talksPlainly = true
        guard let unsent = chat.takeUnsent() else { return }
        let before = notice.map { "\($0.text) " } ?? ""
        show(before + unsent, isError: notice?.isError == true)
    }

    /// Takes in what was sent in earlier starts, oldest first.
    mutating func receive(history: [String]) {
        sharedHistory = history
        for index in chats.indices { chats[index].history.share(history) }
    }

    /// Remembers what was sent in a conversation.
    mutating func remember(_ text: String, in index: Int) -> [Effect] {
        chats[index].history.add(text)
        guard !chats[index].isPrivate, sharedHistory.last != text else { return [] }
        sharedHistory.append(text)
        for other in chats.indices where other != index { chats[other].history.addShared(text) }
        return [.remember(text)]
    }
}

extension Chat {
    /// Says what the draft holds, and empties it: where it is not seen the next line would join it.
    mutating func takeUnsent() -> String? {
        guard !editor.isEmpty else { return nil }
        defer { editor.clear() }
        return "This was not sent last time: \(editor.expandedText)"
    }

    var keptVersion: Keeping.Version {
        Keeping.Version(draft: editor.revision, queue: queueRevision, view: ViewState(pane))
    }

    /// What is unsent; nil when nothing is.
    private var draft: Draft? {
        editor.isEmpty && queue.isEmpty
            ? nil : Draft(editor.contents, queued: queue.map(\.contents))
    }

    /// Has what is unsent and the view kept under the id that the session has now.
    func moveKept(from old: String) -> [Effect] {
        guard !isPrivate else { return [] }
        let kept: [Effect] = draft == nil ? [] : [.keepDraft(session: old, nil)]
        return kept + [.keepDraft(session: id, draft), .keepView(session: id, ViewState(pane))]
    }

    mutating func keepChanges(at now: Date, isEnding: Bool) -> [Effect] {
        // The draft of a session that another process writes is that process's.
        guard !isPrivate, readOnlyReason == nil else { return [] }
        let version = keptVersion
        // A draft that is gone must not come back; a view has time.
        let isGone = editor.isEmpty && queue.isEmpty && keeping.keptDraftDiffers(from: version)
        let isUrgent = isEnding || isGone
        guard let before = keeping.note(version, at: now, isUrgent: isUrgent) else { return [] }
        var effects: [Effect] = []
        if (before.draft, before.queue) != (version.draft, version.queue) {
            effects.append(.keepDraft(session: id, draft))
        }
        if before.view != version.view { effects.append(.keepView(session: id, version.view)) }
        return effects
    }
}
