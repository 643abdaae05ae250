import Foundation
import Testing

/// What somebody sees who has no model yet: the guide that came with facet, in earnest.
@Suite(.enabled(if: Tmux.isThere, Tmux.reasonToSkip), .serialized, .timeLimit(.minutes(10)))
struct FirstMinuteTests {
    private static let picture = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures/guide/picture-0-0.png")

    @Test(
        "a first question, a sum with its thought and without, a picture, and all is there tomorrow",
        arguments: [(80, 24), (120, 40)]
    )
    func guide(width: Int, height: Int) async throws {
        let tmux = try await Tmux(width: width, height: height)
        try FileManager.default.copyItem(
            at: Self.picture,
            to: tmux.folder.appending(path: "shape.png")
        )
        try tmux.run("\(Tmux.facet.quoted) --sessions sessions")
        try await tmux.wait(for: "Ask the guide: How do I attach a picture?")
        try await tmux.wait(for: "| built-in guide (5M parameters) | LOCAL |")
        try tmux.press("Enter")
        try await tmux.wait(for: "gemma  Type @")

        try tmux.type("What is 347 + 285?")
        try tmux.press("Enter")
        try await tmux.wait(for: "gemma  632.")
        #expect(try !tmux.screen().contains("carry"))
        try tmux.press("C-o")
        try await tmux.wait(for: "carry 1")
        try tmux.press("C-o")

        try tmux.run("/think off")
        try await tmux.wait(for: "think off", on: height - 1..<height)
        let before = try answers(in: tmux)
        try tmux.type("What is 586 + 279?")
        try tmux.press("Enter")
        try await tmux.wait("an answer without a thought") {
            let rows = try tmux.rows()
            guard let asked = rows.lastIndex(where: { $0.contains("What is 586") }) else {
                return false
            }
            return try answers(in: tmux) != before
                && rows[asked...].contains { $0.contains("gemma  ") && $0.hasSuffix(".") }
                && !rows[asked...].contains { $0.contains("thought") }
        }

        try tmux.type("@shape.png What is in the picture?")
        try tmux.press("Enter")
        try await tmux.wait(for: "One blue ring.")
        try tmux.press("C-d")
        try await tmux.waitForShell()
        try tmux.run("\(Tmux.facet.quoted) --sessions sessions --continue")
        try await tmux.wait(for: "One blue ring.")
        #expect(tmux.stored.contains("carry 1"))
        try tmux.press("C-d")
        try await tmux.waitForShell()
    }

    /// The rows on which answers begin.
    private func answers(in tmux: Tmux) throws -> [String] {
        try tmux.rows().filter { $0.contains("gemma  ") }
    }
}
