import Foundation
import Glibc
import Testing

/// A tmux server of its own with one shell in it, in folders of its own.
///
/// Everything is waited for with a generous time-out and nothing by sleeping and hoping, so that
/// tests hold on a busy machine.
final class Tmux: Sendable {
    /// Why a wait ended without what was waited for.
    struct Missing: Error, CustomStringConvertible {
        var description: String
    }

    /// Nil when tmux and the program are there, else why the tests are skipped.
    static let reasonToSkip: Comment? = {
        guard FileManager.default.isExecutableFile(atPath: facet) else {
            return "there is no facet beside the tests: \(facet)"
        }
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let isThere = paths.contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/tmux")
        }
        return isThere ? nil : "tmux is not installed: apt-get install tmux"
    }()

    static var isThere: Bool { reasonToSkip == nil }

    /// The program that was built with the tests.
    static let facet: String = {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(filePath: own).deletingLastPathComponent().appending(path: "facet").path
    }()

    static let prompt = "ready> "
    private static let patience = Duration.seconds(60)

    let folder: URL

    /// Starts a server whose shell has only what is given in its environment.
    init(width: Int = 80, height: Int = 24, environment: [String: String] = [:]) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let variables = [
            "HOME": folder.path, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "",
            "XDG_DATA_HOME": folder.appending(path: "data").path,
            "XDG_CONFIG_HOME": folder.appending(path: "config").path,
            "XDG_STATE_HOME": folder.appending(path: "state").path,
            "XDG_CACHE_HOME": folder.appending(path: "cache").path,
            "LANG": "C.UTF-8", "SHELL": "/bin/bash", "PS1": Self.prompt,
        ].merging(environment) { $1 }
        let assignments = variables.sorted { $0.key < $1.key }.map {
            "\($0.key)=\($0.value)".quoted
        }
        let shell =
            "exec env -i TERM=\"$TERM\" TMUX=\"$TMUX\" \(assignments.joined(separator: " ")) "
            + "bash --norc --noprofile -i"
        try tmux(
            ["new-session", "-d", "-x", "\(width)", "-y", "\(height)", "-c", folder.path, shell]
        )
        try tmux(["set-option", "-g", "history-limit", "0"])
        // The window's name follows the program half a second late; only what a program asks for counts.
        try tmux(["set-option", "-g", "automatic-rename", "off"])
        try await wait(for: Self.prompt.trimmingCharacters(in: .whitespaces))
    }

    deinit {
        _ = try? tmux(["kill-server"])
        try? FileManager.default.removeItem(at: folder)
    }

    /// Runs a tmux command on this server; what it prints.
    @discardableResult
    func tmux(_ arguments: [String]) throws -> String {
        let output = folder.appending(path: "output-\(UUID())")
        defer { try? FileManager.default.removeItem(at: output) }
        let line =
            ["tmux", "-S", folder.appending(path: "socket").path, "-f", "/dev/null"] + arguments
        let status = Self.spawn(line, output: output.path)
        let text = (try? String(contentsOf: output, encoding: .utf8)) ?? ""
        guard status == 0 else {
            throw Missing(description: "tmux \(arguments.first ?? ""): \(text)")
        }
        return text
    }

    /// Runs a program to its end; its output goes into a file, since a server that it leaves behind
    /// would keep a pipe open.
    private static func spawn(_ arguments: [String], output: String) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // A test's thread holds signals back; a server that inherits that is never ended.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let outside = ProcessInfo.processInfo.environment.filter { $0.key != "TMUX" }
        let environment = outside.merging(["LC_ALL": "C.UTF-8"]) { $1 }.map { "\($0)=\($1)" }
        var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
        var variables: [UnsafeMutablePointer<CChar>?] = unsafe environment.map { unsafe strdup($0) }
        unsafe words.append(nil)
        unsafe variables.append(nil)
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var child: pid_t = 0
        guard
            unsafe posix_spawnp(&child, arguments[0], &actions, &attributes, words, variables) == 0
        else {
            return -1
        }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        return status
    }

    // MARK: - Keys

    /// Presses keys by tmux's names, as `Enter`, `C-c` or `a`.
    func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

    /// Sends bytes as they are.
    func type(_ text: String) throws { try tmux(["send-keys", "-l", text]) }

    /// Runs a line in the shell.
    func run(_ line: String) throws {
        try type(line)
        try press("Enter")
    }

    /// Starts the interface with a rehearsal and waits until it can be used.
    func open(
        _ script: String = #"{"loop": true, "answers": [{"text": "Fine, thank you."}]}"#,
        arguments: String = ""
    ) async throws {
        try write("script.json", script)
        try run("\(Self.facet.quoted) --rehearse script.json --sessions sessions \(arguments)")
        try await wait(for: "| script |")
    }

    // MARK: - Files

    func write(_ name: String, _ text: String) throws {
        try Data(text.utf8).write(to: folder.appending(path: name))
    }

    /// The text of all files of all sessions, locks left out.
    var stored: String {
        let sessions = folder.appending(path: "sessions")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: sessions.path)) ?? []
        return names.filter { !$0.hasSuffix(".lock") }.sorted().map {
            (try? String(contentsOf: sessions.appending(path: $0), encoding: .utf8)) ?? ""
        }
        .joined(separator: "\n")
    }

    // MARK: - What is seen

    /// The rows of the screen.
    func rows() throws -> [String] {
        let text = try tmux(["capture-pane", "-p", "-N"])
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).trimmingTrailingSpaces }
            .dropLast()
    }

    func screen() throws -> String { try rows().joined(separator: "\n") }

    /// One of tmux's formats, as `alternate_on`.
    func format(_ name: String) throws -> String {
        try tmux(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .newlines)
    }

    /// Everything of the terminal that a program can leave wrong behind itself.
    func modes() throws -> [String: String] {
        let values = try format(Self.modeNames.joined(separator: "}\u{1F}#{"))
            .split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        return Dictionary(uniqueKeysWithValues: zip(Self.modeNames, values))
    }

    private static let modeNames = [
        "alternate_on", "cursor_flag", "insert_flag", "keypad_cursor_flag", "keypad_flag",
        "mouse_all_flag", "mouse_any_flag", "mouse_button_flag", "mouse_sgr_flag",
        "mouse_standard_flag", "mouse_utf8_flag", "origin_flag", "pane_title", "pane_in_mode",
        "scroll_region_lower", "scroll_region_upper", "window_name", "wrap_flag",
    ]

    /// The shell's own view of its terminal; the shell must be there.
    func settings() async throws -> String {
        try? FileManager.default.removeItem(at: folder.appending(path: "stty"))
        try run("stty -a > stty.new && mv stty.new stty")
        var text = ""
        try await wait("the terminal's settings") {
            text = (try? String(contentsOf: folder.appending(path: "stty"), encoding: .utf8)) ?? ""
            return !text.isEmpty
        }
        return text
    }

    /// The exit code of the program that ran last.
    func exitCode() async throws -> String {
        try? FileManager.default.removeItem(at: folder.appending(path: "code"))
        try run("echo $? > code.new && mv code.new code")
        var text = ""
        try await wait("the exit code") {
            text = (try? String(contentsOf: folder.appending(path: "code"), encoding: .utf8)) ?? ""
            return !text.isEmpty
        }
        return text.trimmingCharacters(in: .newlines)
    }

    /// The process of the interface.
    func interface() throws -> pid_t {
        let shell = try format("pane_pid")
        let path = "/proc/\(shell)/task/\(shell)/children"
        let children = try String(contentsOfFile: path, encoding: .utf8).split(separator: " ")
        guard let child = children.first.flatMap({ pid_t($0) }) else {
            throw Missing(description: "the shell has no child")
        }
        return child
    }

    // MARK: - Waiting

    /// Waits until the screen shows a text.
    func wait(for text: String, on rows: Range<Int>? = nil) async throws {
        try await wait("\"\(text)\"") {
            let all = try self.rows()
            let shown = rows.map { all[$0.clamped(to: all.indices)] } ?? all[...]
            return shown.contains { $0.contains(text) }
        }
    }

    /// Waits until the shell has the screen again.
    func waitForShell() async throws {
        try await wait("the shell") {
            let last = try rows().last { !$0.isEmpty } ?? ""
            return try format("alternate_on") == "0"
                && last == Self.prompt.trimmingCharacters(in: .whitespaces)
        }
    }

    /// Waits until the screen has shown the same for a second.
    func waitUntilStill() async throws {
        var shown = try screen()
        var since = ContinuousClock.now
        try await wait("a second without a change") {
            let now = try screen()
            if now != shown { (shown, since) = (now, .now) }
            return ContinuousClock.now - since >= .seconds(1)
        }
    }

    /// Waits until something is true.
    func wait(_ what: String, until isTrue: () throws -> Bool) async throws {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            if try isTrue() { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw Missing(description: "\(what) did not come; the screen shows:\n\(try screen())")
    }
}

extension String {
    /// As one word for a shell.
    var quoted: String { "'" + replacing("'", with: "'\\''") + "'" }

    var trimmingTrailingSpaces: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }

    /// As a JSON string of plain ASCII: tests print nothing that a terminal would obey.
    var jsonEscaped: String {
        let units = utf16.map { unit -> String in
            if (0x20..<0x7F).contains(unit), unit != 0x22, unit != 0x5C {
                return String(decoding: [unit], as: UTF16.self)
            }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
        return "\"" + units.joined() + "\""
    }
}
