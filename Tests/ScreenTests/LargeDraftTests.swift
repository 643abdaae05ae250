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

    /// What keys cost, each of a hundred; the median, because other work makes single keys late.
    private struct Costs {
        var typing, deleting, moving, middle: Duration

        init(_ scene: inout Scene) {
            func median(_ key: KeyPress) -> Duration {
                let times = (0..<100).map { _ in
                    ContinuousClock().measure {
                        scene.press(key)
                        _ = scene.frame()
                    }
                }
                return times.sorted()[50]
            }
            typing = median(.character("x"))
            deleting = median(KeyPress(.backspace))
            moving = median(KeyPress(.up))
            middle = median(.character("y"))
        }
    }

    @Test("a key in a draft of a megabyte costs what it costs in a short one", arguments: 0..<3)
    func keys(number: Int) {
        let draft = Self.drafts[number]
        var (short, long) = (Scene(width: 80, height: 24), Scene(width: 80, height: 24))
        short.send(.editorClosed(String(draft.prefix(500))))
        long.send(.editorClosed(draft))
        let usual = Costs(&short)
        let costs = Costs(&long)
        // A hundred letters came, a hundred went, and a hundred came elsewhere.
        #expect(long.state.chat.editor.text.utf8.count == draft.utf8.count + 100)
        // Work that grows with the draft would cost thousands of times as much.
        #expect(costs.typing < usual.typing * 12)
        #expect(costs.deleting < usual.deleting * 12)
        #expect(costs.moving < usual.moving * 12)
        #expect(costs.middle < usual.middle * 12)
    }
}
