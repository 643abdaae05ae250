import Foundation
import Testing

/// Pictures in terminals that say that they show pixels, as bytes from a pseudo terminal.
@Suite(.enabled(if: Tmux.isThere, Tmux.reasonToSkip)) struct PixelTests {
    private struct Desk {
        let folder: URL
        let pty: Pty

        init(
            _ answers: [(String, String)],
            term: String = "xterm-256color",
            desktop: [String: String] = [:],
            programs: [String: String] = [:]
        ) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try #"{"loop": true, "answers": [{"text": "Fine."}]}"#.write(
                to: folder.appending(path: "script.json"),
                atomically: true,
                encoding: .utf8
            )
            let fixture = URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().appending(path: "Fixtures/media/alpha.png")
            try FileManager.default.copyItem(at: fixture, to: folder.appending(path: "cat.png"))
            // Programs of the test come before those of the machine.
            for (name, script) in programs {
                let file = folder.appending(path: name)
                try script.write(to: file, atomically: true, encoding: .utf8)
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o755],
                    ofItemAtPath: file.path
                )
            }
            let path = folder.path + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
            pty = try Pty(
                [Tmux.facet, "--rehearse", "script.json", "--sessions", "sessions"],
                environment: [
                    "HOME": folder.path, "TERM": term, "COLORTERM": "truecolor", "PATH": path,
                    "XDG_STATE_HOME": folder.path + "/state", "LANG": "C.UTF-8",
                ].merging(desktop) { $1 },
                folder: folder,
                answers: answers
            )
        }

        func close() { try? FileManager.default.removeItem(at: folder) }

        /// The interface is there and the picture attached.
        func attach() throws {
            try #require(pty.wait(for: "script"))
            pty.forget()
            pty.type("/attach cat.png\r")
        }
    }

    private static let attributes = ("\u{1B}[c", "\u{1B}[?62;22c")

    @Test("kitty: the picture is given once, placed, and taken away when it is sent")
    func kitty() throws {
        let desk = try Desk([("\u{1B}_Gi=31", "\u{1B}_Gi=31;OK\u{1B}\\"), Self.attributes])
        defer { desk.close() }
        try desk.attach()
        #expect(desk.pty.wait(for: "\u{1B}_Ga=t,f=24,s="))
        #expect(desk.pty.wait(for: "\u{1B}_Ga=p,i="))
        #expect(desk.pty.wait(for: "tokens"))
        desk.pty.forget()
        desk.pty.type("what is it?\r")
        #expect(desk.pty.wait(for: "\u{1B}_Ga=d,d=i,i="))
        #expect(desk.pty.wait(for: "Fine."))
        // The session has a copy of its own, named by its hash.
        let copies = desk.folder.appending(path: "sessions/attachments")
        let names = try FileManager.default.contentsOfDirectory(atPath: copies.path)
        let name = try #require(names.first { $0.hasSuffix(".png") })
        #expect(name.count == 68)
        #expect(
            try Data(contentsOf: copies.appending(path: name))
                == Data(contentsOf: desk.folder.appending(path: "cat.png"))
        )
    }

    @Test("sixel: device attributes with 4 are enough, and the size comes from the window")
    func sixel() throws {
        let desk = try Desk([("\u{1B}[c", "\u{1B}[?62;4;22c")])
        defer { desk.close() }
        try desk.attach()
        #expect(desk.pty.wait(for: "\u{1B}P0;1;0q"))
        #expect(desk.pty.wait(for: "tokens"))
    }

    @Test("a terminal that says nothing of pixels gets characters")
    func symbols() throws {
        let desk = try Desk([Self.attributes])
        defer { desk.close() }
        try desk.attach()
        #expect(desk.pty.wait(for: "tokens"))
        let text = String(decoding: desk.pty.output, as: UTF8.self)
        #expect(!text.contains("\u{1B}_G") && !text.contains("\u{1B}P"))
        let blocks = text.unicodeScalars.contains { (0x2580...0x259F).contains($0.value) }
        #expect(blocks || text.contains("48;2;"))
    }

    @Test("the clipboard's picture attaches; without a desktop or a picture that is said")
    func clipboard() throws {
        let wayland = ["WAYLAND_DISPLAY": "wayland-test"]
        let desk = try Desk(
            [Self.attributes],
            desktop: wayland,
            programs: ["wl-paste": "#!/bin/sh\nexec cat cat.png\n"]
        )
        defer { desk.close() }
        try #require(desk.pty.wait(for: "script"))
        desk.pty.type("\u{16}")
        #expect(desk.pty.wait(for: "clipboard-"))
        #expect(desk.pty.wait(for: "24x16 -> "))
        let empty = try Desk(
            [Self.attributes],
            desktop: wayland,
            programs: ["wl-paste": "#!/bin/sh\nexit 1\n"]
        )
        defer { empty.close() }
        try #require(empty.pty.wait(for: "script"))
        empty.pty.type("\u{16}")
        #expect(empty.pty.wait(for: "There is no picture on the clipboard."))
        let remote = try Desk([Self.attributes], desktop: ["SSH_TTY": "/dev/pts/9"])
        defer { remote.close() }
        try #require(remote.pty.wait(for: "script"))
        remote.pty.type("\u{16}")
        #expect(remote.pty.wait(for: "The clipboard is the other machine's"))
    }

    @Test("inside tmux nobody asks for pixels")
    func multiplexer() throws {
        let desk = try Desk([Self.attributes], term: "tmux-256color")
        defer { desk.close() }
        try #require(desk.pty.wait(for: "script"))
        #expect(!String(decoding: desk.pty.output, as: UTF8.self).contains("\u{1B}_G"))
    }
}
