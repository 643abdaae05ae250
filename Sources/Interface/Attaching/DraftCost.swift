import Conversation
import Media

/// What a message takes of the context.
struct DraftCost: Sendable, Hashable {
    /// Tokens that are certain: of pictures, sounds and videos.
    var known = 0
    /// Tokens that are a guess: of texts, and of pages as pictures.
    var estimated = 0

    var total: Int {
        let (sum, overflow) = known.addingReportingOverflow(estimated)
        return overflow ? .max : sum
    }

    static func + (one: DraftCost, other: DraftCost) -> DraftCost {
        DraftCost(known: one.known + other.known, estimated: one.estimated + other.estimated)
    }
}

extension AppState {
    /// What a file of the draft takes; nothing where it was not looked at yet.
    func cost(of file: AttachedFile) -> DraftCost {
        switch file.content {
        case .media:
            DraftCost(
                known: media.preview(of: file.source).map { receipt(of: file, $0).total } ?? 0
            )
        case .document(let choice) where choice.arePictures:
            DraftCost(estimated: cost(of: choice, file.budget))
        case .text, .tree, .document: DraftCost(estimated: file.estimate)
        }
    }

    /// The most that pages take as pictures.
    func cost(of choice: PageChoice, _ budget: TokenBudget?) -> Int {
        let budget = self.budget(budget, for: .image) ?? pictureBudget
        return min(max(choice.count, 0), PageReading.most) * budget.rawValue
    }

    /// Tokens of the context that are free for the draft; negative when there are none.
    ///
    /// Nil while the size of the context is unknown.
    func room(in chat: Chat) -> Int? {
        guard let size = description?.contextSize, size > 0 else { return nil }
        return size - chat.usedBeforeDraft
    }

    /// A picture, frames or pages that may take more tokens than the fewest.
    private func canBeSmaller(_ file: AttachedFile) -> Bool {
        guard file.isSeen else { return false }
        let isVideo = file.content == .media(.video)
        let budget = self.budget(file.budget, for: isVideo ? .video : .image)
        return (budget ?? (isVideo ? .frame : pictureBudget)) != .tokens70
    }

    /// Refuses a message that the context has no room for; true when it must not be sent.
    ///
    /// Where the cost is a guess, the same message sent again goes.
    mutating func lacksRoom(_ cost: DraftCost, in index: Int) -> Bool {
        guard let room = room(in: chats[index]), cost.total > room else { return false }
        let isCertain = cost.known > room
        let text = chats[index].editor.expandedText
        guard isCertain || chats[index].confirmedText != text else { return false }
        let about = isCertain ? "" : "about "
        var ways = chats[index].editor.files.isEmpty ? [] : ["/detach takes a file out"]
        if chats[index].editor.files.contains(where: canBeSmaller) {
            ways.append("/tokens 70 makes a picture smaller")
        }
        if chats[index].usedBeforeDraft > 0 { ways.append("/compact leaves old turns out") }
        ways.append("facet with a larger --context has more room")
        let again = talksPlainly ? "The same again sends it." : "Enter again sends it."
        show(
            "Not sent: this takes \(about)\((cost.total - max(0, room)).grouped) tokens more than the "
                + "context has room for. \(ways.joined(separator: ", "))."
                + (isCertain ? "" : " \(again)"),
            isError: true
        )
        if !isCertain { chats[index].confirmedText = text }
        dropUnseenDraft()
        return true
    }
}

extension Chat {
    /// Tokens of the context that come before the draft's message.
    var usedBeforeDraft: Int {
        guard let edited, let old = transcript[edited] else {
            return lastStatistics?.contextUsed ?? 0
        }
        // What the edited message replaces is not there any more.
        var before = old.parent.flatMap { transcript[$0] }
        while let message = before {
            if let statistics = message.answer?.statistics { return statistics.contextUsed }
            before = message.parent.flatMap { transcript[$0] }
        }
        return 0
    }
}
