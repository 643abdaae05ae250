import Conversation
import Foundation

extension AppState {
    /// Takes in what an engine says; events of an answer that is over are dropped.
    mutating func receive(_ event: GenerationEvent, of generation: Int) -> [Effect] {
        if let late = chats.firstIndex(where: { $0.stopped?.generation == generation }) {
            return chats[late].receiveLate(event)
        }
        guard let index = chats.firstIndex(where: { $0.running?.generation == generation }) else {
            return []
        }
        guard case .finished = event else {
            if case .rejectedToolCall(_, let reason) = event {
                show(
                    "The model called a tool in a way that cannot be read: \(reason)",
                    isError: true
                )
            }
            chats[index].receive(event, now)
            noteLeftOut(event, in: index)
            if case .looping(let repetition) = event { showLoop(repetition, in: chats[index]) }
            return []
        }
        // Who waited long has looked away, unless the terminal says otherwise.
        let started = chats[index].running?.started ?? now
        let isNotable = now.timeIntervalSince(started) >= 10 && hasFocus != true
        chats[index].running?.assembly.take(event, at: now)
        let effects = chats[index].finish(now)
        let title = chats[index].transcript.title
        let notice = title.isEmpty ? "The answer is ready." : "The answer is ready: \(title)"
        return effects + (isNotable ? notification(notice) : [])
            + startNextQueued(in: chats[index].id)
            + closeIdleChats()
    }

    /// Says once an answer what the model is not given: the reports of it come one after another.
    private mutating func noteLeftOut(_ event: GenerationEvent, in index: Int) {
        if case .media(let report) = event, report.step == .leftOut {
            chats[index].running?.leftOut.append(report.name.firstLine)
            return
        }
        guard let names = chats[index].running?.leftOut, let first = names.first else { return }
        chats[index].running?.leftOut = []
        let others =
            switch names.count {
            case 1: ""
            case 2: " and 1 other"
            default: " and \(names.count - 1) others"
            }
        let senses = description?.senses ?? .none
        let lack =
            switch (senses.sees, senses.hears) {
            case (false, false): "neither see nor hear"
            case (false, true): "see"
            case (true, _): "hear"
            }
        let reason = lack.hasPrefix("neither") ? "can \(lack)" : "cannot \(lack)"
        show(
            "\(first.shortened(to: 40))\(others) \(names.count == 1 ? "is" : "are") not given to this "
                + "model: it \(reason)."
        )
    }

    private func notification(_ sentence: String) -> [Effect] {
        switch preferences.notification {
        case .auto: [.notify(sentence)]
        // Without words it is the bell.
        case .bell: [.notify("")]
        case .off: []
        }
    }

    /// Ends the answer with a sentence; the chat stays usable.
    mutating func fail(_ generation: Int, _ sentence: String) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.running?.generation == generation }) else {
            return []
        }
        return chats[index].fail(sentence, now) + closeIdleChats()
    }

    /// Ends an answer that has no room, and gives the message back to be shortened.
    ///
    /// As part of the conversation it would leave no room for any later message either: the branch goes
    /// back to the last answer, and what is sent next becomes a version beside the message.
    mutating func failTooLong(_ generation: Int, _ error: EngineError) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.running?.generation == generation }) else {
            return []
        }
        var effects = chats[index].fail(error.userMessage, now)
        if let message = chats[index].leaveUnanswered() {
            if !talksPlainly { chats[index].takeBack(message) }
            effects.append(.save(chats[index].transcript))
            let whereItIs =
                talksPlainly ? "Your message was left out." : "Your message is in the draft."
            show("\(error.userMessage) \(whereItIs)", isError: true)
        }
        // Only now: a conversation off the screen that has its message back stays open.
        return effects + closeIdleChats()
    }
}

extension Chat {
    /// Adds to the running answer.
    mutating func receive(_ event: GenerationEvent, _ now: Date) {
        running?.assembly.take(event, at: now)
        if case .media(let report) = event {
            if case .encoding = report.step {
                running?.preparing = report
            } else {
                running?.preparing = nil
            }
        } else {
            running?.preparing = nil
        }
        switch event {
        case .token(let detail): note(detail)
        case .thought: noteThought()
        default: break
        }
        pane.liveThought =
            running?.assembly.thoughtStarted == nil ? nil : running?.message.id
        refreshRunning()
        if pane.anchor != nil { pane.hasNewText = true }
    }

    /// Ends the answer that runs with a sentence; what waits becomes the draft.
    fileprivate mutating func fail(_ sentence: String, _ now: Date) -> [Effect] {
        running?.assembly.fail(sentence, at: now)
        let effects = finish(now)
        returnQueueToDraft()
        return effects
    }

    /// Stops the answer that runs; what came of it stays.
    mutating func stopRunning(_ now: Date) -> [Effect] {
        guard var ended = running else { return [] }
        ended.assembly.stop(at: now)
        (running, stopped) = (ended, ended)
        let effects = finish(now)
        returnQueueToDraft()
        return [.cancelGeneration(ended.generation)] + effects
    }

    /// Puts the answer that ended into the transcript.
    mutating func finish(_ now: Date) -> [Effect] {
        guard let ended = running?.message else { return [] }
        lastStatistics = ended.answer?.statistics ?? lastStatistics
        running = nil
        transcript.update(ended)
        transcript.updated = now
        pane.invalidate(ended.id)
        return [.save(transcript)]
    }

    /// The statistics of a stopped answer come after it; all else is dropped.
    mutating func receiveLate(_ event: GenerationEvent) -> [Effect] {
        guard case .finished(_, let statistics) = event, var stopped,
            var message = transcript[stopped.message.id]
        else { return [] }
        self.stopped = nil
        stopped.assembly.note(statistics)
        message.answer = stopped.message.answer
        message.thoughts = stopped.message.thoughts
        transcript.update(message)
        lastStatistics = statistics
        return [.save(wholeTranscript)]
    }

    /// Goes back to the last answer after a failed one; the message that was not answered, where the
    /// answer had not begun.
    fileprivate mutating func leaveUnanswered() -> Message? {
        let path = transcript.path
        guard let last = path.last, last.text.isEmpty, last.thoughts.isEmpty,
            let asked = path.dropLast().last, asked.role == .user
        else { return nil }
        let answered = path.last { $0.role == .assistant && $0.answer?.failure == nil }
        transcript.activate(leaf: answered?.id)
        showActiveBranch()
        return asked
    }

    /// Puts a message of the user before the draft.
    fileprivate mutating func takeBack(_ message: Message) {
        var old = Editor()
        old.recall(message)
        editor.prepend([old.contents])
    }

    /// Puts messages that wait back before the draft: nothing is sent unasked, nothing is lost.
    mutating func returnQueueToDraft() {
        guard !queue.isEmpty else { return }
        editor.prepend(queue.map(\.contents))
        queue = []
    }
}
