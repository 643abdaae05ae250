import Conversation
import Foundation
import JSONValues

/// Prints an answer as it comes.
struct AnswerPrinter {
    let form: OutputForm
    let showsThoughts: Bool

    /// - Throws: `ClosedPipe` when nobody reads any more.
    func show(_ event: GenerationEvent) throws {
        if showsThoughts {
            if case .thought(let text) = event {
                Console.murmur(Self.shown(text, onTerminal: isatty(2) == 1))
            }
            if case .thoughtClosed = event { Console.murmur("\n\n") }
        }
        switch form {
        case .text:
            if case .text(let text) = event {
                try Console.write(Self.shown(text, onTerminal: Console.isOutputTerminal))
            }
        case .jsonl:
            if let json = Self.json(event) { try Console.write(json) }
        case .json: break
        }
        if case .rejectedToolCall(_, let reason) = event, form == .text {
            Console.complain("The model wrote a tool call that cannot be read: \(reason).")
        }
        if case .media(let report) = event, form == .text { Console.tell(report) }
        if case .looping(let repetition) = event, form == .text {
            Console.complain(
                "The model repeats itself: the same \(repetition.period) tokens "
                    + "\(repetition.times) times. Ctrl-C stops it."
            )
        }
        if case .finished(let reason, let statistics) = event, form == .text {
            if statistics.thoughtUnclosed {
                Console.complain("The model ended inside its thought; there is no answer after it.")
            }
            if reason == .contextFull {
                Console.complain(
                    "The context of \(statistics.contextSize) tokens is full; the answer is cut."
                )
            }
        }
    }

    /// Ends the output once the answer is whole.
    func finish(_ message: Message) throws {
        switch form {
        case .text: try Console.write("\n")
        case .jsonl: break
        case .json:
            var json: JSONValue = [
                "text": .string(message.text),
                "thought": .string(message.thoughts.map(\.text).joined(separator: "\n")),
                "tool_calls": .array(
                    message.toolCalls.map { ["name": .string($0.name), "arguments": $0.arguments] }
                ),
            ]
            if let reason = message.answer?.stopReason {
                json["stop_reason"] = .string(reason.rawValue)
            }
            if let statistics = message.answer?.statistics {
                json["statistics"] = Self.json(statistics)
            }
            try Console.write(json)
        }
    }

    /// Text as it is into a pipe, with visible control characters on a terminal.
    private static func shown(_ text: String, onTerminal: Bool) -> String {
        onTerminal ? Console.visible(text) : text
    }

    /// Nil for what is said to files only.
    private static func json(_ event: GenerationEvent) -> JSONValue? {
        switch event {
        case .trace: nil
        case .started(let plan): json(plan)
        case .media(let report): json(report)
        case .promptProgress(let progress):
            ["event": "prompt", "read": .number(progress.read), "total": .number(progress.total)]
        case .thought(let text): ["event": "thought", "text": .string(text)]
        case .thoughtClosed(let ending):
            ["event": "thought_closed", "ending": .string(ending.rawValue)]
        case .text(let text): ["event": "text", "text": .string(text)]
        case .toolCall(let call):
            [
                "event": "tool_call", "id": .string(call.id), "name": .string(call.name),
                "arguments": call.arguments,
            ]
        case .rejectedToolCall(let raw, let reason):
            ["event": "rejected_tool_call", "raw": .string(raw), "reason": .string(reason)]
        case .looping(let repetition):
            [
                "event": "looping", "period": .number(repetition.period),
                "times": .number(repetition.times),
            ]
        case .token(let detail):
            [
                "event": "token", "id": .number(detail.id), "text": .string(detail.text),
                "logprob": .number(detail.logprob),
            ]
        case .finished(let reason, let statistics):
            [
                "event": "finished", "stop_reason": .string(reason.rawValue),
                "statistics": json(statistics),
            ]
        }
    }

    private static func json(_ plan: AnswerPlan) -> JSONValue {
        [
            "event": "started", "thinks": .bool(plan.thinking.thinks),
            "thinking_rule": .string(plan.thinking.rule),
            "thinking_budget": plan.thinking.budget.map { .number($0) } ?? .null,
            "prompt_tokens": .number(plan.promptTokens),
            "reused_tokens": .number(plan.reusedTokens),
            "context_size": .number(plan.contextSize),
        ]
    }

    private static func json(_ s: Statistics) -> JSONValue {
        var json: JSONValue = [
            "prompt_tokens": .number(s.promptTokens), "reused_tokens": .number(s.reusedTokens),
            "prompt_seconds": .number(s.promptSeconds),
            "generated_tokens": .number(s.generatedTokens),
            "generation_seconds": .number(s.generationSeconds),
            "thought_tokens": .number(s.thoughtTokens), "seed": .number(String(s.seed)),
            "context_used": .number(s.contextUsed), "context_size": .number(s.contextSize),
            "thought_unclosed": .bool(s.thoughtUnclosed),
        ]
        if let drafted = s.draftedTokens { json["drafted_tokens"] = .number(drafted) }
        if let accepted = s.acceptedTokens { json["accepted_tokens"] = .number(accepted) }
        return json
    }
}
