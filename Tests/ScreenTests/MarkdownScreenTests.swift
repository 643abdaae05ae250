import Conversation
import Interface
import ScriptedEngine
import TerminalCore
import Testing

@Suite struct MarkdownScreenTests {
    private static let answer = """
        ## Steps

        1. Run **this**:
           ```sh
           ls -l
           ```
        2. Look at [the page](https://example.com).

        | a | b |
        |---|---|
        | 1 | $x^2$ |

        ```python
        def f():
            return 1
        ```
        """

    private func answered(_ text: String = answer, width: Int = 60, height: Int = 30) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.say("How?")
        scene.answer(.text(text), .finished(.endOfTurn, .sample))
        return scene
    }

    @Test("an answer is laid out, and m shows it as it was written")
    func rawAndLaidOut() {
        var scene = answered()
        let laidOut = """
              you    How?

              gemma  Steps

                     1. Run this:
                        code 1 · sh
                          ls -l
                     2. Look at the page (https://example.com).

                     ┌───┬────┐
                     │ a │ b  │
                     ├───┼────┤
                     │ 1 │ x² │
                     └───┴────┘

                     code 2 · python
                       def f():
                           return 1
            """
        #expect(scene.text.hasPrefix(laidOut))
        scene.press(.control("x"), .character("r"))
        #expect(scene.lines[2...7].joined(separator: "\n").contains("gemma  ## Steps"))
        #expect(scene.text.contains("         2. Look at [the page](https://example.com)."))
        scene.press(KeyPress(.tab), .character("m"))
        #expect(scene.text.hasPrefix(laidOut))
    }

    @Test(
        "an answer looks the same while it comes, piece by piece, and when it has come",
        arguments: [24, 40, 60, 100]
    )
    func growing(width: Int) {
        var scene = Scene(width: width, height: 40)
        scene.say("How?")
        var whole = ""
        for character in Self.answer {
            whole.append(character)
            scene.answer(.text(String(character)))
            _ = scene.text
        }
        let last = scene.lines.prefix(30)
        scene.answer(.finished(.endOfTurn, .sample))
        #expect(scene.lines.prefix(30) == last)
        scene.send(.input(.resize(Size(width: width + 1, height: 40))))
        scene.send(.input(.resize(Size(width: width, height: 40))))
        #expect(scene.lines.prefix(30) == last)
    }

    @Test("what is typed is shown as it was typed")
    func typed() {
        var scene = Scene(width: 60, height: 12)
        scene.say("a *b* `c` # d")
        #expect(scene.lines[0] == "  you    a *b* `c` # d")
    }

    @Test("emphasis adds to a look, links lead somewhere, code has its background to the edge")
    func looks() throws {
        var scene = answered("**b** [l](https://x.y)\n\n```\ncode\n```", width: 40, height: 14)
        scene.state.theme.styles[.codeBlock] = Style(.rgb(1, 2, 3), on: .rgb(4, 5, 6))
        scene.press(.control("x"), .character("r"), .control("x"), .character("r"))
        let surface = scene.frame().surface
        let row = try #require(scene.lines.firstIndex { $0.hasPrefix("gemma") })
        #expect(surface[6, row].style.attributes.contains(.bold))
        #expect(surface[8, row].style.link == "https://x.y")
        let code = try #require(scene.lines.firstIndex { $0.hasSuffix("code") })
        #expect(surface[39, code].style.background == .rgb(4, 5, 6))
        #expect(surface[7, code].style.background == .rgb(4, 5, 6))
        #expect(surface[3, code].style.background == .terminal)
    }

    @Test("code blocks are copied and saved as they are written, by number")
    func code() {
        var scene = answered()
        scene.press(.control("x"), .character("Y"))
        #expect(scene.copiedTexts.last == "def f():\n    return 1\n")
        scene.say("/code 1")
        #expect(scene.copiedTexts.last == "ls -l\n")
        scene.say("/save 1 out.sh")
        scene.say("/save !~/f.py")
        scene.say("/save 2")
        #expect(scene.text.contains("/save PATH writes the last code block"))
        scene.say("/save 3 x")
        #expect(scene.text.contains("There are 2 code blocks here."))
        let saved = scene.effects.compactMap { effect -> String? in
            guard case .saveFile(let path, let text, let replaces) = effect else { return nil }
            return "\(path) \(replaces) \(text)"
        }
        #expect(saved == ["out.sh false ls -l\n", "~/f.py true def f():\n    return 1\n"])
    }

    @Test("without a code block nothing is copied or saved")
    func noCode() {
        var scene = answered("text")
        scene.say("/save x")
        #expect(scene.text.contains("There is no code block here."))
        #expect(scene.copiedTexts.isEmpty)
    }

    @Test("marked rows are copied as text: wrapped lines joined, marks and indents left out")
    func selection() {
        var scene = answered(
            "- one two three four five six seven eight nine\n- ten",
            width: 40,
            height: 14
        )
        scene.press(KeyPress(.tab), .character("v"))
        for _ in 0..<2 { scene.press(.character("k")) }
        scene.press(.character("y"))
        #expect(scene.copiedTexts.last == "one two three four five six seven eight nine\nten")
    }
}

extension Scene {
    fileprivate var copiedTexts: [String] {
        effects.compactMap { if case .copy(let text) = $0 { text } else { nil } }
    }
}
