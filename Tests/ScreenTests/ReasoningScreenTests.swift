import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct ReasoningScreenTests {
    private func thinking(budget: Int? = nil, thinks: Bool = true, width: Int = 80) -> Scene {
        var scene = Scene(width: width, height: 24)
        scene.say("hm")
        let plan = ThinkingPlan(thinks: thinks, budget: budget, rule: "auto: short and plain")
        scene.answer(
            .started(
                AnswerPlan(
                    thinking: plan,
                    promptTokens: 20,
                    reusedTokens: 0,
                    contextSize: 32_768
                )
            )
        )
        return scene
    }

    @Test("a thought is open while it is written and folds when it ends")
    func live() {
        var scene = thinking()
        scene.answer(.thought("one\n"), .thought("two"))
        #expect(scene.lines[2].hasPrefix("  v thinking  2 tokens, 0.1 s"))
        #expect(scene.lines[3...4] == ["         one", "         two"])
        scene.answer(.thoughtClosed(), .text("Done."))
        #expect(scene.lines[2].hasPrefix("  > thought  2 tokens, 0.2 s  \"one\""))
        #expect(scene.lines[3] == "  gemma  Done.")
    }

    @Test("a budget shows as a bar while it is spent, and as a word when it was")
    func budget() {
        var scene = thinking(budget: 4)
        scene.answer(.thought("a"), .thought("b"))
        #expect(scene.lines[2].hasPrefix("  v thinking  2 of 4 tokens, 0.1 s  [####....]"))
        scene.answer(.thought("c"), .thought("d"), .thoughtClosed(.budget), .text("Done."))
        #expect(scene.lines[2].contains("4 tokens, 0.4 s  budget spent  \"abcd\""))
    }

    @Test("a thought that comes although thinking is off says so")
    func unasked() {
        var scene = thinking(thinks: false)
        scene.answer(.thought("secretly"), .thoughtClosed(), .text("Done."))
        #expect(scene.lines[2].contains("although thinking is off"))
    }

    @Test("Ctrl-X w has the engine close the thought; outside of one it says that there is none")
    func wrapUp() {
        var scene = thinking()
        scene.answer(.thought("on and on"))
        scene.press(.control("x"), .character("w"))
        let wrapped = scene.effects.contains { if case .wrapUp(1) = $0 { true } else { false } }
        #expect(wrapped)
        scene.answer(.thoughtClosed(.wrappedUp), .text("Done."))
        #expect(scene.lines[2].contains("wrapped up"))
        scene.press(.control("x"), .character("w"))
        #expect(scene.text.contains("The model is not thinking now."))
    }

    @Test("a thought in circles is said once, with the key that ends it")
    func loop() {
        var scene = thinking(width: 120)
        scene.answer(.thought("no no no"), .looping(Repetition(period: 1, times: 30)))
        #expect(
            scene.text.contains(
                "The thought repeats itself: the same token 30 times. Ctrl-X w closes it"
            )
        )
    }

    @Test("/budget is saved, sent with each question, and can be taken away")
    func setting() {
        var scene = Scene()
        scene.say("/budget 128")
        scene.say("hm")
        #expect(scene.generations.last?.request.thinkingBudget == 128)
        #expect(scene.saved.last?.thinkingBudget == 128)
        scene.answer(.text("."), .finished(.endOfTurn, .sample))
        scene.say("/budget none")
        scene.say("hm")
        #expect(scene.generations.last?.request.thinkingBudget == nil)
        scene.say("/budget many")
        #expect(scene.text.contains("A budget is a number of tokens from 1 on, or none."))
    }

    @Test("/think alone says the rule")
    func rule() {
        var scene = Scene()
        scene.say("/think")
        #expect(scene.text.contains("auto thinks about every message."))
    }

    @Test("the inspector says which rule applied to an answer")
    func appliedRule() {
        var scene = thinking(width: 120)
        scene.answer(.text("Done."), .finished(.endOfTurn, .sample))
        scene.press(.control("x"), .character("i"), .character("2"))
        #expect(scene.text.contains("thinking    auto: short and plain"))
    }
}
