import Foundation
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct CheckVerbTests {
    private static let orphan = "01KAWQ0000000000000000000A"
    private static let broken = "01KAWQ0000000000000000000B"

    private func program() throws -> Program {
        let program = try Program()
        try program.write(
            """
            {"format":1,"messages":[
            {"id":"u1","parent":"gone","role":"user","parts":[{"type":"text","text":"one"}]}]}
            """,
            to: "sessions/\(Self.orphan).json"
        )
        try program.write("{\"format\":1,\n\"messages\":[{]}", to: "sessions/\(Self.broken).json")
        return program
    }

    @Test("check names file, line, column and pointer, changes nothing, and exits with 6")
    func check() throws {
        let program = try program()
        func contents() -> [Data?] {
            [Self.orphan, Self.broken].map {
                FileManager.default.contents(atPath: program.folder + "/sessions/\($0).json")
            }
        }
        let before = contents()
        let run = try program.run("sessions", "check")
        #expect(run.status == 6)
        #expect(contents() == before && before.allSatisfy { $0 != nil })
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains("\(Self.orphan).json:2:21 (/messages/0/parent)") == true)
        #expect(lines.last?.contains("\(Self.broken).json:2:14") == true)
        #expect(run.errors.contains("2 sessions, 0 in the trash, 0 attachments: 2 faults, 0 notes"))
        let names = try FileManager.default.contentsOfDirectory(
            atPath: program.folder + "/sessions"
        )
        #expect(names.sorted() == ["\(Self.orphan).json", "\(Self.broken).json"])
        let one = try program.run("sessions", "check", Self.orphan, "--json")
        #expect(one.status == 6)
        let value = try JSONValue(parsing: one.output)
        #expect(value["findings"]?.arrayValue?.first?["kind"] == "unknown_parent")
        #expect(value["sessions"] == 1)
        #expect(try program.run("sessions", "check", "none").status == 1)
    }

    @Test("a session in the trash is found by its whole id, too")
    func trashed() throws {
        let program = try Program()
        let id = "01KAWQ0000000000000000000A"
        try program.write(
            #"{"format":1,"messages":[{"role":"user","parts":[{"type":"text","text":"hi"}]}]}"#,
            to: "sessions/\(id).json"
        )
        #expect(try program.run("sessions", "delete", id).status == 0)
        let run = try program.run("sessions", "check", id)
        #expect(run.status == 0, "\(run.errors)")
        let none = try program.run("sessions", "check", id.replacing("A", with: "B"))
        #expect(none.status == 1 && none.errors.contains("No session"))
    }

    @Test("a repair says what it did; after it nothing is wrong")
    func repair() throws {
        let program = try program()
        let run = try program.run("sessions", "check", "--repair")
        #expect(run.status == 0)
        #expect(run.output.contains("-> done: it begins a branch of its own; the file as it was:"))
        #expect(run.output.contains("-> done: moved to \(Self.broken).json.damaged-"))
        let again = try program.run("sessions", "check")
        #expect(again.status == 0)
        #expect(again.errors.contains("0 faults, 1 notes"))
        #expect(try program.run("sessions", "show", Self.orphan).output.contains("one"))
    }

    @Test("prune moves what the configured rule says, and nothing without one")
    func prune() throws {
        let program = try Program()
        func date(_ days: Double) -> String {
            Date().addingTimeInterval(-days * 86_400).formatted(.iso8601)
        }
        for number in 0..<4 {
            let dates = "\"updated\":\"\(date(Double(number) * 20))\""
            try program.write(
                "{\"format\":1,\(dates),\"title\":\"\(number)\",\"messages\":[]}",
                to: "sessions/01KAWQ000000000000000000\(number)0.json"
            )
        }
        #expect(try program.run("sessions", "prune").status == 2)
        let file = ".config/facet/config.toml"
        try program.write("[retention]\nkeep_days = 30\n", to: file)
        let dry = try program.run("sessions", "prune", "--dry-run", "--json")
        #expect(try JSONValue(parsing: dry.output)["would_move"]?.arrayValue?.count == 2)
        #expect(try program.run("sessions", "trash").output.isEmpty)
        let run = try program.run("sessions", "prune")
        #expect(run.status == 0 && run.output.split(separator: "\n").count == 2)
        #expect(run.errors.contains("Moved to the trash: 2."))
        #expect(try program.run("sessions", "trash").output.split(separator: "\n").count == 2)
        let doctor = try program.run("doctor", "--json")
        let settings = try JSONValue(parsing: doctor.output)["settings"]
        #expect(settings?["retention.keep_days"]?["value"] == 30)
        #expect(settings?["retention.trash_days"]?["value"] == .null)
        // The interface applies it when it starts: both are brought back first.
        for number in 2..<4 {
            let back = try program.run("sessions", "restore", "01KAWQ000000000000000000\(number)0")
            #expect(back.status == 0)
        }
        try program.write("{\"answers\":[{\"text\":\"hello\"}]}", to: "work/script.json")
        let start = try program.run("--plain", "--rehearse", "script.json")
        #expect(start.output.contains("By your retention rule 2 sessions"))
        #expect(try program.run("sessions", "trash").output.split(separator: "\n").count == 2)
    }
}
