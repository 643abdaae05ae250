import Foundation
import JSONValues
import Testing

/// An installed program with a tiny model in the place of its own.
@Suite(.enabled(if: Program.isThere, "there is no facet beside the tests"))
struct BuiltInVerbTests {
    private let program: Program
    private let copy: String
    private let own: String

    init() throws {
        program = try Program()
        copy = program.folder + "/usr/bin/facet"
        own = program.folder + "/usr/share/facet/models/builtin.gguf"
        for file in [copy, own] {
            try FileManager.default.createDirectory(
                atPath: (file as NSString).deletingLastPathComponent,
                withIntermediateDirectories: true
            )
        }
        // A link would do, were the two folders always of one disk.
        try FileManager.default.copyItem(atPath: Program.path, toPath: copy)
        try FileManager.default.copyItem(atPath: Self.fixture("e2b"), toPath: own)
    }

    private static func fixture(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/tiny-\(name).gguf").path
    }

    private func run(_ arguments: String...) throws -> Program.Run {
        try program.run(arguments, of: copy)
    }

    private var opened: String? {
        get throws {
            try JSONValue(parsing: run("doctor", "--json").output)["model"]?["path"]?.stringValue
        }
    }

    @Test("it answers where there is no other, and says that it is only that")
    func alone() throws {
        let asked = try run("ask", "--max-tokens", "3", "--context", "512", "hello")
        #expect(asked.status == 0, "\(asked.errors)")
        #expect(asked.errors.contains("The built-in guide answers"))
        #expect(asked.errors.contains(program.folder + "/.local/share/facet/models"))
        let named = try run(
            "ask",
            "--model",
            "builtin",
            "--max-tokens",
            "3",
            "--context",
            "512",
            "hello"
        )
        #expect(named.status == 0 && !named.errors.contains("guide"), "\(named.errors)")
        let list = try run("models", "list")
        #expect(list.output.hasPrefix("builtin\t"))
        #expect(list.output.contains("\tlicence not stated\t\(own)\tbuilt in: a small guide"))
        #expect(list.errors.contains("gemma-4-E2B-it-Q4_K_M.gguf"))
        let shown = try run("models", "show", "builtin").output
        #expect(shown.contains("general.architecture") && shown.contains("\nlicence not stated\n"))
        #expect(try opened == own)
    }

    @Test("a model of the folder goes first; another program's has to be named")
    func others() throws {
        let studio = ".lmstudio/models/me/g/tiny-moe.gguf"
        try program.write("no model", to: ".lmstudio/models/me/g/broken.gguf")
        let other = program.folder + "/" + studio
        try FileManager.default.copyItem(atPath: Self.fixture("moe"), toPath: other)
        let list = try run("models", "list")
        #expect(list.output.contains("tiny-moe\t") && list.output.contains("\tLM Studio\n"))
        #expect(!list.output.contains("broken") && list.errors.isEmpty)
        #expect(try opened == own)
        #expect(try run("models", "show", "tiny-moe").output.hasPrefix(other))
        try program.write("", to: ".local/share/facet/models/mmproj-a.gguf")
        #expect(try opened == own)
        let mine = program.folder + "/.local/share/facet/models/mine.gguf"
        try FileManager.default.copyItem(atPath: Self.fixture("dense"), toPath: mine)
        #expect(try opened == mine)
        let asked = try run("ask", "--max-tokens", "2", "--context", "512", "hello")
        #expect(asked.status == 0 && !asked.errors.contains("guide"), "\(asked.errors)")
    }

    @Test("a broken file of the folder keeps nothing else from opening, and is named")
    func broken() throws {
        try program.write("GGUF, or the beginning of one", to: ".local/share/facet/models/a.gguf")
        let asked = try run("ask", "--max-tokens", "2", "--context", "512", "hello")
        #expect(asked.status == 0, "\(asked.errors)")
        #expect(asked.errors.contains("builtin opens instead of a: "))
        let list = try run("models", "list").output.split(separator: "\n")
        #expect(list.first?.hasPrefix("a\t") == true && list.first?.contains("a.gguf: ") == true)
        #expect(try run("doctor").output.contains("wrong: Can't open \(program.folder)"))
        let mine = program.folder + "/.local/share/facet/models/mine.gguf"
        try FileManager.default.copyItem(atPath: Self.fixture("dense"), toPath: mine)
        let next = try run("ask", "--max-tokens", "2", "--context", "512", "hello")
        #expect(next.status == 0 && next.errors.contains("mine opens instead of a: "))
        // Named, it is what the message is about.
        let named = try run("ask", "--model", "a", "hello")
        #expect(named.status == 3 && named.errors.contains("a.gguf"))
    }
}
