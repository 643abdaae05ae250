import Foundation
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct SessionVerbTests {
    private static let first = "01KAWQ0000000000000000000A"
    private static let second = "01KAWQ0000000000000000000B"

    /// A folder with two sessions.
    private func program() throws -> Program {
        let program = try Program()
        for (id, title) in [(Self.first, "Tides"), (Self.second, "Primes")] {
            try program.write(
                """
                {"format":1,"title":"\(title)","updated":"2026-01-01T00:00:00.000Z","messages":[
                {"id":"u1","role":"user","parts":[{"type":"text","text":"one"}]},
                {"id":"a1","role":"assistant","parts":[{"type":"text","text":"two"}]},
                {"id":"u2","role":"user","parts":[{"type":"text","text":"three"}]}]}
                """,
                to: "sessions/\(id).json"
            )
        }
        return program
    }

    private func titles(_ program: Program) throws -> [String] {
        try JSONValue(parsing: program.run("sessions", "list", "--json").output).arrayValue?
            .compactMap { $0["title"]?.stringValue } ?? []
    }

    @Test("delete says how to undo it, trash lists it, restore brings it back")
    func deletion() throws {
        let program = try program()
        let deleted = try program.run("sessions", "delete", "tides", "--json")
        #expect(deleted.status == 0)
        #expect(try JSONValue(parsing: deleted.output).arrayValue?.first?["title"] == "Tides")
        #expect(deleted.errors.contains("Undo: facet sessions restore \(Self.first)\n"))
        #expect(try titles(program) == ["Primes"])
        let trash = try program.run("sessions", "trash", "--json")
        let entry = try #require(try JSONValue(parsing: trash.output).arrayValue?.first)
        #expect(entry["id"]?.stringValue == Self.first && entry["deleted"] != nil)
        #expect(try program.run("sessions", "trash").output.contains("Tides"))
        #expect(try program.run("sessions", "restore", Self.first).status == 0)
        #expect(try Set(titles(program)) == ["Tides", "Primes"])
        #expect(try program.run("sessions", "restore", Self.first).status == 1)
    }

    @Test("of several names one is wrong: nothing is deleted; a folder of one's own is in the hint")
    func severalNames() throws {
        let program = try program()
        let run = try program.run("sessions", "delete", "Tides", "none")
        #expect(run.status == 1 && run.errors.contains("none"))
        #expect(try titles(program).count == 2)
        let folder = program.folder + "/sessions"
        let both = try program.run(
            "sessions",
            "delete",
            "Tides",
            Self.first,
            "Primes",
            "--sessions",
            folder,
            variables: ["FACET_SESSIONS": "/nowhere"]
        )
        #expect(both.status == 0)
        #expect(both.errors.contains("restore \(Self.second) --sessions \(folder)\n"))
    }

    @Test("the trash is emptied only with --yes where nobody can be asked")
    func emptying() throws {
        let program = try program()
        _ = try program.run("sessions", "delete", "Tides")
        let refused = try program.run("sessions", "trash", "--empty")
        #expect(refused.status == 2 && refused.errors.contains("--yes"))
        let young = try program.run("sessions", "trash", "--empty", "--older-than", "1", "--yes")
        #expect(young.status == 0 && young.errors.contains("Removed for good: 0"))
        #expect(try program.run("sessions", "trash", "--older-than", "1").status == 2)
        let done = try program.run("sessions", "trash", "--empty", "--yes", "--json")
        #expect(try JSONValue(parsing: done.output) == [.string(Self.first)])
        #expect(try program.run("sessions", "trash", "--json").output == "[]\n")
        #expect(try program.run("sessions", "trash", "--empty").status == 0)
    }

    @Test("rename, tag and pin change what the file says, and not when something was said")
    func labels() throws {
        let program = try program()
        #expect(try program.run("sessions", "rename", "Tides", " High\n tide ").status == 0)
        let tagged = try program.run(
            "sessions",
            "tag",
            "high tide",
            "--add",
            "sea,",
            "--add",
            "Moon"
        )
        #expect(tagged.output == "sea\nMoon\n")
        let fewer = try program.run("sessions", "tag", "high tide", "--remove", "moon")
        #expect(fewer.output == "sea\n")
        #expect(try program.run("sessions", "tag", "high tide").output == "sea\n")
        #expect(try program.run("sessions", "tag", "high tide", "--add", " , ").status == 2)
        #expect(try program.run("sessions", "pin", "high tide", "Primes").status == 0)
        #expect(try program.run("sessions", "unpin", "Primes").status == 0)
        func file(_ id: String) throws -> JSONValue {
            try JSONValue(parsing: program.run("sessions", "show", id, "--json").output)
        }
        let tides = try file(Self.first)
        #expect(tides["title"] == "High tide" && tides["tags"] == ["sea"])
        #expect(tides["pinned"] == true && tides["updated"] == "2026-01-01T00:00:00.000Z")
        #expect(try file(Self.second)["pinned"] == nil)
    }

    @Test("fork prints the new id; its messages are named as show --ids prints them")
    func fork() throws {
        let program = try program()
        let shown = try program.run("sessions", "show", "Tides", "--ids").output
        #expect(shown.contains("## you  [1  u1]") && shown.contains("[3  u2]"))
        #expect(try !program.run("sessions", "show", "Tides").output.contains("u1"))
        let run = try program.run("sessions", "fork", "Tides", "--at", "2", "--title", "Ebb")
        let id = run.output.trimmingCharacters(in: .newlines)
        #expect(run.status == 0 && id.count == 26)
        let fork = try JSONValue(parsing: program.run("sessions", "show", id, "--json").output)
        #expect(fork["path"] == ["u1", "a1"] && fork["title"] == "Ebb")
        #expect(fork["forked_from"] == ["message": "a1", "session": .string(Self.first)])
        let wrong = try program.run("sessions", "fork", "Tides", "--at", "7")
        #expect(wrong.status == 1 && wrong.errors.contains("--ids"))
    }
}
