import TerminalCore

extension Chat {
    /// What the list under the caret shows, the best first; empty while it is closed.
    package var completionTitles: [String] { completion?.items.map(\.title) ?? [] }
}

extension AppState {
    /// A key while a list is open under the caret; nil when the key means what it always does.
    mutating func receiveInCompletion(_ key: KeyPress) -> [Effect]? {
        guard focus == .editor, prefixSince == nil, let list = chat.completion,
            !list.items.isEmpty
        else { return nil }
        switch key {
        case KeyPress(.tab):
            if list.selected == nil { chat.completion?.move(by: 1) }
            return takeCompletion()
        case KeyPress(.enter):
            guard list.selected != nil, !list.isTyped(in: chat.editor) else { return nil }
            return takeCompletion()
        case KeyPress(.up), .control("p"): chat.completion?.move(by: -1)
        case KeyPress(.down), .control("n"): chat.completion?.move(by: 1)
        case KeyPress(.escape), .control("g"), .control("c"):
            chat.closedCompletion = list.query.range.lowerBound
            chat.completion = nil
        default: return nil
        }
        return []
    }

    /// Puts what is chosen in place of what was typed.
    private mutating func takeCompletion() -> [Effect] {
        guard let list = chat.completion, let item = list.selected else { return [] }
        chat.completion = nil
        // Files that came in meanwhile may have moved what was typed.
        guard let query = CompletionQuery(chat.editor, in: keymap), query.kind == list.query.kind,
            query.typed == list.query.typed
        else { return [] }
        let start = query.range.lowerBound
        let needsSpace = item.continues && item.insertion.last != "/"
        let end = item.continues ? (needsSpace ? " " : "") : " "
        chat.editor.replace(query.range, with: item.insertion + end)
        var effects = refreshCompletion(opens: item.continues)
        if let path = item.file {
            let place = start..<start + item.insertion.utf8.count
            effects.append(askForFiles([path], for: chat.id, replacing: (item.insertion, place)))
        }
        return effects
    }

    /// Opens, narrows or closes the list after a key; a list opens only where something was typed.
    mutating func refreshCompletion(opens: Bool) -> [Effect] {
        guard focus == .editor, overlay == nil, historySearch == nil else {
            chat.completion = nil
            return []
        }
        guard opens || chat.completion != nil || chat.closedCompletion != nil else { return [] }
        guard let query = CompletionQuery(chat.editor, in: keymap) else {
            chat.completion = nil
            chat.closedCompletion = nil
            return []
        }
        guard chat.closedCompletion != query.range.lowerBound else { return [] }
        chat.closedCompletion = nil
        guard opens || chat.completion != nil else { return [] }
        guard query != chat.completion?.query else { return [] }
        let isNew = chat.completion?.query.kind != query.kind
        show(completionsOf: query)
        if case .argument(let command) = query.kind { return isNew ? lookUp(command) : [] }
        guard case .file = query.kind else { return [] }
        let folder = PathText.split(query.typed).folder
        guard isNew || folderListing?.folder != folder, requestedFolder != folder else { return [] }
        requestedFolder = folder
        return [.listFolder(folder)]
    }

    /// Asks for the values of a command that the world knows.
    private func lookUp(_ command: Command) -> [Effect] {
        switch command {
        case .model: [.listModels(wanted: nil)]
        case .theme: [.listThemes(wanted: nil)]
        default: []
        }
    }

    /// Fills an open list with what has become known.
    mutating func showCompletionAgain() {
        if let query = chat.completion?.query { show(completionsOf: query) }
    }

    /// Takes in the names in a folder.
    mutating func receive(_ listing: FolderListing) {
        if requestedFolder == listing.folder { requestedFolder = nil }
        folderListing = listing
        guard let query = chat.completion?.query ?? CompletionQuery(chat.editor, in: keymap),
            case .file = query.kind, chat.closedCompletion != query.range.lowerBound
        else { return }
        show(completionsOf: query)
    }

    private mutating func show(completionsOf query: CompletionQuery) {
        let items = completions(for: query)
        // A list of nothing but what stands there already would only be in the way.
        let isDone =
            items.count == 1 && query.kind != .command
            && Completion(query, items).isTyped(in: chat.editor)
        chat.completion = isDone ? nil : Completion(query, items)
    }
}
