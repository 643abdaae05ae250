package import Conversation
import Foundation
package import JSONValues

extension SessionFormat {
    /// The whole session as one JSON object.
    package static func json(_ session: StoredSession) -> JSONValue {
        let transcript = session.transcript
        let extras = session.extras
        var members: [JSONValue.Member] = [
            .init("format", .number(version)),
            .init("id", .string(transcript.id)),
            .init("title", .string(transcript.title)),
            .init("created", .string(Timestamp.text(transcript.created))),
            .init("updated", .string(Timestamp.text(transcript.updated))),
            .init("system_prompt", .string(transcript.systemPrompt)),
            .init("thinking", .string(transcript.thinking.rawValue)),
            .init(
                "sampling",
                extras.completed(
                    sampling(transcript.sampling),
                    at: .init(pointer: "/sampling")
                )
            ),
            .init("tags", .array(transcript.tags.map { .string($0) })),
            .init("notes", .string(transcript.notes)),
            .init("path", .array(transcript.path.map { .string($0.id) })),
            .init("messages", .array(transcript.messages.map { json($0, extras: extras) })),
        ]
        members.add("thinking_budget", transcript.thinkingBudget.map { .number($0) })
        members.add("pinned", transcript.isPinned ? .bool(true) : nil)
        members.add("forked_from", transcript.forkedFrom.map { json($0, extras: extras) })
        members.add("model", transcript.model.map { .string($0) })
        members.add("model_hash", transcript.modelHash.map { .string($0) })
        members.add("active_leaf", transcript.activeLeaf.map { .string($0) })
        members.add(
            "tools",
            list(transcript.tools) { index, tool in
                let object: [JSONValue.Member] = [
                    .init("name", .string(tool.name)),
                    .init("description", .string(tool.description)),
                    .init("parameters", tool.parameters),
                ]
                return extras.completed(object, at: .init(pointer: "/tools/\(index)"))
            }
        )
        return extras.completed(members, at: .init(pointer: ""))
    }

    private static func json(_ origin: ForkOrigin, extras: SessionExtras) -> JSONValue {
        var members: [JSONValue.Member] = [.init("session", .string(origin.session))]
        members.add("message", origin.message.map { .string($0) })
        return extras.completed(members, at: .init(pointer: "/forked_from"))
    }

    /// One message as JSON.
    package static func json(
        _ message: Message,
        extras: SessionExtras = SessionExtras()
    ) -> JSONValue {
        func completed(_ members: [JSONValue.Member], _ pointer: String) -> JSONValue {
            extras.completed(members, at: .init(message: message.id, pointer: pointer))
        }
        var members: [JSONValue.Member] = [
            .init("id", .string(message.id)),
            .init("parent", message.parent.map { .string($0) } ?? .null),
            .init("role", .string(message.role.rawValue)),
            .init("created", .string(Timestamp.text(message.created))),
            .init("parts", .array(parts(message, extras: extras))),
        ]
        members.add(
            "thoughts",
            list(message.thoughts) { index, thought in
                completed(fields(thought), "/thoughts/\(index)")
            }
        )
        members.add(
            "tool_calls",
            list(message.toolCalls) { index, call in
                completed(fields(call), "/tool_calls/\(index)")
            }
        )
        members.add(
            "tool_results",
            list(message.toolResults) { index, result in
                completed(
                    [
                        .init("call_id", .string(result.callID)),
                        .init("name", .string(result.name)),
                        .init("response", result.response),
                    ],
                    "/tool_results/\(index)"
                )
            }
        )
        if let answer = message.answer {
            members.append(.init("model", .string(answer.model)))
            members.append(.init("model_hash", .string(answer.modelHash)))
            members.append(.init("thinking", .string(answer.thinking.rawValue)))
            members.add(
                "thinking_plan",
                answer.thinkingPlan.map { completed(fields($0), "/thinking_plan") }
            )
            members.append(.init("sampling", completed(sampling(answer.sampling), "/sampling")))
            members.add(
                "statistics",
                answer.statistics.map { completed(fields($0), "/statistics") }
            )
            members.add("stop_reason", answer.stopReason.map { .string($0.rawValue) })
            members.add("failure", answer.failure.map { .string($0) })
        }
        members.add(
            "context_cut",
            message.contextCut.map { completed(fields($0), "/context_cut") }
        )
        return completed(members, "")
    }

