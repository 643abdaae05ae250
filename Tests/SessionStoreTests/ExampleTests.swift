import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

@Suite struct PublishedExample {
    private static let sessions = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Sessions")

    private func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: Self.sessions.appendingPathComponent(name)))
    }

    @Test("every example opens and is written back byte for byte")
    func roundTrip() throws {
        let folder = Self.sessions.appendingPathComponent("examples").path
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(!names.isEmpty)
        for name in names {
            let id = String(name.dropLast(5))
            #expect(ULID(id) != nil && name.hasSuffix(".json"))
            let text = try bytes("examples/\(name)")
            let session = try SessionFormat.session(from: text, id: id, modified: Date())
            let isSame = SessionFormat.bytes(session) == text
            #expect(isSame, "\(name)")
            #expect(session.extras == SessionExtras())
        }
    }

    @Test("the example shows a thought, a tool call, its result and a branch")
    func content() throws {
        let id = "01KAWX3V8BQ2ZJ5H7M9T4R6C1D"
        let session = try SessionFormat.session(
            from: bytes("examples/\(id).json"),
            id: id,
            modified: Date()
        )
        let messages = session.transcript.messages
        #expect(messages.contains { !$0.thoughts.isEmpty })
        #expect(messages.contains { !$0.toolCalls.isEmpty })
        #expect(messages.contains { !$0.toolResults.isEmpty })
        #expect(messages.contains { session.transcript.siblings(of: $0.id).count > 1 })
    }

    @Test("the schema names every field that is written")
    func schema() throws {
        let schema = try JSONValue(parsing: bytes("schema.json"))
        var random = SeededGenerator(state: 11)
        for _ in 0..<50 {
            let session = StoredSession(RandomTree.transcript(using: &random))
            try compare(SessionFormat.json(session), with: schema, root: schema, at: "")
        }
    }

    @Test("the fixtures of this format are what the schema says")
    func fixtures() throws {
        let schema = try JSONValue(parsing: bytes("schema.json"))
        let folder = Self.sessions.deletingLastPathComponent()
            .appendingPathComponent("Tests/Fixtures/sessions/format-1")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }
        #expect(names.count == 4)
        for name in names {
            let data = try Data(contentsOf: folder.appendingPathComponent(name))
            try compare(JSONValue(parsing: [UInt8](data)), with: schema, root: schema, at: name)
        }
    }

    private func types(of value: JSONValue) -> [String] {
        switch value {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .number(let digits):
            digits.contains(where: ".eE".contains) ? ["number"] : ["number", "integer"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }

    /// Looks up each key of a value in the schema's properties, each text in its enums, each type.
    ///
    /// Keys and types that begin with `x_` are somebody else's.
    private func compare(
        _ value: JSONValue,
        with schema: JSONValue,
        root: JSONValue,
        at pointer: String
    ) throws {
        if value["type"]?.stringValue?.hasPrefix("x_") == true { return }
        var schema = schema
        if let name = schema["$ref"]?.stringValue?.split(separator: "/").last {
            schema = try #require(root["$defs"]?[String(name)], "\(pointer)")
        }
        if let choices = schema["enum"]?.arrayValue {
            #expect(choices.contains(value), "\(pointer)")
        }
        if let type = schema["type"] {
            let allowed = Set((type.arrayValue ?? [type]).compactMap(\.stringValue))
            #expect(!allowed.isDisjoint(with: types(of: value)), "\(pointer)")
        }
        if let items = value.arrayValue, let item = schema["items"] {
            for (index, value) in items.enumerated() {
                try compare(value, with: item, root: root, at: "\(pointer)/\(index)")
            }
        }
        guard let members = value.objectValue, let properties = schema["properties"] else { return }
        for member in members where !member.key.hasPrefix("x_") {
            let property = try #require(properties[member.key], "\(pointer)/\(member.key)")
            try compare(member.value, with: property, root: root, at: "\(pointer)/\(member.key)")
        }
        for key in schema["required"]?.arrayValue ?? [] {
            #expect(members.contains { $0.key == key.stringValue }, "\(pointer)")
        }
    }
}
