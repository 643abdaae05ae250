import Conversation
import Media
import TerminalCore

extension AppState {
    /// Takes in what became of looking at a media file.
    mutating func receive(_ outcome: PreviewOutcome, of source: MediaSource) {
        media.take(outcome, of: source)
        // Messages that hold it are laid out again.
        if case .kept = source {
            for index in chats.indices { chats[index].pane.invalidateAll() }
        }
    }

    /// Asks for the previews of what is on the screen and was not asked for yet.
    mutating func wantPreviews() -> [Effect] {
        var sources: [MediaSource] = []
        for index in shownIndices {
            sources += chats[index].editor.files.compactMap(\.source)
            sources += attachmentsInView(of: index).map { .kept($0) }
        }
        return media.asking(sources).map { .preview($0) }
    }

    /// The media of messages that are in view and unfolded.
    private mutating func attachmentsInView(of index: Int) -> [Attachment] {
        guard chats[index].hasMedia, let slot = shownIndices.firstIndex(of: index) else {
            return []
        }
        let area = ScreenLayout(self).conversations[slot]
        guard area.width > 0 else { return [] }
        let layout = MessageLayout(chats[index], media, now, keymap)
        let rows = chats[index].pane.visible(layout, width: area.width, height: area.height)
        var seen: Set<String> = []
        return rows.filter { seen.insert($0.message).inserted }
            .filter { chats[index].pane.isUnfolded($0.message) }
            .flatMap { chats[index].message($0.message)?.attachments ?? [] }
            .filter { $0.kind.media != nil }
    }

    /// Changes how many tokens a picture of the draft may take: `560`, or `560 2` for the second.
    mutating func setImageTokens(_ argument: String) {
        let numbers = argument.split(separator: " ").map { Int($0) }
        let files = chat.editor.files
        let visual = files.indices.filter { files[$0].isSeen }
        guard let last = visual.last else {
            return show("There is no picture or video in this message.")
        }
        guard let first = numbers.first, let budget = first.flatMap(TokenBudget.init(rawValue:)),
            numbers.count <= 2
        else {
            let budgets = TokenBudget.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
            return show(
                "/tokens takes one of \(budgets), and after it the file's number: /tokens 560 1."
            )
        }
        let most = description?.senses.imageTokens ?? 0
        guard most == 0 || budget.rawValue <= most else {
            return show("This model takes \(most) tokens of a picture at most.")
        }
        let number = numbers.count == 2 ? max(0, numbers[1] ?? 0) - 1 : last
        guard visual.contains(number) else {
            return show("File \(number + 1) is no picture or video of this message.")
        }
        let changed = chat.editor.update(file: number) { $0.budget = budget }
        if let changed { show("\(changed.name) may take \(budget.rawValue) tokens.") }
    }
}

extension AttachedFile {
    /// A picture, a video, or pages as pictures.
    var isSeen: Bool {
        if case .document(let choice) = content { return choice.arePictures }
        return content == .media(.picture) || content == .media(.video)
    }
}
