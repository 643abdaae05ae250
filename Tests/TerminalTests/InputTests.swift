import Foundation
import Testing

/// Pastes, the mouse and the clipboard, in a real terminal.
@Suite(.enabled(if: Tmux.isThere, Tmux.reasonToSkip), .serialized, .timeLimit(.minutes(10)))
struct InputTests {
    /// About a megabyte in lines of different lengths.
    private static let megabyte: String = {
        var text = ""
        var line = 0
        while text.utf8.count < 1_000_000 {
            text += "line \(line) " + String(repeating: "abc ", count: line % 40) + "é\n"
            line += 1
        }
        return text + "the end"
    }()

    @Test(
        "a paste of a megabyte, with and without brackets, is sent whole",
        arguments: [true, false]
    )
    func paste(isBracketed: Bool) async throws {
        let tmux = try await Tmux()
        try await tmux.open()
        try tmux.write("paste", Self.megabyte)
        try tmux.tmux(["load-buffer", tmux.folder.appending(path: "paste").path])
        try tmux.tmux(["paste-buffer"] + (isBracketed ? ["-p"] : []))
        try await tmux.wait(for: "[pasted ")
        // Without brackets a busy machine may cut it into several pastes: all of them have come once
        // nothing moves, and a line end no longer belongs to the last.
        try await tmux.waitUntilStill()
        // Nothing is sent by the line ends within; the end is there when the caret is behind it.
        try tmux.type("!")
        // The last of several pieces may be too short to be folded: then it is the text's own end.
        try await tmux.wait("the end with the caret behind it") {
            let shown = try tmux.screen()
            return shown.contains("]!") || !isBracketed && shown.contains("d!")
        }
        #expect(tmux.stored.isEmpty)
        try tmux.press("Enter")
        // It may be more than the context has room for.
        try await tmux.wait(for: "Enter again sends it.")
        #expect(tmux.stored.isEmpty)
        try tmux.press("Enter")
        try await tmux.wait(for: "Fine, thank you.")
        try tmux.press("C-d")
        try await tmux.waitForShell()
        let expected = Self.megabyte.replacing("\n", with: "\\n") + "!"
        #expect(tmux.stored.contains(expected))
    }

    @Test("the wheel scrolls, a press moves the focus, and the switch turns reports on and off")
    func mouse() async throws {
        let tmux = try await Tmux()
        try await tmux.open(
            #"{"loop": true, "answers": [{"text": "row\n\n", "repeat": 60}, {"text": "end"}]}"#
        )
        try tmux.type("go")
        try tmux.press("Enter")
        try await tmux.wait(for: "row")
        #expect(try tmux.format("mouse_any_flag") == "0")
        try tmux.press("C-x", "m")
        try await tmux.wait("mouse reports") { try tmux.format("mouse_any_flag") == "1" }
        #expect(try tmux.format("mouse_button_flag") == "1")
        #expect(try tmux.format("mouse_sgr_flag") == "1")
        try tmux.type("\u{1B}[<64;5;5M")
        try await tmux.wait(for: "more below")
        for _ in 0..<3 { try tmux.type("\u{1B}[<65;5;5M") }
        try await tmux.wait("the end of the conversation") {
            try !tmux.screen().contains("more below")
        }
        try tmux.type("\u{1B}[<0;5;5M\u{1B}[<0;5;5m")
        try await tmux.wait(for: "READ |")
        try tmux.type("\u{1B}[<0;5;23M\u{1B}[<0;5;23m")
        try await tmux.wait(for: "WRITE |")
        try tmux.press("C-x", "m")
        try await tmux.wait("no mouse reports") { try tmux.format("mouse_any_flag") == "0" }
    }

    @Test("a copied answer is in tmux's buffer")
    func copy() async throws {
        let tmux = try await Tmux()
        try await tmux.open(#"{"answers": [{"text": "The answer: 世界, \"quoted\"."}]}"#)
        try tmux.type("say it")
        try tmux.press("Enter")
        try await tmux.wait(for: "quoted")
        try tmux.press("C-x", "y")
        try await tmux.wait("the copy") {
            (try? tmux.tmux(["show-buffer"])) == "The answer: 世界, \"quoted\"."
        }
    }

    @Test(
        "terminals that cannot be drawn on get lines or a sentence",
        arguments: [
            ("TERM=dumb", "you: "), ("TERM=", "you: "), ("TERM=never-heard-of-it", "| script |"),
            ("TERM=xterm", "| script |"),
        ]
    )
    func terminals(assignment: String, shown: String) async throws {
        let tmux = try await Tmux()
        try tmux.write("script.json", #"{"answers": [{"text": "Fine, thank you."}]}"#)
        try tmux.run(
            "\(assignment) \(Tmux.facet.quoted) --rehearse script.json --sessions sessions"
        )
        try await tmux.wait(for: shown.trimmingTrailingSpaces)
        try tmux.type("hello")
        try tmux.press("Enter")
        try await tmux.wait(for: "Fine, thank you.")
        try tmux.press("C-d")
        try await tmux.waitForShell()
    }

    @Test("into a pipe there is a sentence and no escape sequence")
    func pipe() async throws {
        let tmux = try await Tmux()
        try tmux.write("script.json", #"{"answers": [{"text": "x"}]}"#)
        try tmux.run(
            "\(Tmux.facet.quoted) --rehearse script.json --sessions sessions 2>&1 | cat -v; echo done"
        )
        try await tmux.wait(for: "done")
        try await tmux.waitForShell()
        #expect(try tmux.screen().contains("The interface needs a terminal"))
        #expect(try !tmux.screen().contains("^["))
    }
}
