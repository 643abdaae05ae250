import Foundation
import Glibc
import Testing

/// Coming, going, being stopped and being killed, in a real terminal.
@Suite(.enabled(if: Tmux.isThere, Tmux.reasonToSkip), .serialized, .timeLimit(.minutes(10)))
struct LifeTests {
    /// An answer that takes minutes.
    private static let slowScript =
        #"{"tokens_per_second": 40, "loop": true, "answers": [{"text": "word ", "repeat": 9000}]}"#

    @Test("start and quit leave the terminal as it was", arguments: [(80, 24), (120, 40)])
    func startAndQuit(width: Int, height: Int) async throws {
        let tmux = try await Tmux(width: width, height: height)
        try tmux.run("echo before")
        try await tmux.waitForShell()
        let settings = try await tmux.settings()
        let modes = try tmux.modes()
        try await tmux.open()
        #expect(try tmux.format("alternate_on") == "1")
        try tmux.type("hello")
        try tmux.press("Enter")
        try await tmux.wait(for: "Fine, thank you.")
        #expect(try tmux.rows().count == height)
        #expect(try tmux.rows().last?.hasPrefix("WRITE | script") == true)
        try tmux.press("C-d")
        try await tmux.waitForShell()
        #expect(try await tmux.exitCode() == "0")
        #expect(try tmux.modes() == modes)
        #expect(try await tmux.settings() == settings)
        try await tmux.wait(for: "before")
        // Nothing that the terminal still had to say has reached the shell.
        #expect(try !tmux.screen().contains("[?"))
        // Pasting in brackets is off again.
        try tmux.run("cat -v")
        try await tmux.wait("cat") { try tmux.format("pane_current_command") == "cat" }
        try tmux.tmux(["set-buffer", "pasted\n"])
        try tmux.tmux(["paste-buffer", "-p"])
        try await tmux.wait(for: "pasted")
        #expect(try !tmux.screen().contains("200~"))
    }

    @Test("fifty sizes in two seconds end in the right picture and lose nothing")
    func resizeStorm() async throws {
        let tmux = try await Tmux(width: 80, height: 24)
        try await tmux.open(
            #"{"loop": true, "answers": [{"text": "one two three four five six seven ", "repeat": 40}]}"#
        )
        try tmux.type("count")
        try tmux.press("Enter")
        try await tmux.wait(for: "six seven")
        for step in 0..<50 {
            let width = step == 49 ? 100 : 21 + (step * 37) % 140
            let height = step == 49 ? 30 : 7 + (step * 17) % 44
            try tmux.tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
            try await Task.sleep(for: .milliseconds(35))
        }
        try await tmux.wait("the status line in row 30") {
            try tmux.rows().last?.hasPrefix("WRITE | script") == true
        }
        // What is shown is what a fresh drawing shows.
        let shown = try tmux.screen()
        try tmux.press("C-l")
        try tmux.type("x")
        try await tmux.wait(for: "> x")
        try tmux.press("BSpace")
        try await tmux.wait("the fresh drawing") { try tmux.screen() == shown }
        #expect(try tmux.rows().allSatisfy { $0.count <= 100 })
        try await tmux.wait(for: "six seven")
        try tmux.press("C-d")
        try await tmux.waitForShell()
        #expect(tmux.stored.components(separatedBy: "six seven").count == 41)
    }

    @Test("Ctrl-Z gives a usable shell, fg brings the draft back")
    func suspend() async throws {
        let tmux = try await Tmux()
        let settings = try await tmux.settings()
        let modes = try tmux.modes()
        try await tmux.open()
        try tmux.type("half a draft")
        try await tmux.wait(for: "> half a draft")
        for _ in 0..<2 {
            try tmux.press("C-z")
            try await tmux.waitForShell()
            #expect(try tmux.modes() == modes)
            #expect(try await tmux.settings() == settings)
            try tmux.run("echo usa''ble")
            try await tmux.wait(for: "usable")
            try tmux.run("fg")
            try await tmux.wait(for: "> half a draft")
            #expect(try tmux.format("alternate_on") == "1")
        }
        try tmux.type(" goes on")
        try await tmux.wait(for: "> half a draft goes on")
    }

