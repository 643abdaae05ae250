import Conversation
import Foundation
import JSONValues
import SeededRandom
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
        let schema = try #require(JSONSchema.ofSessions())
        var random = SeededGenerator(state: 11)
        for _ in 0..<50 {
            let session = StoredSession(RandomTree.transcript(using: &random))
            let json = SessionFormat.json(session)
            #expect(schema.violations(of: ours(json), isComplete: true) == [])
        }
    }

    @Test("the fixtures of this format are what the schema says")
    func fixtures() throws {
        let schema = try #require(JSONSchema.ofSessions())
        let folder = Self.sessions.deletingLastPathComponent()
            .appendingPathComponent("Tests/Fixtures/sessions/format-1")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".json") }
        #expect(names.count == 4)
        for name in names {
            let data = try Data(contentsOf: folder.appendingPathComponent(name))
            let json = try JSONValue(parsing: [UInt8](data))
            #expect(schema.violations(of: ours(json), isComplete: true) == [], "\(name)")
        }
    }

    @Test("the schema that is part of the program is the published one")
    func published() throws {
        let inside = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Sources/SessionStore/Checking/schema.json")
        #expect(try [UInt8](Data(contentsOf: inside)) == bytes("schema.json"))
    }

    @Test("the schema finds a wrong type, a missing field, a bad form, a number out of range")
    func violations() throws {
        let schema = try #require(JSONSchema.ofSessions())
        let json = try JSONValue(
            parsing: """
                {"format": 2, "updated": "soon", "tags": ["a", 1], "pinned": "yes", "sampling":
                {"seed": -1}, "messages": [{"parts": []}, {"role": "x"}], "more/of~it": 1}
                """
        )
        let found = schema.violations(of: json, isComplete: true)
        #expect(
            found.map(\.pointer).sorted() == [
                "/format", "/messages/0", "/messages/1/role", "/more~1of~0it", "/pinned",
                "/sampling/seed", "/tags/1", "/updated",
            ]
        )
        #expect(schema.violations(of: json).count == 7)
        #expect(schema.violations(of: json, limit: 2).count == 2)
    }

    /// Without what begins with `x_`, which is somebody else's.
    private func ours(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items):
            .array(
                items.filter { $0["type"]?.stringValue?.hasPrefix("x_") != true }.map(ours)
            )
        case .object(let members):
            .object(
                members.filter { !$0.key.hasPrefix("x_") }.map { .init($0.key, ours($0.value)) }
            )
        default: value
        }
    }
}
