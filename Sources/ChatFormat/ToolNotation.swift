import JSONValues
import Tokenization

/// Writes declarations, calls and results of tools in the notation of Gemma 4.
///
/// Strings stand between quote tokens and are never escaped; members are sorted without regard to
/// case.
struct ToolNotation {
    /// How null is written, the one difference between the templates in values.
    var null = "null"
    /// The older template loses parameters that are named like a keyword of JSON schema.
    var dropsKeywordNames = false

    /// Writes `call:name{...}` between its tokens.
    func call(_ call: ChatToolCall, into out: inout SegmentBuilder) {
        out.add(.toolCallOpen)
        out.add("call:\(call.name){")
        switch call.arguments {
        case .object(let members): pairs(members, into: &out)
        case .string(let raw): out.add(raw)
        default: break
        }
        out.add("}")
        out.add(.toolCallClose)
    }

    /// Writes `response:name{...}` between its tokens.
    func response(_ name: String, _ value: JSONValue, into out: inout SegmentBuilder) {
        out.add(.toolResponseOpen)
        out.add("response:\(name){")
        if case .object(let members) = value {
            pairs(members, into: &out)
        } else {
            out.add("value:")
            self.value(value, into: &out)
        }
        out.add("}")
        out.add(.toolResponseClose)
    }

    /// Writes `declaration:name{...}` between its tokens.
    func declaration(_ tool: JSONValue, into out: inout SegmentBuilder) {
        let function = tool["function"] ?? tool
        out.add(.toolOpen)
        out.add("declaration:\(function["name"]?.stringValue ?? ""){description:")
        out.addQuoted(function["description"]?.stringValue ?? "")
        if let parameters = function["parameters"], Self.isTruthy(parameters) {
            out.add(",parameters:{")
            if let properties = parameters["properties"]?.objectValue, !properties.isEmpty {
                out.add("properties:{")
                self.properties(properties, into: &out)
                out.add("},")
            }
            if let required = parameters["required"]?.arrayValue, !required.isEmpty {
                self.required(required, into: &out)
                out.add(",")
            }
            if let type = parameters["type"], Self.isTruthy(type) {
                out.add("type:")
                self.type(type, into: &out)
                out.add("}")
            }
        }
        if let response = function["response"], !response.isNull {
            out.add(",response:{")
            if let description = response["description"]?.stringValue, !description.isEmpty {
                out.add("description:")
                out.addQuoted(description)
                out.add(",")
            }
            if let type = response["type"], type.stringValue?.uppercased() == "OBJECT" {
                out.add("type:")
                self.type(type, into: &out)
                out.add("}")
            }
        }
        out.add("}")
        out.add(.toolClose)
    }

    // MARK: - Values

    private func pairs(
        _ members: [JSONValue.Member],
        quotesKeys: Bool = false,
        into out: inout SegmentBuilder
    ) {
        for (index, member) in Self.sorted(members).enumerated() {
            if index > 0 { out.add(",") }
            if quotesKeys { out.addQuoted(member.key) } else { out.add(member.key) }
            out.add(":")
            value(member.value, quotesKeys: quotesKeys, into: &out)
        }
    }

    private func value(
        _ value: JSONValue,
        quotesKeys: Bool = false,
        into out: inout SegmentBuilder
    ) {
        switch value {
        case .null: out.add(null)
        case .bool(let flag): out.add(flag ? "true" : "false")
        case .number(let digits): out.add(TemplateText.number(digits))
        case .string(let text): out.addQuoted(text)
        case .array(let items):
            out.add("[")
            for (index, item) in items.enumerated() {
                if index > 0 { out.add(",") }
                self.value(item, quotesKeys: quotesKeys, into: &out)
            }
            out.add("]")
        case .object(let members):
            out.add("{")
            pairs(members, quotesKeys: quotesKeys, into: &out)
            out.add("}")
        }
    }

