import Conversation

/// What happens when a conversation outgrows the model's context.
extension AppState {
    /// True when a question about the full context has to be answered before anything is sent.
    mutating func mustAskAboutContext() -> Bool {
        guard !chat.goesOnWhenFull, !chat.isShortening, let usage = chat.usage,
            usage.isNearlyFull
        else { return false }
        askAboutContext()
        return true
    }

    /// Offers what can be done about the context.
    mutating func askAboutContext() {
        var choices = [
            ChoiceOverlay.Choice(
                key: "d",
                title: "Leave the oldest turns out of what the model is given.",
                action: .shorten(summarises: false)
            ),
            ChoiceOverlay.Choice(
                key: "s",
                title: "Have the model summarise them first; the summary takes their place.",
                action: .shorten(summarises: true)
            ),
        ]
        if chat.cut != nil {
            choices.append(
                ChoiceOverlay.Choice(
                    key: "u",
                    title: "Give the model the whole conversation again.",
                    action: .restoreContext
                )
            )
        }
        if !chat.editor.isEmpty {
            choices.append(
                ChoiceOverlay.Choice(
                    key: "g",
                    title: "Go on as it is, until the context is full.",
                    action: .goOn
                )
            )
        }
        let share = chat.usage.map { "\($0.used.grouped) of \($0.size.grouped) tokens" }
        overlay = .choice(
            ChoiceOverlay(
                question: "The context: \(share ?? "nothing is read yet"). Nothing leaves the "
                    + "conversation itself, and every choice can be taken back with /compact.",
                choices: choices
            )
        )
    }

    /// Has the backstage find out what can be left out; the draft follows afterwards.
    mutating func shorten(summarises: Bool) -> [Effect] {
        guard chat.running == nil, !chat.isShortening else {
            show("An answer is running. Esc stops it.")
            return []
        }
        guard description != nil, !chat.transcript.path.isEmpty else {
            show("There is nothing to leave out yet.")
            return []
        }
        chat.shortening = Shortening(
            draft: chat.editor.isEmpty ? nil : chat.editor.revision
        )
        show(summarises ? "Summarising the oldest turns." : "Looking for what can be left out.")
        return [.shorten(session: chat.id, chat.transcript.request(), summarises: summarises)]
    }

    mutating func receive(_ cut: ContextCut, dropped: Int, in session: String) -> [Effect] {
        guard let index = index(called: session) else { return [] }
        guard chats[index].shortening?.isStopped != true else {
            return failShortening(in: session, "It was stopped; nothing is left out.")
        }
        let draft = chats[index].shortening?.draft
        chats[index].shortening = nil
        chats[index].cutContext(cut)
        show(
            "The model is given the conversation without its \(dropped.grouped) oldest messages"
                + (cut.summary == nil ? "." : ", which a summary stands for.")
                + " /compact takes that back."
        )
        let saved = Effect.save(chats[index].transcript)
        let sendsDraft = draft == chats[index].editor.revision
        guard sendsDraft, chats[index].id == chat.id, focus == .editor, overlay == nil else {
            return [saved] + startNextQueued(in: chats[index].id) + closeIdleChats()
        }
        return [saved] + send()
    }

    mutating func failShortening(in session: String, _ sentence: String) -> [Effect] {
        guard let index = index(called: session) else { return [] }
        chats[index].shortening = nil
        chats[index].returnQueueToDraft()
        show(sentence, isError: true)
        if chats[index].id == chat.id { dropUnseenDraft() }
        return closeIdleChats()
    }

    /// Gives the model the whole conversation again.
    mutating func restoreContext() -> [Effect] {
        chat.cutContext(nil)
        show("The model is given these turns again.")
        return [.save(chat.wholeTranscript)]
    }

    // MARK: - What a change costs

    /// Asks what the next answer would cost, where thinking was switched in mid-conversation.
    func estimateCost() -> [Effect] {
        guard description?.canThink == true, chat.running == nil,
            chat.transcript.path.contains(where: { $0.role == .assistant })
        else { return [] }
        return [.estimateCost(session: chat.id, chat.transcript.request(thinking: chat.thinking))]
    }

    mutating func showCost(_ cost: PromptCost, in session: String) {
        guard chat.isCalled(session), cost.tokensToRead > 256 else { return }
        let time = cost.seconds.map { ", about \(Int(min($0, 1e6).rounded())) s" } ?? ""
        show(
            "Thinking \(chat.thinking.rawValue): the next message re-reads "
                + "\(cost.tokensToRead.grouped) tokens\(time)."
        )
    }
}

extension Chat {
    /// How full the context is before the draft, by the answer above it.
    var usage: ContextUsage? {
        lastStatistics.flatMap { statistics in
            statistics.contextSize > 0
                ? ContextUsage(used: usedBeforeDraft, size: statistics.contextSize) : nil
        }
    }
}
