import Foundation
import Testing

/// Files of a folder as they come to a draft.
@Suite(.enabled(if: Tmux.isThere, Tmux.reasonToSkip), .serialized, .timeLimit(.minutes(5)))
struct FilesTests {
    @Test("an empty file is refused, a pattern brings text and picture")
    func files() async throws {
        let tmux = try await Tmux(width: 120, height: 40)
        let fixture = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/media/alpha.png")
        try tmux.write("empty.txt", "")
        try tmux.write("pair.txt", "one two")
        for name in ["pair.png", "other.png"] {
            try FileManager.default.copyItem(at: fixture, to: tmux.folder.appending(path: name))
        }
        try await tmux.open()
        try tmux.type("/attach empty.txt")
        try tmux.press("Enter")
        try await tmux.wait(for: "is empty, so there is nothing to attach.")
        try tmux.type("see @pair.* ")
        try await tmux.wait(for: "/pair.*] [pair.png]")
        try tmux.type("now")
        try tmux.press("Enter")
        try await tmux.wait(for: "Fine, thank you.")
        #expect(!tmux.stored.contains("other.png"))
        let copies = tmux.folder.appending(path: "sessions/attachments")
        let names = try FileManager.default.contentsOfDirectory(atPath: copies.path)
        #expect(names.count == 1)
    }
}
