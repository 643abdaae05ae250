import Conversation
import Foundation
import JSONValues

extension SessionFormat {
    /// Reads a session; messages that were read already are taken, else read too.
    ///
    /// - Throws: `FormatFailure` with the place in the file.
    /// - Returns: The session, with what is not known to this version.
    static func session(
        from value: JSONValue,
        id: String,
        modified: Date,
        messages known: MessageList? = nil
    ) throws(FormatFailure) -> StoredSession {
        var reader = try ObjectReader(value, at: "")
        guard let format = try reader.integer("format") else {
            throw reader.failure("format", "missing; a session file begins with \"format\": 1")
        }
        guard format == version else { throw reader.failure("format", "expected 1") }
        guard reader.has("messages") else { throw reader.failure("messages", "missing") }
        _ = reader.value("id")

        var extras = known?.extras ?? SessionExtras()
        let values = try reader.array("messages")
        let messages: [Message]
        if let known {
            messages = known.messages
        } else {
            messages = try Self.messages(values, modified: modified, extras: &extras)
        }
        let created = try reader.date("created") ?? messages.first?.created ?? modified
        let path = try reader.strings("path")
        let named = try reader.string("active_leaf")
        let leaf = [named, path.last].compactMap(\.self).first { id in
            messages.contains { $0.id == id }
        }
        let transcript = Transcript(
            id: id,
            title: try reader.string("title") ?? "",
            created: created,
            updated: try reader.date("updated") ?? modified,
            systemPrompt: try reader.string("system_prompt") ?? "",
            thinking: try reader.choice("thinking", of: ThinkingMode.self) ?? .auto,
            thinkingBudget: try reader.integer("thinking_budget"),
            sampling: try sampling(from: &reader, message: nil, extras: &extras) ?? .gemma,
            model: try reader.string("model"),
            modelHash: try reader.string("model_hash"),
            tags: try reader.strings("tags"),
            notes: try reader.string("notes") ?? "",
            isPinned: try reader.bool("pinned") ?? false,
            forkedFrom: try forkOrigin(from: &reader, extras: &extras),
            messages: messages,
            activeLeaf: leaf,
            tools: try tools(from: &reader, extras: &extras)
        )
        extras.keep(reader, message: nil, below: "")
        return StoredSession(transcript, extras: extras)
    }

