import Foundation
import JSONValues
import SessionStore
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct ReplayVerbTests {
    private static func model(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/tiny-\(name).gguf").path
    }

    private let model = Self.model("e2b")
    private static let long = String(repeating: "the license of you ", count: 100)

    /// A session of two answers.
    private func conversation() throws -> Program {
        let program = try Program()
        for question in ["who wrote the license", "and who reads it"] {
            let run = try program.run(
                "ask",
                "--session",
                "s",
                "--model",
                model,
                "--context",
                "512",
                "--max-tokens",
                "20",
                "--seed",
                "3",
                question
            )
            #expect(run.status == 0)
        }
        return program
    }

    private func path(_ program: Program, _ suffix: String) throws -> String {
        let folder = program.folder + "/sessions"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        let name = try #require(names.first { $0.hasSuffix(suffix) })
        return folder + "/" + name
    }

    @Test("answers are made again from their records: the last, one by number, all of them")
    func identical() throws {
        let program = try conversation()
        let last = try program.run("sessions", "replay", "s", "--model", model)
        #expect(last.status == 0)
        #expect(last.output.hasPrefix("#2 ") && last.output.contains(": identical, "))
        let first = try program.run("sessions", "replay", "s", "--model", model, "--answer", "#1")
        #expect(first.status == 0 && first.output.hasPrefix("#1 "))
        let all = try program.run("sessions", "replay", "s", "--model", model, "--all", "--json")
        let findings = try JSONValue(parsing: all.output).arrayValue ?? []
        #expect(findings.count == 2)
        for finding in findings {
            #expect(finding["identical"] == true && finding["basis"] == "tokens")
            #expect(finding["recorded"]?.intValue ?? 0 > 0)
        }
        // An answer that was changed by hand is not what the record says.
        let path = try path(program, ".json")
        let id = try #require(findings[0]["id"]?.stringValue)
        var session = try JSONValue(parsing: String(contentsOfFile: path, encoding: .utf8))
        let messages = (session["messages"]?.arrayValue ?? []).map { message in
            guard message["id"]?.stringValue == id else { return message }
            var message = message
            message["parts"] = [["type": "text", "text": "by hand"]]
            return message
        }
        session["messages"] = .array(messages)
        try session.text(.pretty).write(toFile: path, atomically: true, encoding: .utf8)
        let edited = try program.run("sessions", "replay", "s", "--model", model, "--answer", "#1")
        #expect(edited.status == 1)
        #expect(edited.output.contains("but the session's text of it was changed since"))
        let none = try program.run("sessions", "replay", "s", "--model", model, "--answer", "#3")
        #expect(none.status == 2 && none.errors.contains("no answer \"#3\""))
    }

    @Test("a record with another token is found at that token, with exit code 1")
    func doctored() throws {
        let program = try conversation()
        let path = try path(program, ".tokens")
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        let last = try JSONValue(parsing: String(lines[lines.count - 1]))
        var record = try #require(last["record"])
        var ids = try #require(record["ids"]?.arrayValue)
        let place = ids.count / 2
        let id = try #require(ids[place].intValue)
        ids[place] = .number((id + 1) % 300)
        record["ids"] = .array(ids)
        lines[lines.count - 1] = Substring(
            String(decoding: JournalContents.line(record).dropLast(), as: UTF8.self)
        )
        try (lines.joined(separator: "\n") + "\n").write(
            toFile: path,
            atomically: true,
            encoding: .utf8
        )
        let run = try program.run("sessions", "replay", "s", "--model", model)
        #expect(run.status == 1)
        #expect(run.output.contains("differs at token \(place + 1) of \(ids.count)"))
        #expect(run.output.contains("%"))
        let json = try program.run("sessions", "replay", "s", "--model", model, "--json")
        let findings = try JSONValue(parsing: json.output).arrayValue
        let finding = try #require(findings?.first)
        #expect(json.status == 1 && finding["place"]?.intValue == place)
        #expect(finding["recorded_token"]?["id"] == ids[place])
    }

    @Test("the model is found by its hash, whatever its name; another one is exit code 3")
    func models() throws {
        let program = try conversation()
        let missing = try program.run("sessions", "replay", "s")
        #expect(missing.status == 3 && missing.errors.contains("no model here has that hash"))
        let other = try program.run("sessions", "replay", "s", "--model", Self.model("moe"))
        #expect(other.status == 3 && other.errors.contains("is another file"))
        let models = program.folder + "/models"
        try FileManager.default.createDirectory(
            atPath: models,
            withIntermediateDirectories: true
        )
        for (name, source) in [("a", "moe"), ("b", "dense"), ("c", "e2b")] {
            try FileManager.default.copyItem(
                atPath: Self.model(source),
                toPath: "\(models)/\(name).gguf"
            )
        }
        let found = try program.run(
            "sessions",
            "replay",
            "s",
            variables: ["FACET_MODELS": models]
        )
        #expect(found.status == 0 && found.output.contains("identical"))
    }

    @Test("without a record the prompt is built anew and texts are compared, and it says so")
    func withoutRecord() throws {
        let program = try conversation()
        try FileManager.default.removeItem(atPath: path(program, ".tokens"))
        let run = try program.run("sessions", "replay", "s", "--model", model, "--all")
        #expect(run.status == 0)
        #expect(run.output.contains("identical") && run.output.contains("by its text"))
    }

    @Test("a session leaves a snapshot that the next process goes on from; nothing else does")
    func snapshots() throws {
        let program = try Program()
        let folder = program.folder + "/.cache/facet/kv"
        func names() -> [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        }
        func ask(_ arguments: String...) throws -> JSONValue {
            let run = try program.run(
                ["ask", "--model", model, "--max-tokens", "8", "--output", "json"] + arguments
            )
            #expect(run.status == 0)
            let json = try JSONValue(parsing: run.output)
            return try #require(json["statistics"])
        }
        _ = try ask("--context", "2048", Self.long)
        _ = try ask("--context", "2048", "--session", "s", "--no-kv-snapshots", Self.long)
        #expect(names().isEmpty)
        let again = try ask("--context", "2048", "--session", "s", "and who reads it")
        #expect(again["reused_tokens"] == 0)
        #expect(names().count == 1 && names().allSatisfy { $0.hasSuffix(".kv") })
        let resumed = try ask("--context", "2048", "--session", "s", "and who needs it")
        #expect(resumed["reused_tokens"]?.intValue ?? 0 > 256)
        #expect(names().count == 1)
    }
}
