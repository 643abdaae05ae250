import Conversation
import Interface
import TerminalCore
import Testing

@Suite struct RemappedKeysTests {
    private func scene(_ changes: (String, String)...) throws -> Scene {
        var scene = Scene()
        scene.state.keymap = Keymap(
            CommandTable.entries,
            overrides: try changes.map { try KeyOverride(key: $0.0, command: $0.1) }
        )
        return scene
    }

    @Test("a key of one's own does what it was given, and its old meaning is gone")
    func pressing() throws {
        var scene = try scene(("alt-p", "palette"), ("alt-l", "redraw"), ("ctrl-t", "none"))
        scene.press(.control("t"))
        #expect(scene.text.contains("Ctrl-T means nothing here. Ctrl-X ? shows the keys."))
        scene.press(.alt("p"))
        guard case .list = scene.state.overlay else {
            Issue.record("no palette")
            return
        }
        scene.type("redraw")
        #expect(scene.text.contains("Alt-l"))
    }

    @Test("the status line, hints after Ctrl-X, notices and the help page show the new keys")
    func hints() throws {
        var scene = try scene(("ctrl-x ?", "none"), ("ctrl-x k", "help"), ("alt-z", "undo"))
        #expect(scene.status.contains("Ctrl-X k keys"))
        scene.press(.control("x"))
        scene.send(.tick, after: 0.5)
        #expect(scene.text.contains("k help"))
        scene.press(.character("q"))
        #expect(scene.text.contains("Ctrl-X q means nothing. Ctrl-X k shows the keys."))
        scene.type("draft")
        scene.press(.control("c"))
        #expect(scene.text.contains("The draft was cleared; Alt-z brings it back."))
        scene.press(.control("x"), .character("k"))
        var help = ""
        for _ in 0..<20 {
            help += scene.text
            scene.press(.character(" "))
        }
        #expect(help.contains("Alt-z, Ctrl-_"))
    }

    @Test("thoughts name the key that opens them")
    func thoughts() throws {
        var scene = try scene(("ctrl-o", "none"), ("f6", "toggle-thoughts"))
        scene.say("Hello")
        scene.answer(.thought("hm"), .text("Hi"), .finished(.endOfTurn, .sample))
        #expect(scene.text.contains("F6 opens"))
        scene.press(KeyPress(.function(6)))
        #expect(scene.text.contains("F6 folds"))
    }

    @Test("a command without any key left is named by its slash word")
    func slashWord() throws {
        var scene = try scene(("ctrl-x ?", "none"), ("read:?", "none"))
        #expect(scene.status.contains("/help keys"))
    }

    @Test("Ctrl-C and Esc do what they always do")
    func hatches() throws {
        var scene = try scene(("any:ctrl-d", "help"))
        scene.say("go")
        scene.press(KeyPress(.escape))
        #expect(scene.cancelled == [1])
        scene.press(.control("c"), .control("c"))
        #expect(scene.hasQuit)
    }
}
