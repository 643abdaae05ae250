import Foundation
import HostileText
import Testing

/// Text that would take over a terminal, on every way to the screen of a real one.
///
/// The terminal is as open as tmux can be: programs may set the clipboard, rename the window and
/// talk through to the terminal outside.
@Suite(.enabled(if: Tmux.isThere, Tmux.reasonToSkip), .serialized, .timeLimit(.minutes(20)))
struct HostileTests {
    private func openTerminal(width: Int = 120, height: Int = 40) async throws -> Tmux {
        let tmux = try await Tmux(width: width, height: height)
        try tmux.tmux(["set-option", "-g", "set-clipboard", "on"])
        try tmux.tmux(["set-option", "-g", "allow-passthrough", "on"])
        try tmux.tmux(["set-option", "-g", "allow-rename", "on"])
        try tmux.tmux(["set-option", "-g", "automatic-rename", "off"])
        return tmux
    }

    /// The samples in groups: as many tests in one start of the program.
    private static let groups: [[HostileText]] = {
        let size = 12
        return stride(from: 0, to: HostileText.all.count, by: size).map {
            Array(HostileText.all[$0..<min($0 + size, HostileText.all.count)])
        }
    }()

    /// Modes, title and name are what they were, and nothing came to the clipboard.
    private func check(_ tmux: Tmux, _ modes: [String: String], _ what: String) throws {
        // Whether the cursor is seen depends on where the keys go.
        let changes = try tmux.modes().filter {
            $0.key != "cursor_flag" && modes[$0.key] != $0.value
        }
        #expect(changes.isEmpty, "after \(what)")
        #expect(try tmux.tmux(["list-buffers"]) == "", "after \(what)")
    }

