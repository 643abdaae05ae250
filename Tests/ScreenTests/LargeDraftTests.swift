import Conversation
import Interface
import TerminalCore
import Testing

/// Keys in drafts far larger than anyone types.
@Suite struct LargeDraftTests {
    static let drafts = [
        String(repeating: "words in one line that never ends ", count: 30_000),
        (0..<100_000).map { "line \($0)" }.joined(separator: "\n"),
        String(repeating: "한국어 👩‍👩‍👧 e\u{301} ", count: 25_000),
    ]

    /// The median, because other work on the machine makes single keys late.
    private func median(_ count: Int, _ body: () -> Void) -> Duration {
        let clock = ContinuousClock()
        let times = (0..<count).map { _ in clock.measure(body) }.sorted()
        return times[count / 2]
    }

    @Test("a key in a draft of a megabyte is drawn at once", arguments: 0..<3)
    func keys(number: Int) {
        var scene = Scene(width: 80, height: 24)
        scene.send(.editorClosed(Self.drafts[number]))
        var frames = 0
        func press(_ key: KeyPress) {
            scene.press(key)
            frames += scene.frame().surface.height
        }
        let typing = median(100) { press(.character("x")) }
        let deleting = median(100) { press(KeyPress(.backspace)) }
        let moving = median(100) { press(KeyPress(.up)) }
        let middle = median(100) { press(.character("y")) }
        #expect(frames == 400 * 24)
        #if !DEBUG
        // Measured: 0.1 ms; the third draft, where each cluster needs tables, 0.4 to 0.8 ms.
        let limit = Duration.milliseconds(number == 2 ? 5 : 1)
        for time in [typing, deleting, moving, middle] { #expect(time < limit) }
        #endif
    }
}