    private static func forkOrigin(
        from reader: inout ObjectReader,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> ForkOrigin? {
        guard let value = reader.value("forked_from") else { return nil }
        var item = try ObjectReader(value, at: "/forked_from")
        guard let session = try item.string("session") else {
            throw item.failure("session", "missing")
        }
        let origin = ForkOrigin(session: session, message: try item.string("message"))
        extras.keep(item, message: nil, below: "")
        return origin
    }

    private static func messages(
        _ values: [JSONValue],
        modified: Date,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> [Message] {
        var taken: [String: Int] = [:]
        for (index, value) in values.enumerated() {
            guard let id = value["id"]?.stringValue else { continue }
            if let first = taken.updateValue(index, forKey: id) {
                throw FormatFailure(
                    pointer: "/messages/\(index)/id",
                    reason: "\"\(id)\" is already the id of message \(first)"
                )
            }
        }
        var messages: [Message] = []
        messages.reserveCapacity(values.count)
        for (index, value) in values.enumerated() {
            var spare = "m\(index + 1)"
            if value["id"]?.stringValue == nil {
                while taken[spare] != nil { spare += "_" }
                taken[spare] = index
            }
            messages.append(
                try message(
                    from: value,
                    at: "/messages/\(index)",
                    spareID: spare,
                    previous: messages.last.map { ($0.id, $0.created) },
                    modified: modified,
                    extras: &extras
                )
            )
        }
        return messages
    }

    /// Reads one message, as a file or a journal holds it.
    ///
    /// `spareID` is its id and `previous` its parent when it names none; `modified` stands in for a
    /// missing date.
    static func message(
        from value: JSONValue,
        at pointer: String,
        spareID: String,
        previous: (id: String, created: Date)?,
        modified: Date,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> Message {
        var reader = try ObjectReader(value, at: pointer)
        let id = try reader.string("id") ?? spareID
        let hasParent = reader.has("parent")
        let parent = try reader.string("parent")
        guard let role = try reader.choice("role", of: Role.self) else {
            throw reader.failure("role", "missing")
        }
        let message = Message(
            id: id,
            parent: hasParent ? parent : previous?.id,
            role: role,
            parts: try parts(from: &reader, message: id, extras: &extras),
            thoughts: try objects("thoughts", of: &reader, message: id, extras: &extras) {
                item throws(FormatFailure) in
                Thought(
                    text: try item.string("text") ?? "",
                    seconds: try item.double("seconds") ?? 0,
                    tokens: try item.integer("tokens") ?? 0,
                    ending: try item.known("ending", of: ThoughtEnding.self)
                )
            },
            toolCalls: try objects("tool_calls", of: &reader, message: id, extras: &extras) {
                item throws(FormatFailure) in try toolCall(from: &item)
            },
            toolResults: try objects("tool_results", of: &reader, message: id, extras: &extras) {
                item throws(FormatFailure) in
                ToolResult(
                    callID: try item.string("call_id") ?? "",
                    name: try item.string("name") ?? "",
                    response: item.value("response") ?? .null
                )
            },
            created: try reader.date("created") ?? previous?.created ?? modified,
            answer: try answer(from: &reader, message: id, extras: &extras),
            contextCut: try contextCut(from: &reader, message: id, extras: &extras)
        )
        extras.keep(reader, message: id, below: pointer)
        return message
    }

    private static func contextCut(
        from reader: inout ObjectReader,
        message: String,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> ContextCut? {
        guard let value = reader.value("context_cut") else { return nil }
        let root = reader.pointer
        var item = try ObjectReader(value, at: root + "/context_cut")
        guard let start = try item.string("start") else { throw item.failure("start", "missing") }
        let cut = ContextCut(start: start, summary: try item.string("summary"))
        extras.keep(item, message: message, below: root)
        return cut
    }

    static func toolCall(from item: inout ObjectReader) throws(FormatFailure) -> ToolCall {
        let arguments = item.value("arguments") ?? .object([])
        guard arguments.objectValue != nil else {
            throw item.failure("arguments", "expected an object")
        }
        return ToolCall(
            id: try item.string("id") ?? "",
            name: try item.string("name") ?? "",
            arguments: arguments
        )
    }

    private static func parts(
        from reader: inout ObjectReader,
        message: String,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> [Part] {
        var parts: [Part] = []
        for (index, value) in try reader.array("parts").enumerated() {
            var item = try ObjectReader(value, at: reader.pointer + "/parts/\(index)")
            guard let type = try item.string("type") else { throw item.failure("type", "missing") }
            if type == "text" {
                parts.append(.text(try item.string("text") ?? ""))
            } else if let kind = Attachment.Kind(rawValue: type) {
                parts.append(
                    .attachment(
                        Attachment(
                            kind: kind,
                            name: try item.string("name") ?? "",
                            hash: try item.string("hash") ?? "",
                            sizeInBytes: try item.integer("size") ?? 0,
                            imageTokens: try item.integer("image_tokens")
                        )
                    )
                )
            } else {
                extras.parts[message, default: [:]][index] = value
                continue
            }
            extras.keep(item, message: message, below: reader.pointer)
        }
        return parts
    }

    /// The record of an answer; nil when the message names no model and nothing else of one.
    private static func answer(
        from reader: inout ObjectReader,
        message: String,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> AnswerRecord? {
        let keys = [
            "model", "model_hash", "thinking", "thinking_plan", "sampling", "statistics",
            "stop_reason", "failure",
        ]
        guard keys.contains(where: reader.has) else { return nil }
        return AnswerRecord(
            model: try reader.string("model") ?? "",
            modelHash: try reader.string("model_hash") ?? "",
            thinking: try reader.choice("thinking", of: ThinkingMode.self) ?? .auto,
            thinkingPlan: try thinkingPlan(from: &reader, message: message, extras: &extras),
            sampling: try sampling(from: &reader, message: message, extras: &extras) ?? .gemma,
            statistics: try statistics(from: &reader, message: message, extras: &extras),
            stopReason: try reader.known("stop_reason", of: StopReason.self),
            failure: try reader.string("failure")
        )
    }

    private static func thinkingPlan(
        from reader: inout ObjectReader,
        message: String,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> ThinkingPlan? {
        guard let value = reader.value("thinking_plan") else { return nil }
        var item = try ObjectReader(value, at: reader.pointer + "/thinking_plan")
        let plan = try thinkingPlan(from: &item)
        extras.keep(item, message: message, below: reader.pointer)
        return plan
    }

    static func thinkingPlan(from item: inout ObjectReader) throws(FormatFailure) -> ThinkingPlan {
        ThinkingPlan(
            thinks: try item.bool("thinks") ?? false,
            budget: try item.integer("budget"),
            rule: try item.string("rule") ?? ""
        )
    }

    private static func statistics(
        from reader: inout ObjectReader,
        message: String,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> Statistics? {
        guard let value = reader.value("statistics") else { return nil }
        var item = try ObjectReader(value, at: reader.pointer + "/statistics")
        let statistics = try statistics(from: &item)
        extras.keep(item, message: message, below: reader.pointer)
        return statistics
    }

    static func statistics(from item: inout ObjectReader) throws(FormatFailure) -> Statistics {
        Statistics(
            promptTokens: try item.integer("prompt_tokens") ?? 0,
            reusedTokens: try item.integer("reused_tokens") ?? 0,
            promptSeconds: try item.double("prompt_seconds") ?? 0,
            generatedTokens: try item.integer("generated_tokens") ?? 0,
            generationSeconds: try item.double("generation_seconds") ?? 0,
            thoughtTokens: try item.integer("thought_tokens") ?? 0,
            seed: try item.unsigned("seed") ?? 0,
            contextUsed: try item.integer("context_used") ?? 0,
            contextSize: try item.integer("context_size") ?? 0,
            thoughtUnclosed: try item.bool("thought_unclosed") ?? false,
            draftedTokens: try item.integer("drafted_tokens"),
            acceptedTokens: try item.integer("accepted_tokens")
        )
    }

    static func sampling(
        from reader: inout ObjectReader,
        message: String?,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> SamplingSettings? {
        guard let value = reader.value("sampling") else { return nil }
        var item = try ObjectReader(value, at: reader.pointer + "/sampling")
        let standard = SamplingSettings.gemma
        let settings = SamplingSettings(
            temperature: try item.double("temperature") ?? standard.temperature,
            topK: try item.integer("top_k") ?? standard.topK,
            topP: try item.double("top_p") ?? standard.topP,
            minP: try item.double("min_p") ?? standard.minP,
            repetitionPenalty: try item.double("repetition_penalty")
                ?? standard.repetitionPenalty,
            presencePenalty: try item.double("presence_penalty") ?? standard.presencePenalty,
            frequencyPenalty: try item.double("frequency_penalty") ?? standard.frequencyPenalty,
            seed: try item.unsigned("seed")
        )
        extras.keep(item, message: message, below: reader.pointer)
        return settings
    }

    private static func tools(
        from reader: inout ObjectReader,
        extras: inout SessionExtras
    ) throws(FormatFailure) -> [ToolDeclaration] {
        try objects("tools", of: &reader, message: nil, extras: &extras) {
            item throws(FormatFailure) in
            ToolDeclaration(
                name: try item.string("name") ?? "",
                description: try item.string("description") ?? "",
                parameters: item.value("parameters") ?? .object([])
            )
        }
    }

    /// Reads an array of objects and keeps what is left over of each.
    private static func objects<Item>(
        _ key: String,
        of reader: inout ObjectReader,
        message: String?,
        extras: inout SessionExtras,
        _ read: (inout ObjectReader) throws(FormatFailure) -> Item
    ) throws(FormatFailure) -> [Item] {
        var items: [Item] = []
        for (index, value) in try reader.array(key).enumerated() {
            var item = try ObjectReader(value, at: reader.pointer + "/\(key)/\(index)")
            items.append(try read(&item))
            extras.keep(item, message: message, below: reader.pointer)
        }
        return items
    }
}

extension SessionExtras {
    /// Keeps what nobody read of an object, under its pointer below the message or document.
    fileprivate mutating func keep(_ reader: ObjectReader, message: String?, below root: String) {
        let unread = reader.unread
        guard !unread.isEmpty else { return }
        let pointer = String(reader.pointer.dropFirst(root.count))
        fields[Place(message: message, pointer: pointer)] = unread
    }
}