    @Test("this terminal can be taken over by what is tried here")
    func control() async throws {
        let tmux = try await openTerminal()
        let modes = try tmux.modes()
        try tmux.run(#"printf '\033]2;ow''ned\007\033]52;c;b3duZWQ=\007\033[?1000h'"#)
        try await tmux.wait("the takeover") { try tmux.format("pane_title") == "owned" }
        #expect(try tmux.modes() != modes)
        #expect(try tmux.format("mouse_any_flag") == "1")
        #expect(try tmux.tmux(["show-buffer"]) == "owned")
    }

    @Test("JSON shows what a terminal would obey as escapes, which are the same value")
    func json() async throws {
        for verb in ["list", "show 01KAW"] {
            let tmux = try await openTerminal()
            try FileManager.default.createDirectory(
                at: tmux.folder.appending(path: "sessions"),
                withIntermediateDirectories: true
            )
            try tmux.write(
                "sessions/01KAWQ0000000000000000000A.json",
                "{\"format\":1,\"title\":\"a\u{9B}2Jb\u{202E}c\u{E0041}d \u{E9}\",\"messages\":[]}"
            )
            try tmux.run("\(Tmux.facet.quoted) sessions \(verb) --json --sessions sessions")
            try await tmux.wait(for: #""a\u009b2Jb\u202ec\udb40\udc41d é""#)
        }
    }

    @Test("answers and thoughts")
    func answers() async throws {
        let tmux = try await openTerminal()
        let answers = Self.groups.enumerated().map { number, group in
            let text = group.map(\.text).joined(separator: "\n\n").jsonEscaped
            let end = "\n\nend of \(number).".jsonEscaped.dropFirst()
            return #"{"thought": \#(text), "text": \#(text.dropLast())\#(end)}"#
        }
        try await tmux.open(
            #"{"answers": [\#(answers.joined(separator: ","))]}"#,
            arguments: "--split"
        )
        try tmux.press("C-o")
        let modes = try tmux.modes()
        for (number, group) in Self.groups.enumerated() {
            try tmux.type("go")
            try tmux.press("Enter")
            try await tmux.wait(for: "end of \(number).")
            try check(tmux, modes, "\(group)")
            let rows = try tmux.rows()
            // The border between the two conversations stands in every row of theirs.
            let borders = rows.prefix(30).filter { $0.contains("│") }
            #expect(borders.count == 30, "\(group)")
            try tmux.press("PPage")
            try await tmux.wait(for: "more below")
            try check(tmux, modes, "scrolling over \(group)")
        }
    }

    @Test("titles, system prompts, tool calls and their results in stored sessions")
    func stored() async throws {
        let tmux = try await openTerminal()
        let sessions = tmux.folder.appending(path: "sessions")
        try FileManager.default.createDirectory(at: sessions, withIntermediateDirectories: true)
        for (number, group) in Self.groups.enumerated() {
            let id = "01KAWX3V8BQ2ZJ5H7M9T4R" + String(number + 1_000)
            let text = group.map(\.text).joined(separator: " ").jsonEscaped
            try tmux.write("sessions/\(id).json", Self.session(id, text))
        }
        try await tmux.open(arguments: "--continue")
        try tmux.press("C-o")
        let modes = try tmux.modes()
        try tmux.press("C-x", "i", "C-x", "s")
        try await tmux.wait(for: "READ |")
        try check(tmux, modes, "the list of sessions")
        for number in Self.groups.indices {
            try tmux.press("j", "Enter")
            try await tmux.wait(for: "| script |")
            try check(tmux, modes, "opening session \(number)")
            try tmux.press("C-x", "s")
        }
    }

    private static func session(_ id: String, _ text: String) -> String {
        """
        {"format": 1, "id": "\(id)", "title": \(text), "system_prompt": \(text), "tags": [\(text)],
         "model": \(text), "messages": [
          {"role": "user", "parts": [{"type": "text", "text": \(text)},
            {"type": "file", "name": \(text), "hash": "00", "size": 1}]},
          {"role": "assistant", "parts": [], "model": \(text),
           "thoughts": [{"text": \(text), "seconds": 1, "tokens": 1}],
           "tool_calls": [{"id": \(text), "name": \(text), "arguments": {"a": \(text)}}]},
          {"role": "tool", "parts": [], "tool_results": [
            {"call_id": \(text), "name": \(text), "response": {"output": \(text)}}]},
          {"role": "assistant", "parts": [{"type": "text", "text": \(text)}], "model": \(text),
           "failure": \(text)}]}
        """
    }

    @Test("pastes into the draft, and files by their names")
    func draft() async throws {
        let tmux = try await openTerminal()
        for (number, sample) in HostileText.all.enumerated() {
            let name = String(sample.text.unicodeScalars.filter { $0 != "/" && $0 != "\0" })
            // Names may have 255 bytes; longer samples are left out.
            _ = FileManager.default.createFile(
                atPath: tmux.folder.appending(path: "\(number)\(name)").path,
                contents: Data()
            )
        }
        try await tmux.open()
        let modes = try tmux.modes()
        for (number, group) in Self.groups.enumerated() {
            // What ends a paste makes keys of the rest, as it must.
            let text = group.map(\.text).filter { !$0.contains("201~") }.joined(separator: "|")
            try tmux.write("paste", "\(text)\nend of \(number).")
            let path = tmux.folder.appending(path: "paste").path
            try tmux.tmux(["load-buffer", "-b", "hostile", path])
            try tmux.tmux(["paste-buffer", "-p", "-d", "-b", "hostile"])
            try tmux.type("#")
            try await tmux.wait("the paste") {
                let screen = try tmux.screen()
                return screen.contains("end of \(number).#") || screen.contains("]#")
            }
            try check(tmux, modes, "pasting \(group)")
            try tmux.press("C-c")
            try await tmux.wait("an empty draft") { try !tmux.screen().contains("#") }
        }
        for number in HostileText.all.indices where number % 10 == 0 {
            try tmux.type("@\(number)")
            try await tmux.wait(for: "> @\(number)")
            try check(tmux, modes, "completing @\(number)")
            // Ctrl-C would close the list of names first.
            try tmux.press("C-u")
            try await tmux.wait("an empty draft") { try !tmux.screen().contains("> @") }
        }
    }

    @Test("names on the command line, in sentences on standard error")
    func arguments() async throws {
        let tmux = try await openTerminal()
        let modes = try tmux.modes()
        for group in Self.groups {
            try tmux.write("name", group.map(\.text).joined().replacing("\0", with: ""))
            try tmux.run("\(Tmux.facet.quoted) ask --model \"$(cat name)\" hi; echo en''d")
            try await tmux.wait(for: "end")
            try check(tmux, modes, "\(group)")
            try tmux.run("clear")
            try await tmux.waitForShell()
        }
    }
}
