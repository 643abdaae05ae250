import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct EditorScreenTests {
    @Test("the real cursor stands after the text, wide or not")
    func caret() {
        var scene = Scene()
        scene.type("a世👩‍👩‍👧e\u{301}")
        #expect(scene.frame().caret == Position(column: 2 + 6, row: 22))
        scene.press(KeyPress(.left), KeyPress(.left))
        #expect(scene.frame().caret == Position(column: 2 + 3, row: 22))
    }

    @Test(
        "Ctrl-J, Alt-Enter, Shift-Enter and a backslash begin a new line",
        arguments: [
            [KeyPress.control("j")], [KeyPress(.enter, .alt)], [KeyPress(.enter, .shift)],
            [.character("\\"), KeyPress(.enter)],
        ]
    )
    func newLines(keys: [KeyPress]) {
        var scene = Scene()
        scene.type("one")
        for key in keys { scene.press(key) }
        scene.type("two")
        #expect(scene.lines[21] == "> one")
        #expect(scene.lines[22] == "  two")
        #expect(scene.generations.isEmpty)
    }

    @Test("a large paste is one chip that Enter sends whole")
    func chip() {
        var scene = Scene()
        scene.type("see ")
        let text = (1...120).map { "line \($0)" }.joined(separator: "\n")
        scene.send(.input(.paste(text)))
        #expect(scene.lines[22] == "> see [pasted 120 lines, about 432 tokens]")
        scene.press(KeyPress(.backspace), .control("_"))
        #expect(scene.lines[22] == "> see [pasted 120 lines, about 432 tokens]")
        scene.press(KeyPress(.enter))
        #expect(scene.generations.first?.request.messages.last?.text == "see " + text)
    }

    @Test("type-ahead waits, is shown, and goes when the answer ends")
    func queue() {
        var scene = Scene()
        scene.say("first")
        scene.say("second")
        #expect(scene.generations.count == 1)
        #expect(scene.lines[20].hasPrefix("  queued: second  "))
        #expect(scene.lines[20].hasSuffix("Up edits, Ctrl-X d drops"))
        scene.answer(.text("1"), .finished(.endOfTurn, .sample))
        #expect(scene.generations.count == 2)
        #expect(scene.generations.last?.request.messages.map(\.text) == ["first", "1", "second"])
        #expect(!scene.text.contains("queued"))
    }

    @Test("stopping an answer puts queued messages back into the draft")
    func returnedQueue() {
        var scene = Scene()
        scene.say("first")
        scene.say("second")
        scene.type("third")
        scene.press(.control("c"))
        #expect(scene.lines[21] == "> second")
        #expect(scene.lines[22] == "  third")
        #expect(scene.generations.count == 1)
    }

    @Test("Ctrl-C stops, then clears, then asks, then quits")
    func controlC() {
        var scene = Scene()
        scene.say("go")
        scene.type("draft")
        scene.press(.control("c"))
        #expect(scene.cancelled == [1])
        #expect(scene.lines[22] == "> draft")
        scene.press(.control("c"))
        #expect(scene.lines[22] == ">")
        scene.press(.control("_"))
        #expect(scene.lines[22] == "> draft")
        scene.press(.control("c"), .control("c"))
        #expect(scene.text.contains("Ctrl-C again quits."))
        #expect(!scene.hasQuit)
        scene.press(.control("c"))
        #expect(scene.hasQuit)
    }

    @Test("another key between two Ctrl-C disarms quitting")
    func disarmed() {
        var scene = Scene()
        scene.press(.control("c"), .character("x"), .control("c"), .control("c"))
        #expect(!scene.hasQuit)
    }

    @Test("Ctrl-D quits on an empty draft when idle, else deletes")
    func controlD() {
        var scene = Scene()
        scene.type("ab")
        scene.press(.control("a"), .control("d"))
        #expect(scene.lines[22] == "> b")
        scene.press(KeyPress(.delete), .control("d"))
        #expect(scene.hasQuit)
    }

    @Test("an unknown slash word asks and sends nothing; a path is sent")
    func slash() {
        var scene = Scene()
        scene.say("/frobnicate now")
        #expect(scene.text.contains("There is no command /frobnicate."))
        #expect(scene.lines[22] == "> /frobnicate now")
        #expect(scene.generations.isEmpty)
        scene.press(.control("u"))
        scene.say("/home/me/cat.png")
        #expect(scene.generations.count == 1)
    }

    @Test("the slash commands that fit are listed and Tab completes")
    func completion() {
        var scene = Scene()
        scene.type("/th")
        #expect(scene.lines.contains { $0.hasPrefix("> /think on|off|auto  ") })
        #expect(scene.lines.contains { $0.hasPrefix("  /thoughts live|always|folded  ") })
        scene.press(KeyPress(.tab))
        scene.type("off")
        scene.press(KeyPress(.enter))
        #expect(scene.saved.last?.thinking == .off)
        #expect(scene.status.contains("think off"))
    }

    @Test("Ctrl-T changes thinking for the next message only")
    func thinking() {
        var scene = Scene()
        scene.press(.control("t"))
        #expect(scene.status.contains("think on next"))
        scene.say("a")
        scene.answer(.finished(.endOfTurn, .sample))
        scene.say("b")
        #expect(scene.generations.map(\.request.thinking) == [.on, .auto])
    }

    @Test("/retry answers again beside the first answer")
    func retry() throws {
        var scene = Scene()
        scene.say("q")
        scene.answer(.text("one"), .finished(.endOfTurn, .sample))
        scene.say("/retry")
        scene.answer(.text("two"), .finished(.endOfTurn, .sample))
        let transcript = try #require(scene.saved.last)
        #expect(transcript.path.map(\.text) == ["q", "two"])
        #expect(transcript.messages.map(\.text) == ["q", "one", "two"])
        #expect(!scene.text.contains("one"))
        #expect(scene.generations.last?.request.messages.map(\.text) == ["q"])
    }

    @Test("Up walks back through messages and Down returns to the draft")
    func history() {
        var scene = Scene()
        for text in ["one", "two"] {
            scene.say(text)
            scene.answer(.finished(.endOfTurn, .sample))
        }
        scene.type("draft")
        let shown = [KeyPress(.up), KeyPress(.up), KeyPress(.up), KeyPress(.down), KeyPress(.down)]
            .map { key in
                scene.press(key)
                return scene.lines[22]
            }
        #expect(shown == ["> two", "> one", "> one", "> two", "> draft"])
    }

    @Test("what was typed on the way stands where it was typed, until something is sent")
    func historyTypedOn() {
        var scene = Scene()
        for text in ["one", "two"] {
            scene.say(text)
            scene.answer(.finished(.endOfTurn, .sample))
        }
        func shown(_ keys: KeyPress...) -> [String] {
            keys.map { key in
                scene.press(key)
                return scene.lines[22]
            }
        }
        scene.type("draft")
        #expect(shown(KeyPress(.up), .character("x"), KeyPress(.up)).last == "> one")
        #expect(shown(KeyPress(.down), KeyPress(.down)) == ["> twox", "> draft"])
        // What was emptied is recalled again.
        #expect(shown(KeyPress(.up), .control("c"), KeyPress(.up)).last == "> one")
        #expect(shown(KeyPress(.down)).last == "> twox")
        scene.press(KeyPress(.enter))
        scene.answer(.finished(.endOfTurn, .sample))
        #expect(shown(KeyPress(.up), KeyPress(.up)) == ["> twox", "> two"])
    }

    @Test("help shows every command and closes with Esc; the answer goes on")
    func help() {
        var scene = Scene(width: 80, height: 24)
        scene.say("x")
        scene.press(.control("x"), .character("?"))
        var seen = scene.text
        for _ in 0..<20 {
            scene.press(.character(" "))
            seen += scene.text
        }
        for entry in CommandTable.entries {
            let start = entry.help.split(separator: " ").prefix(3).joined(separator: " ")
            #expect(seen.contains(start), "\(entry.command)")
        }
        scene.press(KeyPress(.escape))
        #expect(scene.state.overlay == nil)
        #expect(scene.cancelled.isEmpty)
    }

    @Test("Ctrl-X shows its keys after 300 ms, not before")
    func prefixHints() {
        var scene = Scene()
        scene.press(.control("x"))
        #expect(!scene.text.contains("Ctrl-X, then:"))
        scene.send(.tick, after: 0.31)
        #expect(scene.text.contains("Ctrl-X, then:"))
        scene.press(KeyPress(.escape))
        #expect(!scene.text.contains("Ctrl-X, then:"))
    }

    @Test("an unbound key in READ only hints")
    func unbound() {
        var scene = Scene()
        scene.press(KeyPress(.tab), .character("z"))
        #expect(scene.text.contains("z means nothing in READ."))
        #expect(scene.status.hasPrefix("READ | "))
        scene.press(KeyPress(.escape))
        #expect(scene.status.hasPrefix("WRITE | "))
    }

    @Test("a message sent before the model is there waits for it")
    func early() {
        var scene = Scene(isReady: false)
        scene.say("hello")
        #expect(scene.text.contains("queued: hello"))
        scene.send(.engineReady(Scene.engine))
        #expect(scene.generations.count == 1)
    }

    @Test("a failed engine gives queued messages back and keeps the draft")
    func noEngine() {
        var scene = Scene(isReady: false)
        scene.say("hello")
        scene.send(.engineFailed("The file is no model."))
        #expect(scene.lines[22] == "> hello")
        scene.press(KeyPress(.enter))
        #expect(scene.lines[22] == "> hello")
        #expect(scene.text.contains("The file is no model."))
    }

    @Test("a hangup saves what came and quits")
    func hangup() {
        var scene = Scene()
        scene.say("a")
        scene.answer(.text("half"))
        scene.send(.input(.hangup))
        #expect(scene.saved.last?.path.last?.text == "half")
        #expect(scene.hasQuit)
    }
}
