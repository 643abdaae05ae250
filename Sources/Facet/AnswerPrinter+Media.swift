import Conversation
import Foundation
import JSONValues

extension AnswerPrinter {
    /// An attachment's state as an event of `--output jsonl`.
    static func json(_ report: MediaReport) -> JSONValue {
        var json: JSONValue = [
            "event": "media", "name": .string(report.name), "summary": .string(report.summary),
            "soft_tokens": .number(report.softTokens),
            "notes": .array(report.notes.map { .string($0) }),
        ]
        switch report.step {
        case .encoding(let done, let count):
            json["encoded"] = .number(done)
            json["of"] = .number(count)
        case .ready(let decoding, let encoding):
            if let decoding { json["decode_seconds"] = .number(decoding) }
            if let encoding { json["encode_seconds"] = .number(encoding) }
        case .leftOut: json["left_out"] = .bool(true)
        }
        return json
    }
}

extension Console {
    /// Says what the model receives of an attachment, and how long that took.
    static func tell(_ report: MediaReport) {
        if report.step == .leftOut {
            complain(
                "\(report.name) of an earlier message is not given to this model: \(report.summary)"
            )
        }
        guard case .ready(let decoding, let encoding) = report.step else { return }
        func seconds(_ value: Double) -> String { String(format: "%.2f s", value) }
        var times = [decoding.map { "read in \(seconds($0))" }].compactMap { $0 }
        times.append(encoding.map { "encoded in \(seconds($0))" } ?? "known from before")
        complain(
            "\(report.name): \(report.summary), \(report.softTokens) tokens, "
                + times.joined(separator: ", ") + "."
        )
        for note in report.notes { complain(note) }
    }
}
