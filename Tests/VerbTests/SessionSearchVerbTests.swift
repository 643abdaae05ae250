import Foundation
import Glibc
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct SessionSearchVerbTests {
    private let first = "01KAWQ0000000000000000000A"
    private let second = "01KAWQ0000000000000000000B"

    private func program() throws -> Program {
        let program = try Program()
        try program.write(
            #"""
            {"format":1,"title":"Primes","updated":"2026-01-02T00:00:00.000Z","tags":["maths"],
             "model":"e2b","messages":[
              {"id":"u1","created":"2026-01-01T10:00:00.000Z","role":"user",
               "parts":[{"type":"text","text":"Hello.\nIs 1001 prime?\u001b[31m\nBye."}]},
              {"id":"a1","created":"2026-01-01T10:00:01.000Z","role":"assistant",
               "thoughts":[{"text":"Seven times 143."}],
               "parts":[{"type":"text","text":"No, 1001 is not a prime."}]}]}
            """#,
            to: "sessions/\(first).json"
        )
        try program.write(
            #"""
            {"format":1,"pinned":true,"updated":"2025-01-02T00:00:00.000Z","messages":[
              {"id":"u1","created":"2025-01-01T10:00:00.000Z","role":"user",
               "parts":[{"type":"text","text":"Prime time"}]}]}
            """#,
            to: "sessions/\(second).json"
        )
        return program
    }

    @Test("the list has pinned sessions first and whole lines, and filters it")
    func list() throws {
        let program = try program()
        for _ in 0..<2 {
            let list = try program.run("sessions", "list")
            #expect(list.status == 0)
            #expect(
                list.output == """
                    \(second)  2025-01-02T00:00:00Z  1 messages  Prime time  [pinned]
                    \(first)  2026-01-02T00:00:00Z  2 messages  Primes  #maths

                    """
            )
            #expect(list.errors.contains("2 in \(program.folder)/sessions"))
        }
        for filter in [
            ["--tag", "MATHS"], ["--model", "E2"], ["--since", "2025-06-01"],
            ["--role", "assistant"],
        ] {
            let run = try program.run("sessions", "list", filter[0], filter[1])
            #expect(run.output.hasPrefix(first) && !run.output.contains(second), "\(filter)")
        }
        #expect(try program.run("sessions", "list", "--pinned").output.hasPrefix(second))
        let none = try program.run("sessions", "list", "--has", "picture")
        #expect(none.output.isEmpty && none.errors.contains("0 in "), "\(none.errors)")
        let wrong = try program.run("sessions", "list", "--before", "yesterday")
        #expect(wrong.status == 2)
        #expect(wrong.errors.contains("--before \"yesterday\" is no time."))
    }

    @Test("a search prints session, lines around and role, the newest session first")
    func search() throws {
        let run = try program().run("sessions", "search", "prime")
        #expect(run.status == 0 && run.errors.isEmpty)
        #expect(
            run.output == """
                \(first)  2026-01-02  Primes
                  user- Hello.
                  user: Is 1001 prime?\u{FFFD}[31m
                  user- Bye.
                  --
                  assistant: No, 1001 is not a prime.

                \(second)  2025-01-01  Prime time
                  user: Prime time

                """
        )
    }

    @Test("filters, thoughts, phrases and exit codes of a search")
    func options() throws {
        let program = try program()
        func hits(_ arguments: String...) throws -> Int32 {
            try program.run(["sessions", "search", "--context", "0"] + arguments).status
        }
        #expect(try hits("seven") == 0)
        #expect(try hits("seven", "--thoughts") == 0)
        #expect(try hits("seven", "--no-thoughts") == 1)
        #expect(try hits("prime", "--thoughts") == 1)
        #expect(try hits("not a prime") == 0)
        #expect(try hits("prime a not") == 1)
        #expect(try hits("prime", "not") == 0)
        #expect(try hits("prime", "--role", "tool") == 1)
        #expect(try hits("prime", "--tag", "none") == 1)
        let none = try program.run("sessions", "search", "xylophone")
        #expect(none.status == 1 && none.output.isEmpty)
        #expect(none.errors.contains("Nothing in \(program.folder)/sessions has all of: xylophone"))
        #expect(try program.run("sessions", "search", "?!").errors.contains("no letter or digit"))
        #expect(try program.run("sessions", "search").status == 2)
    }

    @Test("as JSON a hit has its session, message, place, lines and matches")
    func json() throws {
        let program = try program()
        let run = try program.run("sessions", "search", "--json", "--limit", "1", "seven")
        let hits = try JSONValue(parsing: run.output)
        let hit = try #require(hits.arrayValue?.first)
        #expect(hit["session"]?.stringValue == first)
        #expect(hit["message"]?.stringValue == "a1")
        #expect(hit["role"]?.stringValue == "assistant")
        let excerpt = hit["excerpts"]?.arrayValue?.first
        #expect(excerpt?["place"] == "thought")
        let line: JSONValue = ["number": 1, "text": "Seven times 143.", "matches": [[0, 5]]]
        #expect(excerpt?["lines"]?.arrayValue?.first?["matches"] == line["matches"])
        #expect(excerpt?["lines"]?.arrayValue?.first?["text"] == line["text"])
        let none = try program.run("sessions", "search", "--json", "xylophone")
        #expect(none.status == 1 && none.output == "[]\n")
    }

    @Test("killed at any moment while it indexes, it leaves nothing behind after the next start")
    func killed() throws {
        let program = try Program()
        let text = String(repeating: "some words of a long message ", count: 400)
        for number in 0..<300 {
            let id = "01KAWQ" + String(repeating: "0", count: 17) + String(1000 + number).suffix(3)
            try program.write(
                #"{"format":1,"messages":[{"role":"user","parts":[{"type":"text","text":"\#(text)"}]}]}"#,
                to: "sessions/\(id).json"
            )
        }
        let index = program.folder + "/.cache/facet/index"
        var killed = 0
        for round in 0..<20 {
            let process = Process()
            process.executableURL = URL(filePath: Program.path)
            process.arguments = ["sessions", "list", "--json"]
            process.environment = [
                "HOME": program.folder, "FACET_SESSIONS": program.folder + "/sessions",
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32(5_000 + round % 5 * 40_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .uncaughtSignal { killed += 1 }
            if round % 5 == 4, round < 19 { try? FileManager.default.removeItem(atPath: index) }
        }
        #expect(killed >= 4)
        let list = try program.run("sessions", "list")
        #expect(list.output.split(separator: "\n").count == 300)
        let search = try program.run("sessions", "search", "--json", "--limit", "1000", "message")
        #expect(try JSONValue(parsing: search.output).arrayValue?.count == 300)
        let left = try FileManager.default.contentsOfDirectory(atPath: index)
        #expect(left.count == 1 && left[0].hasSuffix(".sqlite"), "\(left)")
    }
}
