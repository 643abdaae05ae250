import Conversation
import Foundation
import SessionStore

/// Says what the journal has to hold of each event of an answer.
struct AnswerRecorder {
    private var assembly: AnswerAssembly
    /// What came so far.
    var message: Message { assembly.message }

    init(_ message: Message) { assembly = AnswerAssembly(message) }

    /// Takes an event in; the records are to be journalled before it is shown.
    mutating func take(_ event: GenerationEvent, now: Date = Date()) -> [JournalRecord] {
        let id = message.id
        let closed = records(assembly.take(event, at: now))
        switch event {
        case .promptProgress, .media, .token, .looping, .trace: return []
        case .started(let plan): return [.started(message: id, plan.thinking)]
        case .thought(let text): return [.thought(message: id, text)]
        case .thoughtClosed: return closed
        case .text(let text): return closed + [.text(message: id, text)]
        case .toolCall(let call): return closed + [.toolCall(message: id, call)]
        case .rejectedToolCall(let raw, let reason):
            let text = AnswerAssembly.text(ofRejectedCall: raw, reason)
            return closed + [.text(message: id, text)]
        case .finished(let reason, _):
            let statistics = message.answer?.statistics
            return closed + [
                .finished(message: id, reason: reason, statistics: statistics, failure: nil)
            ]
        }
    }

    /// Notes the sentence of the error that ended the answer.
    mutating func fail(_ sentence: String) -> [JournalRecord] {
        records(assembly.fail(sentence, at: Date())) + [
            .finished(message: message.id, reason: nil, statistics: nil, failure: sentence)
        ]
    }

    private func records(_ closed: Thought?) -> [JournalRecord] {
        guard let closed else { return [] }
        return [
            .thoughtClosed(
                message: message.id,
                seconds: closed.seconds,
                tokens: closed.tokens,
                ending: closed.ending
            )
        ]
    }
}
