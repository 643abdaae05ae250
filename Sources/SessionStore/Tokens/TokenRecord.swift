package import Conversation
import JSONValues

/// An entry of `<ULID>.tokens`: an answer token by token.
///
/// An answer that was gone on with has several, each with all that came before it as its prompt.
package struct TokenRecord: Sendable, Hashable {
    /// The answer's id.
    package var message: String
    package var trace: AnswerTrace

    package init(message: String, trace: AnswerTrace) {
        self.message = message
        self.trace = trace
    }
}

extension TokenRecord {
    /// The record as JSON.
    ///
    /// - Parameters:
    ///   - number: its place among the records of the file, from 1 on.
    ///   - earlier: the record before it, whose beginning need not be said again.
    /// - Returns: an object.
    func json(number: Int, after earlier: (number: Int, ids: [Int])?) -> JSONValue {
        let shared = zip(trace.prompt, earlier?.ids ?? []).prefix { $0 == $1 }.count
        var prompt: JSONValue = ["ids": Self.list(Array(trace.prompt[shared...]))]
        if let earlier, shared > 0 {
            prompt["like"] = .number(earlier.number)
            prompt["first"] = .number(shared)
        }
        var json: JSONValue = [
            "kind": "answer", "number": .number(number), "id": .string(message),
            "model_hash": .string(trace.machine.modelHash),
            "precision": .string(trace.machine.precision),
            "kv_cache": .string(trace.machine.kvFormat),
            "kernels": .string(trace.machine.kernels),
            "prompt": prompt, "passes": Self.list(trace.forms), "ids": Self.list(trace.ids),
            "sampling": .object(SessionFormat.sampling(trace.sampling)),
        ]
        if !trace.media.isEmpty { json["media"] = .array(trace.media.map(Self.json)) }
        if trace.continued > 0 { json["continued"] = .number(trace.continued) }
        if trace.startsInThought { json["starts_in_thought"] = .bool(true) }
        if let limit = trace.maxTokens { json["max_tokens"] = .number(limit) }
        if let budget = trace.budget { json["thinking_budget"] = .number(budget) }
        if !trace.wrapUps.isEmpty { json["wrap_ups"] = Self.list(trace.wrapUps) }
        if let reason = trace.reason { json["stop_reason"] = .string(reason.rawValue) }
        if !trace.details.isEmpty { json["tokens"] = .array(trace.details.map(Self.json)) }
        return json
    }

    /// Reads what `json` gives; nil for anything else, and where the record is missing that it leans
    /// on.
    /// - Parameters:
    ///   - json: of a record.
    ///   - earlier: prompt and answer of a record by its number.
    init?(_ json: JSONValue, earlier: (Int) -> [Int]?) {
        guard let record = try? Self.read(json, earlier) else { return nil }
        self = record
    }

    private static func read(
        _ json: JSONValue,
        _ earlier: (Int) -> [Int]?
    ) throws(FormatFailure) -> TokenRecord? {
        var reader = try ObjectReader(json, at: "")
        guard try reader.string("kind") == "answer", let message = try reader.string("id"),
            let value = reader.value("prompt")
        else { return nil }
        var promptReader = try ObjectReader(value, at: "/prompt")
        var prompt = try ids("ids", &promptReader)
        if let number = try promptReader.integer("like") {
            let first = try promptReader.integer("first") ?? 0
            guard first >= 0, let before = earlier(number), first <= before.count else {
                return nil
            }
            prompt = before[..<first] + prompt
        }
        var extras = SessionExtras()
        let sampling = try SessionFormat.sampling(from: &reader, message: nil, extras: &extras)
        var trace = AnswerTrace(
            machine: AnswerTrace.Machine(
                modelHash: try reader.string("model_hash") ?? "",
                precision: try reader.string("precision") ?? "",
                kvFormat: try reader.string("kv_cache") ?? "",
                kernels: try reader.string("kernels") ?? ""
            ),
            prompt: prompt,
            continued: try reader.integer("continued") ?? 0,
            forms: try ids("passes", &reader),
            startsInThought: try reader.bool("starts_in_thought") ?? false,
            sampling: sampling ?? .gemma,
            maxTokens: try reader.integer("max_tokens"),
            budget: try reader.integer("thinking_budget")
        )
        for item in try reader.array("media") { trace.media.append(try span(item)) }
        trace.wrapUps = try ids("wrap_ups", &reader)
        trace.ids = try ids("ids", &reader)
        trace.reason = try reader.string("stop_reason").flatMap(StopReason.init)
        trace.details = try reader.array("tokens").compactMap(detail)
        return TokenRecord(message: message, trace: trace)
    }

    private static func ids(
        _ key: String,
        _ reader: inout ObjectReader
    ) throws(FormatFailure) -> [Int] {
        var ids: [Int] = []
        for item in try reader.array(key) {
            guard let id = item.intValue, id >= 0 else {
                throw reader.failure(key, "expected whole numbers")
            }
            ids.append(id)
        }
        return ids
    }

    private static func list(_ ids: [Int]) -> JSONValue { .array(ids.map { .number($0) }) }
}

extension TokenRecord {
    /// Ids of a prompt that stand for a picture or a sound.
    private static func json(_ span: MediaSpan) -> JSONValue {
        [
            "start": .number(span.start), "count": .number(span.count),
            "key": .string(span.key), "first_row": .number(span.offset),
        ]
    }

    private static func span(_ json: JSONValue) throws(FormatFailure) -> MediaSpan {
        var reader = try ObjectReader(json, at: "/media")
        func number(_ key: String) throws(FormatFailure) -> Int {
            guard let number = try reader.integer(key), (0...Int(Int32.max)).contains(number) else {
                throw reader.failure(key, "expected a whole number")
            }
            return number
        }
        return MediaSpan(
            start: try number("start"),
            count: try number("count"),
            key: try reader.string("key") ?? "",
            offset: try number("first_row")
        )
    }

    /// A token as it was looked at: id, text, log probability and seconds, then the alternatives.
    private static func json(_ detail: TokenDetail) -> JSONValue {
        [
            "id": .number(detail.id), "text": .string(detail.text),
            "logprob": rounded(detail.logprob), "seconds": rounded(detail.seconds),
            "alternatives": .array(
                detail.alternatives.map {
                    .array([.number($0.id), .string($0.text), rounded($0.logprob)])
                }
            ),
        ]
    }

    private static func detail(_ json: JSONValue) -> TokenDetail? {
        guard let id = json["id"]?.intValue, let text = json["text"]?.stringValue else {
            return nil
        }
        return TokenDetail(
            id: id,
            text: text,
            logprob: json["logprob"]?.doubleValue ?? -.infinity,
            alternatives: (json["alternatives"]?.arrayValue ?? []).compactMap { item in
                guard let parts = item.arrayValue, parts.count == 3, let id = parts[0].intValue,
                    let text = parts[1].stringValue
                else { return nil }
                return .init(id: id, text: text, logprob: parts[2].doubleValue ?? -.infinity)
            },
            seconds: json["seconds"]?.doubleValue ?? 0
        )
    }

    /// Four digits after the point are more than anybody reads.
    private static func rounded(_ number: Double) -> JSONValue {
        .number((number * 10_000).rounded() / 10_000)
    }
}
