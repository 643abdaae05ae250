import Foundation
import Glibc
import TerminalCurses

/// Lends the screen to the user's own editor.
enum DraftEditor {
    /// The draft as the editor left it; nil when it failed.
    @MainActor
    static func edit(_ text: String, on terminal: Terminal) -> String? {
        let environment = ProcessInfo.processInfo.environment
        let editor = environment["VISUAL"] ?? environment["EDITOR"] ?? "vi"
        let folder = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")
        let file = folder.appending(path: "draft.md")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try text.write(to: file, atomically: false, encoding: .utf8)
            // The variable may hold options, so a shell reads it; the path is an argument.
            let status = terminal.runInForeground(
                ["/bin/sh", "-c", "\(editor) \"$1\"", "sh", file.path])
            guard status == 0 else { return nil }
            // A byte that is no text must not cost the others.
            var edited = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            if edited.last == "\n" { edited.removeLast() }
            return edited
        } catch {
            return nil
        }
    }
}

/// Ways to the clipboard besides the terminal's own.
enum Clipboard {
    /// Hands the text to tmux, which passes it on; stock tmux ignores OSC 52 from inside.
    static func copyThroughTmux(_ text: String) -> Bool {
        guard ProcessInfo.processInfo.environment["TMUX"] != nil else { return false }
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tmux", "load-buffer", "-w", "-"]
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        try? input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
