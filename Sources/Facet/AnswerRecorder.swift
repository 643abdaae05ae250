import Conversation
import Foundation
import SessionStore

/// Puts an answer together from its events and says what the journal has to hold of each.
struct AnswerRecorder {
    private(set) var message: Message
    private var thoughtStart: Date?
    private var thoughtPieces = 0

    init(_ message: Message) { self.message = message }

    /// Takes an event in; the records are to be journalled before it is shown.
    mutating func take(_ event: GenerationEvent, now: Date = Date()) -> [JournalRecord] {
        let id = message.id
        switch event {
        case .promptProgress, .token: return []
        case .thought(let text):
            if thoughtStart == nil {
                thoughtStart = now
                message.thoughts.append(Thought(text: ""))
            }
            thoughtPieces += 1
            message.thoughts[message.thoughts.count - 1].text += text
            return [.thought(message: id, text)]
        case .thoughtClosed: return closeThought(now)
        case .text(let text):
            let closed = closeThought(now)
            append(text)
            return closed + [.text(message: id, text)]
        case .toolCall(let call):
            message.toolCalls.append(call)
            return closeThought(now) + [.toolCall(message: id, call)]
        case .rejectedToolCall(let raw, let reason):
            let text = "[a tool call that cannot be read: \(reason)] \(raw)"
            append(text)
            return closeThought(now) + [.text(message: id, text)]
        case .finished(let reason, let statistics):
            let closed = closeThought(now)
            message.answer?.stopReason = reason
            message.answer?.statistics = statistics
            message.answer?.sampling.seed = statistics.seed
            return closed + [
                .finished(message: id, reason: reason, statistics: statistics, failure: nil)
            ]
        }
    }

    /// Notes the sentence of the error that ended the answer.
    mutating func fail(_ sentence: String) -> [JournalRecord] {
        message.answer?.failure = sentence
        return closeThought(Date()) + [
            .finished(message: message.id, reason: nil, statistics: nil, failure: sentence)
        ]
    }

    private mutating func append(_ text: String) {
        if case .text(let before) = message.parts.last {
            message.parts[message.parts.count - 1] = .text(before + text)
        } else {
            message.parts.append(.text(text))
        }
    }

    private mutating func closeThought(_ now: Date) -> [JournalRecord] {
        guard let start = thoughtStart, !message.thoughts.isEmpty else { return [] }
        let seconds = now.timeIntervalSince(start)
        message.thoughts[message.thoughts.count - 1].seconds = seconds
        message.thoughts[message.thoughts.count - 1].tokens = thoughtPieces
        thoughtStart = nil
        defer { thoughtPieces = 0 }
        return [.thoughtClosed(message: message.id, seconds: seconds, tokens: thoughtPieces)]
    }
}
