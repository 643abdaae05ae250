import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct PreferenceTests {
    private func scene(_ change: (inout Preferences) -> Void) -> Scene {
        var preferences = Preferences()
        change(&preferences)
        var scene = Scene()
        scene.state = AppState(
            transcript: Transcript(id: "01SCENE", created: scene.now),
            preferences: preferences,
            seed: 1,
            now: scene.now
        )
        scene.send(.engineReady(Scene.engine))
        return scene
    }

    /// What is said when an answer of half a minute ends unseen.
    private func notices(_ form: Preferences.Notification) -> [String] {
        var scene = scene { $0.notification = form }
        scene.send(.input(.focus(false)))
        scene.say("Hello")
        scene.answer(.text("Hi"))
        scene.send(
            .generation(scene.lastGeneration, .finished(.endOfTurn, .sample)),
            after: 30
        )
        return scene.effects.compactMap {
            if case .notify(let text) = $0 { text } else { nil }
        }
    }

    @Test("a long answer is announced in words, by bell alone, or not at all")
    func notifications() {
        #expect(notices(.auto) == ["The answer is ready: Hello"])
        #expect(notices(.bell) == [""])
        #expect(notices(.off) == [])
    }

    @Test("a preset is a system prompt by name")
    func presets() {
        var scene = scene {
            $0.presets = [
                Preferences.Preset(name: "short", system: "One sentence."),
                Preferences.Preset(name: "theirs", system: "Sing.", project: "/p/.facet.toml:2"),
            ]
        }
        scene.say("/system")
        #expect(
            scene.text.contains(
                "There is no system prompt. /system NAME takes a preset: short, theirs."
            )
        )
        scene.say("/system short")
        #expect(scene.saved.last?.systemPrompt == "One sentence.")
        #expect(!scene.text.contains("comes from"))
        scene.say("/system theirs")
        #expect(scene.saved.last?.systemPrompt == "Sing.")
        #expect(scene.text.contains("The system prompt comes from /p/.facet.toml:2."))
        scene.say("/system Be short.")
        #expect(scene.saved.last?.systemPrompt == "Be short.")
    }

    @Test("an answer asks for no more tokens than configured")
    func maxTokens() {
        var scene = scene { $0.maxTokens = 40 }
        scene.say("Hello")
        #expect(scene.generations.last?.request.maxTokens == 40)
    }

    @Test("thoughts are open from the start when they always are")
    func thoughts() {
        var scene = scene { $0.pane.thoughts = .always }
        scene.say("Hello")
        scene.answer(.thought("a deep thought"), .text("Hi"), .finished(.endOfTurn, .sample))
        #expect(scene.text.contains("a deep thought"))
        #expect(scene.text.contains("folds"))
    }

    @Test("answers are laid out, or shown as they were written from the start")
    func markdown() {
        for isRaw in [false, true] {
            var scene = scene { $0.pane.isRaw = isRaw }
            scene.say("Hello")
            scene.answer(.text("**bold** words"), .finished(.endOfTurn, .sample))
            #expect(scene.text.contains("**bold**") == isRaw)
            scene.say("/raw")
            #expect(scene.text.contains("**bold**") != isRaw)
        }
    }

    @Test("the mouse is facet's from the start, and the first toggle gives it back")
    func mouse() {
        var scene = scene { $0.takesMouse = true }
        #expect(scene.state.mouseIsOn)
        scene.say("/mouse")
        #expect(!scene.state.mouseIsOn)
    }
}
