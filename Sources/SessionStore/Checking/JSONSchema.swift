import Foundation
package import JSONValues

/// A JSON Schema (2020-12), as far as `Sessions/schema.json` uses it.
///
/// Known are `type`, `enum`, `const`, `required`, `properties`, `items`, `pattern`, `minimum`,
/// `maximum` and `$ref` to `$defs`; other words say nothing here.
package struct JSONSchema {
    /// What does not fit, with the JSON pointer to it.
    package struct Violation: Sendable, Hashable {
        package var pointer: String
        package var reason: String
    }

    /// Of session files, as it was published with this version.
    package static func ofSessions() -> JSONSchema? {
        (try? JSONValue(parsing: PackageResources.schema_json)).map { JSONSchema($0) }
    }

    private let root: Rule

    package init(_ json: JSONValue) { root = Rule(json, definitions: json["$defs"], depth: 0) }

    /// Holds a value against the schema.
    /// - Parameters:
    ///   - value: the whole document.
    ///   - limit: so many violations are enough.
    ///   - isComplete: whether a member that the schema does not name is a violation.
    /// - Returns: them in the order of the document.
    package func violations(
        of value: JSONValue,
        limit: Int = .max,
        isComplete: Bool = false
    ) -> [Violation] {
        var found: [Violation] = []
        root.check(value, at: "", isComplete: isComplete) { pointer, reason in
            if found.count < limit { found.append(Violation(pointer: pointer, reason: reason)) }
            return found.count < limit
        }
        return found
    }
}

/// One schema of a document, with its references followed.
private final class Rule {
    private var types: [String] = []
    private var choices: [JSONValue]?
    private var required: [String] = []
    private var properties: [String: Rule]?
    private var items: Rule?
    private var pattern: (text: String, regex: Regex<AnyRegexOutput>)?
    private var minimum: Double?
    private var maximum: Double?

    /// References that lead round in a circle end at a depth no schema here has.
    init(_ json: JSONValue, definitions: JSONValue?, depth: Int) {
        var json = json
        var steps = 0
        while let name = json["$ref"]?.stringValue?.split(separator: "/").last, steps < 8,
            let target = definitions?[String(name)]
        {
            json = target
            steps += 1
        }
        if let type = json["type"] {
            types = (type.arrayValue ?? [type]).compactMap(\.stringValue)
        }
        choices = json["enum"]?.arrayValue ?? json["const"].map { [$0] }
        required = (json["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        minimum = json["minimum"]?.doubleValue
        maximum = json["maximum"]?.doubleValue
        if let text = json["pattern"]?.stringValue, let regex = try? Regex(text) {
            pattern = (text, regex)
        }
        guard depth < 32 else { return }
        items = json["items"].map { Rule($0, definitions: definitions, depth: depth + 1) }
        if let members = json["properties"]?.objectValue {
            properties = [:]
            for member in members {
                properties?[member.key] = Rule(
                    member.value,
                    definitions: definitions,
                    depth: depth + 1
                )
            }
        }
    }

    /// Reports every violation until nobody wants more; false then.
    @discardableResult
    func check(
        _ value: JSONValue,
        at pointer: String,
        isComplete: Bool,
        _ report: (String, String) -> Bool
    ) -> Bool {
        if let reason = reason(against: value), !report(pointer, reason) { return false }
        if let items, let values = value.arrayValue {
            for (index, item) in values.enumerated()
            where !items.check(item, at: "\(pointer)/\(index)", isComplete: isComplete, report) {
                return false
            }
        }
        guard let members = value.objectValue else { return true }
        for key in required where members.lastIndex(of: key) == nil {
            if !report(pointer, "\"\(key)\" is missing") { return false }
        }
        guard let properties else { return true }
        for member in members {
            let place = "\(pointer)/\(JSONPlace.step(member.key))"
            if let rule = properties[member.key] {
                if !rule.check(member.value, at: place, isComplete: isComplete, report) {
                    return false
                }
            } else if isComplete, !report(place, "the schema does not name it") {
                return false
            }
        }
        return true
    }

    /// Why the value itself does not fit; nil when it does.
    private func reason(against value: JSONValue) -> String? {
        if !types.isEmpty, !types.contains(where: value.isOfType) {
            return "expected \(types.joined(separator: " or "))"
        }
        if let choices, !choices.contains(value) {
            return "expected \(choices.map { $0.text(.compact) }.joined(separator: " or "))"
        }
        if let text = value.stringValue, let pattern,
            text.firstMatch(of: pattern.regex) == nil
        {
            return "expected text that fits \(pattern.text)"
        }
        if let number = value.doubleValue {
            if let minimum, number < minimum { return "expected at least \(minimum)" }
            if let maximum, number > maximum { return "expected at most \(maximum)" }
        }
        return nil
    }
}

extension JSONValue {
    /// Whether a JSON Schema calls it so; a whole number in any spelling is an integer.
    fileprivate func isOfType(_ name: String) -> Bool {
        switch self {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .string: name == "string"
        case .array: name == "array"
        case .object: name == "object"
        case .number(let digits):
            name == "number"
                || name == "integer" && (intValue != nil || UInt64(digits) != nil)
        }
    }
}

extension JSONPlace {
    /// A key as a step of a JSON pointer.
    static func step(_ key: String) -> String {
        key.contains(where: { $0 == "~" || $0 == "/" })
            ? key.replacing("~", with: "~0").replacing("/", with: "~1") : key
    }
}
