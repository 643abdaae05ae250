package import Foundation

/// An answer as it comes together from an engine's events.
///
/// Begun with an unfinished message it goes on with it: text is added to its text, and a thought
/// that was cut goes on.
package struct AnswerAssembly: Sendable, Hashable {
    package private(set) var message: Message
    /// Nil before the engine began.
    package private(set) var plan: AnswerPlan?
    /// How far the prompt is read; nil once something was written.
    package private(set) var progress: PromptProgress?
    /// The thought or text that is being written repeats itself.
    package private(set) var repetition: Repetition?
    package private(set) var firstToken: Date?
    /// When the thought that is still open began.
    package private(set) var thoughtStarted: Date?
    /// Pieces of text and thought received: nearly the number of tokens.
    package private(set) var pieces = 0
    /// What the answer had cost before it is gone on with.
    private let earlier: Statistics?
    /// The next piece of thought belongs to the message's last one.
    private var resumesThought: Bool

    package init(_ message: Message) {
        self.message = message
        earlier = message.answer?.statistics
        resumesThought = message.endsInsideThought
        self.message.answer?.stopReason = nil
        self.message.answer?.failure = nil
    }

    /// Takes in an event.
    ///
    /// - Returns: the thought that it ended.
    @discardableResult
    package mutating func take(_ event: GenerationEvent, at now: Date) -> Thought? {
        switch event {
        case .started(let plan):
            self.plan = plan
            message.answer?.thinkingPlan = plan.thinking
        case .promptProgress(let progress): self.progress = progress
        case .thought(let text): addThought(text, now)
        case .thoughtClosed(let ending): return closeThought(ending, now)
        case .text(let text):
            count(now)
            let closed = closeThought(.closed, now)
            addText(text)
            return closed
        case .toolCall(let call):
            message.toolCalls.append(call)
            return closeThought(.closed, now)
        case .rejectedToolCall(let raw, let reason):
            addText(Self.text(ofRejectedCall: raw, reason))
            return closeThought(.closed, now)
        case .looping(let repetition): self.repetition = repetition
        case .token, .trace, .media: break
        case .finished(let reason, let statistics):
            let closed = closeThought(.cut, now)
            message.answer?.stopReason = reason
            note(statistics)
            return closed
        }
        return nil
    }

    /// Ends the answer for a user who does not wait for the engine's last words.
    @discardableResult
    package mutating func stop(at now: Date) -> Thought? {
        message.answer?.stopReason = .cancelled
        return closeThought(.cut, now)
    }

    /// Ends the answer with the sentence of an error.
    @discardableResult
    package mutating func fail(_ sentence: String, at now: Date) -> Thought? {
        message.answer?.failure = sentence
        return closeThought(.cut, now)
    }

    /// Takes over what the answer cost, also when it comes after the end.
    package mutating func note(_ statistics: Statistics) {
        let whole = earlier?.continued(by: statistics) ?? statistics
        message.answer?.statistics = whole
        message.answer?.sampling.seed = statistics.seed
        // With one thought its exact count is known; several keep their counts of pieces.
        if message.thoughts.count == 1, whole.thoughtTokens > 0 {
            message.thoughts[0].tokens = whole.thoughtTokens
        }
    }

    /// What stands in an answer for a call that does not parse.
    package static func text(ofRejectedCall raw: String, _ reason: String) -> String {
        "[a tool call that cannot be read: \(reason)] \(raw)"
    }

    private mutating func addThought(_ text: String, _ now: Date) {
        count(now)
        if thoughtStarted == nil {
            thoughtStarted = now
            if !resumesThought { message.thoughts.append(Thought(text: "")) }
            resumesThought = false
        }
        let last = message.thoughts.count - 1
        message.thoughts[last].text += text
        message.thoughts[last].tokens += 1
        message.thoughts[last].ending = nil
    }

    private mutating func closeThought(_ ending: ThoughtEnding, _ now: Date) -> Thought? {
        // A thought that was cut may be closed without another word.
        let isOpen = thoughtStarted != nil || resumesThought && ending != .cut
        resumesThought = false
        guard isOpen, !message.thoughts.isEmpty else { return nil }
        let last = message.thoughts.count - 1
        message.thoughts[last].seconds += thoughtStarted.map(now.timeIntervalSince) ?? 0
        thoughtStarted = nil
        repetition = nil
        message.thoughts[last].ending = ending
        return message.thoughts[last]
    }

    private mutating func addText(_ text: String) {
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
