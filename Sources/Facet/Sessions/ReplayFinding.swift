import Foundation
import GemmaEngine
import JSONValues

/// What came of making one answer again.
struct ReplayFinding {
    /// What was compared.
    enum Basis: String {
        /// Token by token, from a record of them.
        case tokens
        /// Texts: the prompt was built anew from the session.
        case text
    }

    /// How a person finds the answer.
    var name: String
    var id: String
    var report: ReplayReport
    var basis: Basis
    /// Those of the record and of this machine.
    var kernels: (recorded: String, here: String)?

    /// The session's text is not what the record says: it was changed since.
    var isEdited = false

    var isIdentical: Bool { report.difference == nil && !isEdited }

    var sentence: String {
        var text = "\(name): "
        if let difference = report.difference {
            text += "differs at token \(difference.place + 1) of \(report.recorded)"
            if !difference.before.isEmpty { text += ", after \(Self.quoted(difference.before))" }
            text += ": recorded \(Self.shown(difference.recorded)), "
            text += "now \(Self.shown(difference.made))"
            if let kernels, kernels.recorded != kernels.here {
                text += "; made with \(kernels.recorded) kernels, here are \(kernels.here)"
            }
        } else {
            text += "identical, \(report.recorded) tokens"
        }
        if isEdited { text += ", but the session's text of it was changed since" }
        if basis == .text {
            text += " (by its text: there is no record of its tokens, so the prompt was built anew)"
        }
        return ModelsCommand.printable(text)
    }

    var json: JSONValue {
        var json: JSONValue = [
            "id": .string(id), "name": .string(name), "identical": .bool(isIdentical),
            "same": .number(report.same), "recorded": .number(report.recorded),
            "basis": .string(basis.rawValue), "edited": .bool(isEdited),
        ]
        if let difference = report.difference {
            json["place"] = .number(difference.place)
            json["recorded_token"] = Self.json(difference.recorded)
            json["made_token"] = Self.json(difference.made)
        }
        if let kernels {
            json["kernels"] = .string(kernels.recorded)
            json["kernels_here"] = .string(kernels.here)
        }
        return json
    }

    private static func json(_ choice: ReplayReport.Choice?) -> JSONValue {
        guard let choice else { return .null }
        return [
            "id": .number(choice.id), "text": .string(choice.text),
            "probability": choice.probability.map { .number($0) } ?? .null,
        ]
    }

    private static func shown(_ choice: ReplayReport.Choice?) -> String {
        guard let choice else { return "the end" }
        guard let probability = choice.probability else { return quoted(choice.text) }
        return quoted(choice.text) + String(format: " (%.1f %%)", probability * 100)
    }

    private static func quoted(_ text: String) -> String { JSONValue.string(text).text(.compact) }
}
