import Foundation
import JSONValues
import Testing

@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct ExchangeVerbTests {
    private let transcript = "# Trip\n\n## User\n\nWhere to?\n\n## Assistant\n\nNorth.\n"

    @Test("a transcript becomes a session, whose exports become sessions again")
    func around() throws {
        let program = try Program()
        try program.write(transcript, to: "work/t")
        let run = try program.run("sessions", "import", "t")
        #expect(run.status == 0)
        #expect(run.errors.contains("t is a Markdown transcript: 2 messages."))
        let id = run.output.trimmingCharacters(in: .newlines)
        #expect(id.count == 26)
        for format in ["md", "html", "json", "jsonl"] {
            let export = try program.run("sessions", "export", id, "--format", format)
            #expect(export.status == 0)
            try program.write(export.output, to: "work/copy.\(format)")
            let again = try program.run("sessions", "import", "copy.\(format)", "--json")
            let value = try JSONValue(parsing: again.output).arrayValue?.first
            #expect(value?["messages"]?.intValue == 2)
            let copy = try #require(value?["id"]?.stringValue)
            #expect(copy != id)
            #expect(try program.run("sessions", "show", copy).output.contains("North."))
        }
        #expect(try program.run("sessions", "list").output.split(separator: "\n").count == 5)
    }

    @Test("one bad file keeps no other from being imported")
    func some() throws {
        let program = try Program()
        try program.write(transcript, to: "work/good.md")
        try program.write("nothing here", to: "work/bad.md")
        let run = try program.run("sessions", "import", "bad.md", "good.md", "none.md")
        #expect(run.status == 1)
        #expect(run.output.split(separator: "\n").count == 1)
        #expect(run.errors.contains("Can't import bad.md: nothing in it says who speaks"))
        #expect(run.errors.contains("Can't read none.md"))
        #expect(run.errors.contains("2 of 3 files were not imported."))
    }

    @Test("an import keeps the id it had where that is free, and carries its files along")
    func files() throws {
        let program = try Program()
        let id = "01KAWQ0000000000000000000A"
        // SHA-256 of "hello".
        let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        let part = "{\"type\":\"file\",\"name\":\"h.txt\",\"hash\":\"\(hash)\",\"size\":5}"
        try program.write(
            "{\"format\":1,\"id\":\"\(id)\",\"messages\":[{\"role\":\"user\",\"parts\":[\(part)]}]}",
            to: "work/other/\(id).json"
        )
        try program.write("hello", to: "work/other/attachments/\(hash).txt")
        let run = try program.run("sessions", "import", "other/\(id).json")
        #expect(run.output == id + "\n")
        #expect(!run.errors.contains("Not carried"))
        let copy = program.folder + "/sessions/attachments/\(hash).txt"
        #expect(try String(contentsOfFile: copy, encoding: .utf8) == "hello")
        let page = try program.run("sessions", "export", id, "--format", "html")
        #expect(page.output.contains("href=\"data:text/plain;base64,aGVsbG8=\""))
        // A changed copy is not passed on.
        try program.write("hellO", to: "sessions/attachments/\(hash).txt")
        let without = try program.run("sessions", "export", id, "--format", "html")
        #expect(without.errors.contains("h.txt, whose file is not there or was changed"))
        #expect(!without.output.contains("data:text"))
    }
}
