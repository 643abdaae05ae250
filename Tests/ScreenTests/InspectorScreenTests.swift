import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct InspectorScreenTests {
    private func answered(width: Int, height: Int) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.press(.control("x"), .character("i"), .character("3"), KeyPress(.escape))
        scene.say("Is 1001 prime?")
        let detail = TokenDetail(
            id: 9,
            text: "No\n",
            logprob: -0.6931471805599453,
            alternatives: [
                TokenDetail.Alternative(id: 9, text: "No\n", logprob: -0.6931471805599453),
                TokenDetail.Alternative(id: 8, text: " Yes", logprob: -1.3862943611198906),
            ],
            seconds: 0.1
        )
        scene.answer(
            .thought("7 x 143 = 1001\nso no"),
            .thoughtClosed(),
            .token(detail),
            .text("No\n"),
            .finished(.endOfTurn, .sample)
        )
        return scene
    }

    /// The inspector's columns of the screen.
    private func pane(_ scene: inout Scene, width: Int) -> [String] {
        let frame = scene.frame()
        return (0..<(frame.surface.height - 1)).map { row in
            let cells = (frame.surface.width - width)..<frame.surface.width
            let text = cells.map { frame.surface[$0, row].text }.joined()
            return String(text.reversed().drop { $0 == " " }.reversed())
        }
    }

    @Test("thoughts stand in a list, and Enter goes to the selected one")
    func thoughts() {
        var scene = answered(width: 120, height: 24)
        if scene.state.focus != .inspector { scene.press(.control("x"), .character("i")) }
        scene.press(.character("1"))
        let rows = pane(&scene, width: 40)
        #expect(rows[0] == " Inspector")
        #expect(rows[1] == " [1 thoughts] 2 answer  3 tokens  4 sent")
        #expect(rows[2] == " 1  212 tokens, 0.1 s")
        #expect(rows[3] == "    7 x 143 = 1001")
        scene.press(KeyPress(.enter))
        #expect(scene.state.focus == .conversation)
        #expect(scene.text.contains("v thought"))
    }

    @Test("an answer's facts: model, sampling, cost, end")
    func facts() {
        var scene = answered(width: 120, height: 30)
        scene.press(.control("x"), .character("i"), .character("2"))
        let text = pane(&scene, width: 40).joined(separator: "\n")
        for fact in [
            "model       e2b Q4_0", "temperature 1.0", "top-k       64",
            "written     240 tokens in 10.0 s, 24.0", "ended       end",
        ] {
            #expect(text.contains(fact), "\(fact)")
        }
    }

    @Test("while the tokens are shown, answers are asked for with the model's choices")
    func tokens() {
        var scene = answered(width: 120, height: 24)
        #expect(scene.generations.last?.request.tokenAlternatives == 5)
        scene.press(.control("x"), .character("i"))
        let rows = pane(&scene, width: 40)
        #expect(rows[2] == " \"No\\n\"                    50.0 % ###..")
        #expect(rows[4] == "   \" Yes\"                  25.0 %")
        scene.press(.character("1"), KeyPress(.escape))
        scene.say("Again")
        #expect(scene.generations.last?.request.tokenAlternatives == nil)
    }

    @Test("at 80 x 24 and 40 x 12 the inspector lies over the conversation", arguments: [80, 40])
    func narrow(width: Int) {
        var scene = answered(width: width, height: width == 80 ? 24 : 12)
        scene.press(.control("x"), .character("i"), .character("1"))
        #expect(scene.text.contains("1  212 tokens, 0.1 s"))
        scene.press(KeyPress(.escape))
        #expect(!scene.text.contains("Inspector"))
        #expect(scene.state.mode == .write)
    }

    @Test("on a narrow screen a side pane without the keys never covers the draft")
    func remembered() {
        var scene = answered(width: 120, height: 24)
        scene.press(.control("x"), .character("i"), .character("i"))
        #expect(scene.state.panes.showsInspector && scene.state.mode == .write)
        scene.send(.input(.resize(Size(width: 40, height: 12))))
        scene.type("draft")
        #expect(scene.lines[10] == "> draft")
        #expect(!scene.text.contains("Inspector"))
    }
}