    /// The known parts, with the strange ones back at the index they came from.
    private static func parts(_ message: Message, extras: SessionExtras) -> [JSONValue] {
        var strange = extras.parts[message.id] ?? [:]
        var out: [JSONValue] = []
        for part in message.parts {
            while let value = strange.removeValue(forKey: out.count) { out.append(value) }
            var members: [JSONValue.Member]
            switch part {
            case .text(let text):
                members = [.init("type", "text"), .init("text", .string(text))]
            case .attachment(let attachment):
                members = [
                    .init("type", .string(attachment.kind.rawValue)),
                    .init("name", .string(attachment.name)),
                    .init("hash", .string(attachment.hash)),
                    .init("size", .number(attachment.sizeInBytes)),
                ]
                if let tokens = attachment.imageTokens {
                    members.append(.init("image_tokens", .number(tokens)))
                }
            }
            out.append(
                extras.completed(
                    members,
                    at: .init(message: message.id, pointer: "/parts/\(out.count)")
                )
            )
        }
        return out + strange.sorted { $0.key < $1.key }.map(\.value)
    }

    private static func fields(_ thought: Thought) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("text", .string(thought.text)),
            .init("seconds", .number(thought.seconds)),
            .init("tokens", .number(thought.tokens)),
        ]
        members.add("ending", thought.ending.map { .string($0.rawValue) })
        return members
    }

    private static func fields(_ cut: ContextCut) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [.init("start", .string(cut.start))]
        members.add("summary", cut.summary.map { .string($0) })
        return members
    }

    static func fields(_ plan: ThinkingPlan) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("thinks", .bool(plan.thinks)),
            .init("rule", .string(plan.rule)),
        ]
        members.add("budget", plan.budget.map { .number($0) })
        return members
    }

    static func fields(_ call: ToolCall) -> [JSONValue.Member] {
        [
            .init("id", .string(call.id)),
            .init("name", .string(call.name)),
            .init("arguments", call.arguments),
        ]
    }

    static func fields(_ statistics: Statistics) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("prompt_tokens", .number(statistics.promptTokens)),
            .init("reused_tokens", .number(statistics.reusedTokens)),
            .init("prompt_seconds", .number(statistics.promptSeconds)),
            .init("generated_tokens", .number(statistics.generatedTokens)),
            .init("generation_seconds", .number(statistics.generationSeconds)),
            .init("thought_tokens", .number(statistics.thoughtTokens)),
            .init("seed", .number(String(statistics.seed))),
            .init("context_used", .number(statistics.contextUsed)),
            .init("context_size", .number(statistics.contextSize)),
            .init("thought_unclosed", .bool(statistics.thoughtUnclosed)),
        ]
        members.add("drafted_tokens", statistics.draftedTokens.map { .number($0) })
        members.add("accepted_tokens", statistics.acceptedTokens.map { .number($0) })
        return members
    }

    static func sampling(_ settings: SamplingSettings) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("temperature", .number(settings.temperature)),
            .init("top_k", .number(settings.topK)),
            .init("top_p", .number(settings.topP)),
            .init("min_p", .number(settings.minP)),
            .init("repetition_penalty", .number(settings.repetitionPenalty)),
            .init("presence_penalty", .number(settings.presencePenalty)),
            .init("frequency_penalty", .number(settings.frequencyPenalty)),
        ]
        members.add("seed", settings.seed.map { .number(String($0)) })
        return members
    }

    /// An array, or nothing when it would be empty.
    private static func list<Item>(
        _ items: [Item],
        _ json: (Int, Item) -> JSONValue
    ) -> JSONValue? {
        items.isEmpty ? nil : .array(items.enumerated().map { json($0.offset, $0.element) })
    }
}

extension [JSONValue.Member] {
    /// Appends a member, unless there is no value.
    fileprivate mutating func add(_ key: String, _ value: JSONValue?) {
        if let value { append(.init(key, value)) }
    }
}
