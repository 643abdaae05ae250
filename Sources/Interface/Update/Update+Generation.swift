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
        guard case .finished(let reason, let statistics) = event else {
            if case .rejectedToolCall(_, let reason) = event {
                show(
                    "The model called a tool in a way that cannot be read: \(reason)",
                    isError: true
                )
            }
            chats[index].receive(event, now)
            return []
        }
        // Who waited long has looked away, unless the terminal says otherwise.
        let started = chats[index].running?.started ?? now
        let isNotable = now.timeIntervalSince(started) >= 10 && hasFocus != true
        let effects = chats[index].finish(reason, statistics, failure: nil, now)
        let title = chats[index].transcript.title
        let notice = title.isEmpty ? "The answer is ready." : "The answer is ready: \(title)"
        return effects + (isNotable ? [.notify(notice)] : []) + startNextQueued(in: chats[index].id)
            + closeIdleChats()
    }

    /// Ends the answer with a sentence; the chat stays usable.
    mutating func fail(_ generation: Int, _ sentence: String) -> [Effect] {
        guard let index = chats.firstIndex(where: { $0.running?.generation == generation }) else {
            return []
        }
        let effects = chats[index].finish(nil, nil, failure: sentence, now)
        chats[index].returnQueueToDraft()
        return effects + closeIdleChats()
    }
}

extension Chat {
    /// Adds to the running answer.
    mutating func receive(_ event: GenerationEvent, _ now: Date) {
        switch event {
        case .promptProgress(let progress): running?.progress = progress
        case .thought(let text):
            running?.addThought(text, now)
            noteThought()
        case .thoughtClosed: running?.closeThought(now)
        case .text(let text): running?.addText(text, now)
        case .toolCall(let call):
            running?.closeThought(now)
            running?.message.toolCalls.append(call)
        case .token(let detail): note(detail)
        case .rejectedToolCall, .finished: break
        }
        refreshRunning()
        if pane.anchor != nil { pane.hasNewText = true }
    }

    /// Stops the answer that runs; what came of it stays.
    mutating func stopRunning(_ now: Date) -> [Effect] {
        guard let running else { return [] }
        stopped = (running.generation, running.message.id)
        let effects = finish(.cancelled, nil, failure: nil, now)
        returnQueueToDraft()
        return [.cancelGeneration(running.generation)] + effects
    }

    mutating func finish(
        _ reason: StopReason?,
        _ statistics: Statistics?,
        failure: String?,
        _ now: Date
    ) -> [Effect] {
        guard var ended = running else { return [] }
        ended.closeThought(now)
        ended.message.answer?.stopReason = reason
        ended.message.answer?.statistics = statistics
        ended.message.answer?.failure = failure
        if let statistics {
            // With one thought its exact count is known; several share the total as they came.
            if ended.message.thoughts.count == 1, statistics.thoughtTokens > 0 {
                ended.message.thoughts[0].tokens = statistics.thoughtTokens
            }
            lastStatistics = statistics
        }
        running = nil
        transcript.update(ended.message)
        transcript.updated = now
        pane.invalidate(ended.message.id)
        return [.save(transcript)]
    }

    /// The statistics of a stopped answer come after it; all else is dropped.
    mutating func receiveLate(_ event: GenerationEvent) -> [Effect] {
        guard case .finished(_, let statistics) = event, let stopped,
            var message = transcript[stopped.messageID]
        else { return [] }
        self.stopped = nil
        message.answer?.statistics = statistics
        transcript.update(message)
        lastStatistics = statistics
        return [.save(wholeTranscript)]
    }

    /// Puts messages that wait back before the draft: nothing is sent unasked, nothing is lost.
    mutating func returnQueueToDraft() {
        guard !queue.isEmpty else { return }
        let draft = editor.expandedText
        editor.replace(with: (queue + (draft.isEmpty ? [] : [draft])).joined(separator: "\n"))
        queue = []
    }
}

extension RunningAnswer {
    mutating func addThought(_ text: String, _ now: Date) {
        count(now)
        if thoughtStarted == nil {
            thoughtStarted = now
            message.thoughts.append(Thought(text: ""))
        }
        let last = message.thoughts.count - 1
        message.thoughts[last].text += text
        message.thoughts[last].tokens += 1
    }

    mutating func closeThought(_ now: Date) {
        guard let began = thoughtStarted, !message.thoughts.isEmpty else { return }
        message.thoughts[message.thoughts.count - 1].seconds = now.timeIntervalSince(began)
        thoughtStarted = nil
    }

    mutating func addText(_ text: String, _ now: Date) {
        count(now)
        closeThought(now)
        if case .text(let before) = message.parts.last {
            message.parts[message.parts.count - 1] = .text(before + text)
        } else {
            message.parts.append(.text(text))
        }
    }

    private mutating func count(_ now: Date) {
        progress = nil
        if firstToken == nil { firstToken = now }
        pieces += 1
    }
}
