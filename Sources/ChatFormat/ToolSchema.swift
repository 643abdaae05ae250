package import JSONValues

/// Brings a JSON schema into the form the tool notation can express.
package enum ToolSchema {
    private static let depthLimit = 16
    /// Schemas within one, references put in place: far more than a model could read.
    private static let sizeLimit = 4096

    /// The schema of a tool's arguments, always an object with `type` and `properties`.
    ///
    /// References are put in place, `["string", "null"]` and `anyOf` with null become nullable, a
    /// missing type is inferred, and what the notation drops or would misread is removed.
    package static func normalised(_ schema: JSONValue) -> JSONValue {
        var room = sizeLimit
        var out = normalised(schema, root: schema, depth: 0, &room)
        if out["type"] != "object" {
            out = ["type": "object"]
        }
        if out["properties"] == nil { out["properties"] = .object([]) }
        return out
    }

    private static func normalised(
        _ schema: JSONValue,
        root: JSONValue,
        depth: Int,
        _ room: inout Int
    ) -> JSONValue {
        room -= 1
        guard depth < depthLimit, room > 0 else { return ["type": "object", "properties": [:]] }
        guard case .object = schema else { return ["type": "string"] }
        var source = schema
        // A reference to itself would never end, and several in one would grow without end: the
        // limits cut them.
        if let reference = source["$ref"]?.stringValue, let target = find(reference, in: root) {
            var resolved = normalised(target, root: root, depth: depth + 1, &room)
            if let description = source["description"] { resolved["description"] = description }
            return resolved
        }
        for key in ["anyOf", "oneOf"] {
            guard source["type"] == nil, let choices = source[key]?.arrayValue else { continue }
            let real = choices.filter { $0["type"] != "null" }
            guard let first = real.first else { continue }
            var resolved = normalised(first, root: root, depth: depth + 1, &room)
            if real.count < choices.count { resolved["nullable"] = true }
            if let description = source["description"] { resolved["description"] = description }
            return resolved
        }
        if let types = source["type"]?.arrayValue {
            let real = types.filter { $0 != "null" }
            source["type"] = real.first ?? "string"
            if real.count < types.count { source["nullable"] = true }
        }
        let type = source["type"]?.stringValue?.lowercased() ?? inferredType(source)
        var members: [JSONValue.Member] = []
        if let description = source["description"]?.stringValue {
            members.append(.init("description", .string(description)))
        }
        members.append(.init("type", .string(type)))
        if source["nullable"] == true { members.append(.init("nullable", true)) }
        switch type {
        case "string":
            if let choices = source["enum"]?.arrayValue?.filter({ !$0.isNull }), !choices.isEmpty {
                members.append(.init("enum", .array(choices)))
            }
        case "array":
            if let items = source["items"], items.objectValue != nil {
                let items = normalised(items, root: root, depth: depth + 1, &room)
                members.append(.init("items", items))
            }
        case "object":
            let properties = (source["properties"]?.objectValue ?? []).map {
                JSONValue.Member($0.key, normalised($0.value, root: root, depth: depth + 1, &room))
            }
            members.append(.init("properties", .object(properties)))
            if let required = source["required"]?.arrayValue, !required.isEmpty {
                members.append(.init("required", .array(required)))
            }
        default: break
        }
        return .object(members)
    }

    private static func inferredType(_ schema: JSONValue) -> String {
        if schema["properties"] != nil { return "object" }
        if schema["items"] != nil { return "array" }
        switch schema["enum"]?.arrayValue?.first {
        case .number(let digits): return Int(digits) == nil ? "number" : "integer"
        case .bool: return "boolean"
        default: return "string"
        }
    }

    /// The place a reference like `#/$defs/Name` names.
    private static func find(_ reference: String, in root: JSONValue) -> JSONValue? {
        guard reference.hasPrefix("#/") else { return nil }
        var place = root
        for step in reference.dropFirst(2).split(separator: "/") {
            guard let next = place[String(step)] else { return nil }
            place = next
        }
        return place
    }
}
