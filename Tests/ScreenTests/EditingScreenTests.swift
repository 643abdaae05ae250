import Conversation
import Interface
import TerminalCore
import Testing

/// Selection, redo, kill ring and history as keys and cells.
@Suite struct EditingScreenTests {
    private func scene(with sent: String...) -> Scene {
        var scene = Scene()
        for text in sent {
            scene.say(text)
            scene.answer(.finished(.endOfTurn, .sample))
        }
        return scene
    }

    private func styled(_ ink: Ink, row: Int, of scene: inout Scene) -> String {
        let surface = scene.frame().surface
        return (0..<surface.width).map { surface[$0, row] }
            .filter { $0.style == scene.state.theme[ink] }.map(\.text).joined()
    }

    private func copied(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .copy(let text) = $0 { text } else { nil } }
    }

    @Test("Shift and the arrows select, which is seen, copied and replaced")
    func selecting() {
        var scene = scene()
        scene.type("one two 世界")
        scene.press(KeyPress(.left, [.control, .shift]), KeyPress(.left, .shift))
        #expect(styled(.selection, row: 22, of: &scene) == " 世界")
        scene.press(.alt("w"))
        #expect(copied(scene) == [" 世界"])
        #expect(styled(.selection, row: 22, of: &scene) == "")
        scene.press(KeyPress(.home, .shift), .character("x"))
        #expect(scene.lines[22] == "> x 世界")
        scene.press(.control("x"), .character("h"))
        #expect(styled(.selection, row: 22, of: &scene) == "x 世界")
        scene.press(.control("x"), .character("c"))
        #expect(copied(scene).last == "x 世界")
    }

    @Test("Ctrl-Space selects without Shift until Esc, which then stops nothing")
    func marking() {
        var scene = scene()
        scene.say("go")
        scene.type("abc")
        scene.press(.control(" "), .control("a"))
        #expect(styled(.selection, row: 22, of: &scene) == "abc")
        scene.press(KeyPress(.escape))
        #expect(styled(.selection, row: 22, of: &scene) == "")
        #expect(scene.cancelled.isEmpty)
        scene.press(KeyPress(.escape))
        #expect(scene.cancelled == [1])
    }

    @Test("selecting goes by rows and ends at the draft's ends")
    func rows() {
        var scene = scene()
        scene.type("ab")
        scene.press(.control("j"))
        scene.type("cd")
        scene.press(KeyPress(.up, [.control, .shift]))
        #expect(styled(.selection, row: 21, of: &scene) == " ")
        #expect(styled(.selection, row: 22, of: &scene) == "cd")
        scene.press(KeyPress(.up, [.control, .shift]))
        #expect(styled(.selection, row: 21, of: &scene) == "ab ")
        #expect(scene.lines[22] == "  cd")
    }

    @Test("Alt-Z does again what Ctrl-_ undid")
    func redo() {
        var scene = scene()
        scene.type("one two")
        scene.press(.control("_"), .control("_"), .alt("z"))
        #expect(scene.lines[22] == "> one")
        scene.press(KeyPress(.character("_"), [.control, .alt]))
        #expect(scene.lines[22] == "> one two")
    }

    @Test("Alt-Y follows Ctrl-Y to older cuts")
    func killRing() {
        var scene = scene()
        scene.type("first")
        scene.press(.control("u"))
        scene.type("second")
        scene.press(.control("u"), .control("y"))
        #expect(scene.lines[22] == "> second")
        scene.press(.alt("y"))
        #expect(scene.lines[22] == "> first")
        scene.press(KeyPress(.end), .alt("y"))
        #expect(scene.lines[22] == "> first")
        #expect(scene.text.contains("Alt-Y follows Ctrl-Y"))
    }

    @Test("a draft that was left for an earlier message comes back with its chips and its caret")
    func walk() {
        var scene = scene(with: "earlier")
        let pasted = String(repeating: "row\n", count: 30)
        scene.type("see ")
        scene.send(.input(.paste(pasted)))
        scene.press(KeyPress(.left), KeyPress(.up))
        #expect(scene.lines[22] == "> earlier")
        scene.press(KeyPress(.down))
        #expect(scene.lines[22] == "> see [pasted 30 lines, about 30 tokens]")
        #expect(scene.frame().caret == Position(column: 6, row: 22))
    }

    @Test("Alt-E opens a folded paste and undo folds it again")
    func expanding() {
        var scene = scene()
        scene.type("see ")
        scene.send(.input(.paste((1...20).map { "row \($0)" }.joined(separator: "\n"))))
        scene.press(.alt("e"))
        #expect(scene.lines[22] == "  row 20")
        scene.press(.control("_"))
        #expect(scene.lines[22] == "> see [pasted 20 lines, about 56 tokens]")
        scene.press(KeyPress(.home), .alt("e"))
        #expect(scene.text.contains("There is no folded paste at the caret."))
    }

    @Test("Ctrl-R finds older messages, Ctrl-S goes back to newer ones, Enter takes")
    func search() {
        var scene = scene(with: "Boil eggs", "fry EGGS now", "bake bread")
        scene.type("draft")
        scene.press(.control("r"))
        #expect(scene.lines[20] == "  history >")
        scene.type("egg")
        #expect(scene.lines[19] == "  fry EGGS now")
        #expect(scene.lines[20] == "  history 1 of 2 > egg")
        #expect(scene.frame().caret == Position(column: 22, row: 20))
        #expect(styled(.match, row: 19, of: &scene) == "EGG")
        scene.press(.control("r"))
        #expect(scene.lines[19] == "  Boil eggs")
        scene.press(.control("r"))
        #expect(scene.text.contains("There is no older message with this."))
        scene.press(.control("s"))
        #expect(scene.lines[19] == "  fry EGGS now")
        #expect(scene.lines[22] == "> draft")
        scene.press(KeyPress(.enter))
        #expect(scene.lines[22] == "> fry EGGS now")
        #expect(scene.generations.count == 3)
        scene.press(.control("_"))
        #expect(scene.lines[22] == "> draft")
    }

    @Test(
        "Esc, Ctrl-G and Ctrl-C close the search and stop nothing",
        arguments: [KeyPress(.escape), .control("g"), .control("c")]
    )
    func closing(key: KeyPress) {
        var scene = scene(with: "one")
        scene.say("two")
        scene.type("draft")
        scene.press(.control("r"), .character("o"), key)
        #expect(scene.lines[22] == "> draft")
        #expect(!scene.text.contains("history"))
        #expect(scene.cancelled.isEmpty)
        #expect(scene.frame().caret == Position(column: 7, row: 22))
    }

    @Test("a capital in the query makes letter case count; what is not there is said")
    func letterCase() {
        var scene = scene(with: "Boil eggs", "fry EGGS now")
        scene.press(.control("r"))
        scene.type("Eg")
        #expect(scene.lines[20] == "  history nothing found > Eg")
        scene.press(KeyPress(.backspace), KeyPress(.backspace))
        scene.type("EG")
        #expect(scene.lines[19] == "  fry EGGS now")
        scene.press(.control("r"), KeyPress(.enter))
        #expect(scene.lines[22] == "> fry EGGS now")
    }
}
