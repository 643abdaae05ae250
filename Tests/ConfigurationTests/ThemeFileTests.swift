import Configuration
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct ThemeFileTests {
    private let folder = TemporaryFolder()

    private func theme(_ text: String, name: String = "mine") throws -> Theme {
        try folder.write(text, to: "\(name).toml")
        return try ThemeLibrary(folder: folder.path).theme(named: name)
    }

    /// The sentence about a theme that cannot be taken.
    private func complaint(_ text: String, name: String = "mine") -> String {
        do {
            _ = try theme(text, name: name)
            return "(nothing)"
        } catch let problems as FileProblems {
            return problems.userMessage.replacing(folder.path + "/", with: "")
        } catch { return "\(error)" }
    }

    @Test("a theme that extends another changes what it names and keeps the rest")
    func extending() throws {
        let mine = try theme(
            """
            extends = "dark"
            background = "#101010"

            [inks]
            error = { color = "#ff8800", underline = true }
            """
        )
        let dark = try ThemeLibrary(folder: folder.path).theme(named: "dark")
        #expect(mine.name == "mine")
        #expect(mine.background == RGB(0x10, 0x10, 0x10))
        #expect(mine[.error] == Style(.rgb(0xFF, 0x88, 0), on: .terminal, .underline))
        for ink in Ink.allCases where ink != .error { #expect(mine[ink] == dark[ink]) }
    }

    @Test("a colour of the palette that is changed changes every ink that uses it")
    func palette() throws {
        let mine = try theme(
            """
            extends = "dark"
            [palette]
            blue = "#aabbcc"
            """
        )
        #expect(mine[.user].foreground == .rgb(0xAA, 0xBB, 0xCC))
        #expect(mine[.heading].foreground == .rgb(0xAA, 0xBB, 0xCC))
    }

    @Test("one's own theme stands for the built-in one of its name, and may begin with it")
    func ownName() throws {
        let mine = try theme("extends = \"dark\"\ntext = \"#fefefe\"", name: "dark")
        #expect(mine.text == RGB(0xFE, 0xFE, 0xFE))
        let entries = ThemeLibrary(folder: folder.path).entries()
        #expect(entries.filter { $0.name == "dark" }.count == 1)
        #expect(entries.last?.origin == .file(folder.path + "/dark.toml"))
    }

    @Test("a painted theme gives text and background colours of their own")
    func painting() throws {
        let mine = try theme(
            """
            extends = "dark"
            background = "#102030"
            text = "#f0f0f0"
            paint_background = true
            """
        )
        #expect(mine[.text] == Style(.rgb(0xF0, 0xF0, 0xF0), on: .rgb(0x10, 0x20, 0x30)))
        #expect(mine[.user].background == .rgb(0x10, 0x20, 0x30))
        #expect(mine[.status].background == .rgb(0x30, 0x34, 0x3B))
    }

    @Test(
        "what is wrong with a theme is said with its line and what to do",
        arguments: [
            (
                "extends = \"dark\"\n[inks]\nusr = { bold = true }",
                "mine.toml:3: \"usr\" is not an ink. Did you mean \"user\"? "
                    + "Themes/README.md lists them."
            ),
            (
                "extends = \"dark\"\n[inks]\nuser = { colr = \"#ffffff\" }",
                "mine.toml:3: \"colr\" is not a key of an ink. Did you mean \"color\"? "
                    + "The keys are color, on, bold, dim, italic, underline, reverse."
            ),
            (
                "extends = \"dark\"\n[inks.user]\nbold = 1\n",
                "mine.toml:3: \"bold\" is a whole number, but has to be true or false, "
                    + "without quotes."
            ),
            (
                "extends = \"dark\"\n\n[inks]\nuser = { color = \"bleu\" }",
                "mine.toml:4: \"bleu\" is not a colour. Did you mean \"blue\"? "
                    + "Write \"#rrggbb\", \"terminal\", \"text\", \"background\" "
                    + "or a name of [palette]."
            ),
            (
                "extends = \"dark\"\nbackground = \"#fff\"",
                "mine.toml:2: \"background\" is \"#fff\", but has to be a colour like \"#8ab4f8\"."
            ),
            (
                "extends = \"drak\"",
                "mine.toml: extends: There is no theme \"drak\". Did you mean \"dark\"? "
                    + "The themes are dark, light, high-contrast-dark, high-contrast-light, "
                    + "colour-blind-dark, colour-blind-light, dusk, dawn, mono, mine."
            ),
            ("extends = \"mine\"", "mine.toml: It extends itself: mine -> mine. Break the circle."),
            (
                "appearance = \"drak\"",
                "mine.toml:1: \"appearance\" is \"drak\", but has to be \"dark\" or \"light\"."
            ),
            ("inks = 3", "mine.toml:1: \"inks\" is a whole number, but has to be a table."),
            (
                "extends = \"dark\"\n[palette]\ntext = \"#000000\"",
                "mine.toml:3: \"text\" already means a colour. Choose another name."
            ),
        ]
    )
    func complaints(text: String, expected: String) {
        #expect(complaint(text) == expected)
    }

    @Test("a theme of its own has to name every ink and its colours")
    func missing() {
        let text = complaint("[inks]\ntext = {}")
        #expect(text.contains("mine.toml: The theme has to say background = \"#rrggbb\""))
        #expect(text.contains("The theme has to say appearance = \"dark\" or \"light\""))
        #expect(text.contains("[inks] leaves out user, model, "))
        #expect(!text.contains("leaves out text"))
    }

    @Test("themes that extend each other are told apart from a long chain")
    func circles() throws {
        try folder.write("extends = \"b\"", to: "a.toml")
        try folder.write("extends = \"c\"", to: "b.toml")
        try folder.write("extends = \"dark\"\ntext = \"#dddddd\"", to: "c.toml")
        let library = ThemeLibrary(folder: folder.path)
        #expect(try library.theme(named: "a").text == RGB(0xDD, 0xDD, 0xDD))
        try folder.write("extends = \"a\"", to: "c.toml")
        #expect(throws: FileProblems.self) { try library.theme(named: "a") }
    }

    @Test("a name is never a path")
    func traversal() throws {
        try folder.write("extends = \"dark\"", to: "secret.toml")
        try folder.write("extends = \"dark\"", to: "themes/mine.toml")
        let library = ThemeLibrary(folder: folder.path + "/themes")
        _ = try library.theme(named: "mine")
        #expect(throws: FileProblems.self) { try library.theme(named: "../secret") }
    }

    @Test("text that is no TOML, no UTF-8 or too long is a sentence")
    func unreadable() throws {
        #expect(complaint("a = = 1").hasPrefix("mine.toml:1: "))
        #expect(complaint("a = 1\n\u{0}").hasPrefix("mine.toml:2: There is a NUL character."))
        try folder.write(Data([0xFF, 0xFE]), to: "latin.toml")
        #expect(throws: FileProblems.self) {
            try ThemeLibrary(folder: folder.path).theme(named: "latin")
        }
        #expect(complaint(String(repeating: "# long\n", count: 200_000)).contains("1 MiB"))
    }
}
