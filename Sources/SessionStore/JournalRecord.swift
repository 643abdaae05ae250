package import Conversation
import Foundation
package import JSONValues

/// One step of a conversation, written down before it is shown.
package enum JournalRecord: Sendable, Hashable {
    /// A message began, or is written down whole (a question, a tool's result).
    case message(Message)
    /// The answer begins; whether it is thought about.
    case started(message: String, ThinkingPlan)
    /// More visible text of a message.
    case text(message: String, String)
    /// More text of a message's thought.
    case thought(message: String, String)
    /// The thought that was being written is over.
    case thoughtClosed(message: String, seconds: Double, tokens: Int, ending: ThoughtEnding?)
    case toolCall(message: String, ToolCall)
    /// The answer ended; a reason, or the sentence of the error that ended it.
    case finished(
        message: String,
        reason: StopReason?,
        statistics: Statistics?,
        failure: String?
    )

    /// The message it is about.
    var messageID: String {
        switch self {
        case .message(let message): message.id
        case .started(let id, _), .text(let id, _), .thought(let id, _),
            .thoughtClosed(let id, _, _, _), .toolCall(let id, _), .finished(let id, _, _, _):
            id
        }
    }

    var beginsMessage: Bool { if case .message = self { true } else { false } }

    /// Whether what was shown must be on the disk before the next step: at an answer's two ends.
    var isMilestone: Bool {
        switch self {
        case .message, .finished: true
        default: false
        }
    }
}

extension JournalRecord {
    /// The record as JSON: its `kind`, the message's id, and what came.
    package var json: JSONValue {
        switch self {
        case .message(let message):
            ["kind": "message", "message": SessionFormat.json(message)]
        case .started(let id, let plan):
            [
                "kind": "started", "id": .string(id),
                "thinking_plan": .object(SessionFormat.fields(plan)),
            ]
        case .text(let id, let text):
            ["kind": "text", "id": .string(id), "text": .string(text)]
        case .thought(let id, let text):
            ["kind": "thought", "id": .string(id), "text": .string(text)]
        case .thoughtClosed(let id, let seconds, let tokens, let ending):
            [
                "kind": "thought_closed", "id": .string(id), "seconds": .number(seconds),
                "tokens": .number(tokens),
                "ending": ending.map { .string($0.rawValue) } ?? .null,
            ]
        case .toolCall(let id, let call):
            [
                "kind": "tool_call", "id": .string(id),
                "call": .object(SessionFormat.fields(call)),
            ]
        case .finished(let id, let reason, let statistics, let failure):
            [
                "kind": "finished", "id": .string(id),
                "stop_reason": reason.map { .string($0.rawValue) } ?? .null,
                "statistics": statistics.map { .object(SessionFormat.fields($0)) } ?? .null,
                "failure": failure.map { .string($0) } ?? .null,
            ]
        }
    }

    /// Reads what `json` gives; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let record = try? Self.read(json) else { return nil }
        self = record
    }

    private static func read(_ json: JSONValue) throws(FormatFailure) -> JournalRecord? {
        var reader = try ObjectReader(json, at: "")
        let kind = try reader.string("kind")
        if kind == "message" {
            guard let value = reader.value("message"), value["id"]?.stringValue != nil else {
                return nil
            }
            var extras = SessionExtras()
            return .message(
                try SessionFormat.message(
                    from: value,
                    at: "/message",
                    spareID: "",
                    previous: nil,
                    modified: Date(),
                    extras: &extras
                )
            )
        }
        guard let id = try reader.string("id") else { return nil }
        switch kind {
        case "started":
            guard let value = reader.value("thinking_plan") else { return nil }
            var item = try ObjectReader(value, at: "/thinking_plan")
            return .started(message: id, try SessionFormat.thinkingPlan(from: &item))
        case "text": return .text(message: id, try reader.string("text") ?? "")
        case "thought": return .thought(message: id, try reader.string("text") ?? "")
        case "thought_closed":
            return .thoughtClosed(
                message: id,
                seconds: try reader.double("seconds") ?? 0,
                tokens: try reader.integer("tokens") ?? 0,
                ending: try reader.string("ending").flatMap(ThoughtEnding.init)
            )
        case "tool_call":
            guard let value = reader.value("call") else { return nil }
            var item = try ObjectReader(value, at: "/call")
            return .toolCall(message: id, try SessionFormat.toolCall(from: &item))
        case "finished":
            var statistics: Statistics?
            if let value = reader.value("statistics") {
                var item = try ObjectReader(value, at: "/statistics")
                statistics = try SessionFormat.statistics(from: &item)
            }
            return .finished(
                message: id,
                reason: try reader.string("stop_reason").flatMap(StopReason.init),
                statistics: statistics,
                failure: try reader.string("failure")
            )
        default: return nil
        }
    }
}