    @Test("Ctrl-Z while an answer streams, and the answer goes on after fg")
    func suspendWhileStreaming() async throws {
        let tmux = try await Tmux()
        try await tmux.open(Self.slowScript)
        try tmux.type("go")
        try tmux.press("Enter")
        try await tmux.wait(for: "word word")
        try tmux.press("C-z")
        try await tmux.waitForShell()
        try tmux.run("fg")
        try await tmux.wait(for: "answering")
        let stored = tmux.stored.count
        try await tmux.wait("more of the answer") { tmux.stored.count > stored }
    }

    @Test(
        "a signal saves, restores the terminal and is the exit code",
        arguments: [(SIGTERM, "143"), (SIGHUP, "129"), (SIGINT, "130")]
    )
    func signals(signal: Int32, code: String) async throws {
        let tmux = try await Tmux()
        let settings = try await tmux.settings()
        let modes = try tmux.modes()
        try await tmux.open(Self.slowScript)
        try tmux.type("go")
        try tmux.press("Enter")
        try await tmux.wait(for: "word word word word")
        #expect(kill(try tmux.interface(), signal) == 0)
        try await tmux.waitForShell()
        #expect(try await tmux.exitCode() == code)
        #expect(try tmux.modes() == modes)
        #expect(try await tmux.settings() == settings)
        #expect(tmux.stored.contains("word word word word"))
        #expect(tmux.stored.contains("cancelled"))
    }

    @Test("signals that come together, as when a terminal closes, save all the same")
    func signalsTogether() async throws {
        let tmux = try await Tmux()
        try await tmux.open(Self.slowScript)
        try tmux.type("go")
        try tmux.press("Enter")
        try await tmux.wait(for: "word word word word")
        let process = try tmux.interface()
        for signal in [SIGHUP, SIGHUP, SIGTERM] { #expect(kill(process, signal) == 0) }
        try await tmux.waitForShell()
        #expect(tmux.stored.contains("word word word word"))
        #expect(tmux.stored.contains("cancelled"))
    }

    @Test("after SIGKILL the next start has all that was on the screen")
    func sigkill() async throws {
        let tmux = try await Tmux()
        let settings = try await tmux.settings()
        let modes = try tmux.modes()
        try await tmux.open(
            #"{"tokens_per_second": 100, "answers": [{"text": "\#(Self.numbers)"}]}"#
        )
        try tmux.type("count")
        try tmux.press("Enter")
        try await tmux.wait(for: "n150 n151")
        let shown = try tmux.screen()
        #expect(kill(try tmux.interface(), SIGKILL) == 0)
        try await tmux.wait("the shell's word of it") {
            try tmux.screen().contains("Killed")
        }
        let last = try #require(shown.matches(of: /n(\d+)/).compactMap { Int($0.1) }.max())
        try tmux.run("\(Tmux.facet.quoted) --rehearse script.json --sessions sessions --continue")
        try await tmux.wait(for: "| script |")
        try await tmux.wait(for: "n\(last)")
        #expect(try tmux.screen().contains("n150 n151"))
        // This one leaves the terminal as the first one should have.
        try tmux.press("C-d")
        try await tmux.waitForShell()
        #expect(try tmux.modes() == modes)
        #expect(try await tmux.settings() == settings)
    }

    private static let numbers = (0..<2_000).map { "n\($0) " }.joined()

    @Test("the user's editor has the terminal to itself and gives it back")
    func editor() async throws {
        let tmux = try await Tmux(environment: ["EDITOR": "sh ./editor.sh", "TMPDIR": "/tmp"])
        try tmux.write(
            "editor.sh",
            """
            printf 'in the editor '
            head -n 1 "$1"
            read answer
            printf 'edited: %s' "$answer" > "$1"
            """
        )
        try await tmux.open()
        try tmux.type("a draft")
        try await tmux.wait(for: "> a draft")
        try tmux.press("C-g")
        try await tmux.wait(for: "in the editor a draft")
        #expect(try tmux.format("alternate_on") == "0")
        try tmux.run("better")
        try await tmux.wait(for: "> edited: better")
        #expect(try tmux.format("alternate_on") == "1")
        try tmux.type("!")
        try await tmux.wait(for: "> edited: better!")
    }
}
