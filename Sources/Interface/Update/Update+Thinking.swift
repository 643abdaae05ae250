import Conversation

/// Whether the model thinks, for how long, and what of it is shown.
extension AppState {
    mutating func cycleThinking() -> [Effect] {
        if let description, !description.canThink {
            show("\(description.name) has no thoughts to switch.")
            return []
        }
        let modes = ThinkingMode.allCases
        let next = ((modes.firstIndex(of: chat.thinking) ?? 0) + 1) % modes.count
        chat.thinkingForNext = modes[next] == chat.transcript.thinking ? nil : modes[next]
        // Elsewhere the status line shows it.
        if talksPlainly { show("Thinking is \(chat.thinking.rawValue) for the next message.") }
        return estimateCost()
    }

    mutating func setThinking(_ argument: String) -> [Effect] {
        guard !argument.isEmpty else {
            show(
                "Thinking is \(chat.transcript.thinking.rawValue). \(ThinkingPolicy.autoRule) "
                    + "/think on, /think off or /think auto changes it, /budget its limit."
            )
            return []
        }
        guard let mode = ThinkingMode(rawValue: argument.lowercased()) else {
            show("Thinking can be on, off or auto, not \"\(argument)\".", isError: true)
            return []
        }
        chat.transcript.thinking = mode
        chat.thinkingForNext = nil
        let note =
            description?.canThink == false
            ? " \(description?.name ?? "This model") knows no thoughts, so nothing changes with it."
            : ""
        show("Thinking is \(mode.rawValue) in this conversation from now on.\(note)")
        return [.save(chat.wholeTranscript)] + estimateCost()
    }

    /// Sets after how many tokens thoughts are closed for the model.
    mutating func setBudget(_ argument: String) -> [Effect] {
        let present =
            chat.transcript.thinkingBudget.map { "\($0.grouped) tokens" } ?? "what it needs"
        guard !argument.isEmpty else {
            show("A thought may take: \(present). /budget NUMBER or /budget none changes it.")
            return []
        }
        if ["none", "off"].contains(argument.lowercased()) {
            chat.transcript.thinkingBudget = nil
            show("Thoughts may take as long as they need from now on.")
        } else if let tokens = Int(argument), (1...1_000_000).contains(tokens) {
            chat.transcript.thinkingBudget = tokens
            show("A thought is closed after \(tokens.grouped) tokens from now on.")
        } else {
            show("A budget is a number of tokens from 1 on, or none.", isError: true)
            return []
        }
        return [.save(chat.wholeTranscript)]
    }

    /// Closes the thought that is being written, so that the answer follows.
    mutating func wrapUp() -> [Effect] {
        guard let running = chat.running else {
            show("No answer is running.")
            return []
        }
        guard running.assembly.thoughtStarted != nil else {
            show("The model is not thinking now.")
            return []
        }
        show("The thought is closed; the answer follows.")
        return [.wrapUp(running.generation)]
    }

    mutating func setThoughtDisplay(_ argument: String) {
        guard let display = ThoughtDisplay(rawValue: argument.lowercased()) else {
            return show(
                "Thoughts are shown: \(chat.pane.display.rawValue). /thoughts live opens the one "
                    + "that is written, always all of them, folded none."
            )
        }
        showThoughts(display)
    }

    mutating func showThoughts(_ display: ThoughtDisplay) {
        chat.pane.display = display
        chat.pane.exceptions = []
    }

    /// Says that an answer goes in circles and how to get out; nothing is stopped unasked.
    mutating func showLoop(_ repetition: Repetition, in chat: Chat) {
        let isThought = chat.running?.assembly.thoughtStarted != nil
        let place = chat.id == self.chat.id ? "" : " in \"\(chat.displayTitle)\""
        let way =
            isThought
            ? "\(keymap.prefixHint(for: .wrapUp)) closes it and has it answer; Esc stops."
            : "Esc stops it."
        let stretch = repetition.period == 1 ? "token" : "\(repetition.period.grouped) tokens"
        show(
            "The \(isThought ? "thought" : "answer")\(place) repeats itself: the same \(stretch) "
                + "\(repetition.times) times. \(way)"
        )
    }
}