    /// Members by lower-cased key, scalar by scalar; equal keys stay in their order.
    private static func sorted(_ members: [JSONValue.Member]) -> [JSONValue.Member] {
        members.enumerated()
            .map { (key: $1.key.lowercased().unicodeScalars.map(\.value), place: $0, member: $1) }
            .sorted {
                $0.key.lexicographicallyPrecedes($1.key)
                    || ($0.key == $1.key && $0.place < $1.place)
            }
            .map(\.member)
    }

    // MARK: - Schemas

    private static let keywords: Set<String> = [
        "description", "type", "properties", "required", "nullable",
    ]

    private func properties(_ members: [JSONValue.Member], into out: inout SegmentBuilder) {
        var kept = members
        if dropsKeywordNames { kept.removeAll { Self.keywords.contains($0.key) } }
        for (index, member) in Self.sorted(kept).enumerated() {
            if index > 0 { out.add(",") }
            out.add("\(member.key):{")
            property(member.value, into: &out)
            out.add("}")
        }
    }

    private func property(_ schema: JSONValue, into out: inout SegmentBuilder) {
        if let description = schema["description"]?.stringValue, !description.isEmpty {
            out.add("description:")
            out.addQuoted(description)
            out.add(",")
        }
        switch schema["type"]?.stringValue?.uppercased() {
        case "STRING":
            if let choices = schema["enum"]?.arrayValue, !choices.isEmpty {
                out.add("enum:")
                value(.array(choices), into: &out)
                out.add(",")
            }
        case "ARRAY":
            if let items = schema["items"]?.objectValue, !items.isEmpty {
                out.add("items:{")
                self.items(items, into: &out)
                out.add("},")
            }
        default: break
        }
        if let nullable = schema["nullable"], Self.isTruthy(nullable) { out.add("nullable:true,") }
        if schema["type"]?.stringValue?.uppercased() == "OBJECT" {
            out.add("properties:{")
            if let members = schema["properties"]?.objectValue {
                properties(members, into: &out)
            } else {
                // Without `properties` the template takes the schema's other members for them.
                let rest = (schema.objectValue ?? []).filter { !Self.keywords.contains($0.key) }
                properties(rest, into: &out)
            }
            out.add("},")
            if let required = schema["required"]?.arrayValue, !required.isEmpty {
                self.required(required, into: &out)
                out.add(",")
            }
        }
        out.add("type:")
        type(schema["type"] ?? "", into: &out)
    }

    private func items(_ members: [JSONValue.Member], into out: inout SegmentBuilder) {
        var isFirst = true
        for member in Self.sorted(members) where !member.value.isNull {
            if !isFirst { out.add(",") }
            isFirst = false
            switch member.key {
            case "properties":
                out.add("properties:{")
                properties(member.value.objectValue ?? [], into: &out)
                out.add("}")
            case "required": required(member.value.arrayValue ?? [], into: &out)
            case "type":
                out.add("type:")
                if let types = member.value.arrayValue {
                    let upper = types.map { JSONValue.string(($0.stringValue ?? "").uppercased()) }
                    value(.array(upper), into: &out)
                } else {
                    type(member.value, into: &out)
                }
            default:
                out.add("\(member.key):")
                value(member.value, quotesKeys: true, into: &out)
            }
        }
    }

    private func required(_ names: [JSONValue], into out: inout SegmentBuilder) {
        out.add("required:[")
        for (index, name) in names.enumerated() {
            if index > 0 { out.add(",") }
            out.addQuoted(name.stringValue ?? name.text())
        }
        out.add("]")
    }

    private func type(_ type: JSONValue, into out: inout SegmentBuilder) {
        switch type {
        case .string(let name): out.addQuoted(name.uppercased())
        case .array(let names):
            // The template prints a Python list; `ToolSchema.normalised` avoids this case.
            let list = names.map { "'\(($0.stringValue ?? "").uppercased())'" }
            out.addQuoted("[" + list.joined(separator: ", ") + "]")
        default: out.addQuoted("")
        }
    }

    static func isTruthy(_ value: JSONValue) -> Bool {
        switch value {
        case .null: false
        case .bool(let flag): flag
        case .number: value.doubleValue != 0
        case .string(let text): !text.isEmpty
        case .array(let items): !items.isEmpty
        case .object(let members): !members.isEmpty
        }
    }
}
