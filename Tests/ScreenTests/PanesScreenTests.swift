import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct PanesScreenTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)

    private static let listings = [
        SessionListing(id: "01B", title: "Primes", updated: start - 300, messageCount: 4),
        SessionListing(id: "01A", title: "世界 and 👩‍👩‍👧", updated: start - 90_000, messageCount: 2),
        SessionListing(
            id: "01X",
            title: "broken",
            updated: start - 4_000_000,
            messageCount: 0,
            problem: "it ends in the middle of a string"
        ),
    ]

    private func session(_ id: String, title: String) -> OpenedSession {
        OpenedSession(transcript: Transcript(id: id, title: title, created: Self.start))
    }

    private func split(width: Int, height: Int) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.say("Is 1001 prime?")
        scene.press(.control("x"), .character("v"))
        scene.send(.sessionOpened(session("01B", title: "Primes"), slot: 1))
        return scene
    }

    @Test("two conversations stand side by side, each with its title and its draft")
    func sideBySide() {
        var scene = split(width: 80, height: 12)
        #expect(
            scene.effects.contains {
                if case .newSession(slot: 1, isPrivate: false) = $0 { true } else { false }
            }
        )
        scene.type("draft")
        #expect(scene.lines[0] == " ... Is 1001 prime?                     │ Primes")
        #expect(scene.lines[1].hasPrefix("you   Is 1001 prime?"))
        #expect(scene.lines[1].contains("│"))
        #expect(scene.lines[10] == "> draft")
        // The other conversation has a draft of its own.
        scene.press(.control("x"), .character("o"))
        #expect(scene.state.slot == 0)
        #expect(scene.lines[10] == ">")
        scene.press(KeyPress(.escape))
        scene.type("left")
        #expect(scene.lines[10] == "> left")
    }

    @Test("on 40 columns the conversation with the keys has the screen, and its title counts")
    func narrow() {
        var scene = split(width: 40, height: 12)
        #expect(scene.lines[0] == " 2 of 2: Primes")
        scene.press(.control("x"), .character("o"))
        #expect(scene.lines[0] == " 1 of 2: ... Is 1001 prime?")
    }

    @Test("each conversation's answer goes into its own transcript")
    func twoAnswers() {
        var scene = split(width: 100, height: 20)
        scene.say("And 1003?")
        let generations = scene.generations
        #expect(generations.map(\.session) == ["01SCENE", "01B"])
        scene.send(.generation(generations[1].number, .text("17 x 59")))
        scene.send(.generation(generations[0].number, .text("7 x 11 x 13")))
        scene.send(.generation(generations[0].number, .finished(.endOfTurn, .sample)))
        scene.send(.generation(generations[1].number, .finished(.endOfTurn, .sample)))
        #expect(
            scene.state.chats.map { $0.transcript.path.last?.text } == ["7 x 11 x 13", "17 x 59"]
        )
        #expect(scene.lines[3].contains("7 x 11 x 13") && scene.lines[3].contains("17 x 59"))
    }

    @Test("an answer goes on off the screen; what is idle there is closed")
    func background() {
        var scene = split(width: 100, height: 20)
        scene.press(.control("x"), .character("v"))
        // The running conversation left the screen and goes on; closing waits for its end.
        #expect(scene.state.shown == ["01B"])
        #expect(scene.state.chats.map(\.id) == ["01SCENE", "01B"])
        scene.answer(.text("No."), .finished(.endOfTurn, .sample))
        #expect(scene.state.chats.map(\.id) == ["01B"])
        #expect(
            scene.effects.contains {
                if case .closeSession(id: "01SCENE") = $0 { true } else { false }
            }
        )
        #expect(scene.saved.last?.path.last?.text == "No.")
    }

    @Test(
        "a message too long for the context comes back off the screen too",
        arguments: [(shown: "01B", failing: 1), (shown: "01SCENE", failing: 2)]
    )
    func tooLongOffScreen(shown: String, failing: Int) {
        var scene = split(width: 100, height: 20)
        scene.say("And 1003?")
        if shown == "01SCENE" { scene.press(.control("x"), .character("o"), KeyPress(.escape)) }
        scene.press(.control("x"), .character("v"))
        #expect(scene.state.shown == [shown])
        scene.send(.promptTooLong(failing, tokens: 900, contextSize: 512))
        let question = ["Is 1001 prime?", "And 1003?"][failing - 1]
        let drafts = failing == 1 ? [question, ""] : ["", question]
        #expect(scene.state.chats.map(\.editor.text) == drafts)
        // The other conversation is as it was.
        #expect(scene.state.chat.running != nil)
        #expect(scene.state.chat.transcript.path.count == 2)
    }

    @Test("the sessions pane beside the conversation at 120 x 40")
    func sessionsWide() {
        var scene = Scene(width: 120, height: 40)
        scene.press(.control("x"), .character("s"))
        #expect(scene.lines[1].hasPrefix(" Reading the folder."))
        scene.send(.sessionsListed(Self.listings))
        #expect(scene.lines[0].hasPrefix(" Sessions (4)               │"))
        #expect(scene.lines[1].hasPrefix("> new session           now │"))
        #expect(scene.lines[2].contains("Primes") && scene.lines[2].contains("5m"))
        #expect(scene.lines[4].contains("! broken"))
        // Opened twice, it would meet its own lock.
        scene.press(.character("j"), KeyPress(.enter), KeyPress(.enter))
        let count = scene.effects.count {
            if case .openSession(id: "01B", slot: 0) = $0 { true } else { false }
        }
        #expect(count == 1)
        scene.send(.sessionOpened(session("01B", title: "Primes"), slot: 0))
        #expect(scene.state.shown == ["01B"])
        #expect(scene.state.mode == .write)
    }

    @Test("a damaged session is not opened, and the reason is said")
    func damaged() {
        var scene = Scene(width: 120, height: 20)
        scene.press(.control("x"), .character("s"))
        scene.send(.sessionsListed(Self.listings))
        scene.press(.character("G"), KeyPress(.enter))
        #expect(scene.text.contains("\"broken\" can't be opened: it ends in the middle"))
    }

    @Test("typing after / narrows the list; Esc shows all again and then leaves")
    func filter() {
        var scene = Scene(width: 80, height: 24)
        scene.press(.control("x"), .character("s"))
        scene.send(.sessionsListed(Self.listings))
        scene.press(.character("/"))
        scene.type("pri")
        #expect(scene.lines[0].hasPrefix(" /pri"))
        #expect(scene.lines[1].contains("Primes"))
        #expect(scene.lines[2].prefix(30).allSatisfy { $0 == " " })
        #expect(scene.frame().caret == Position(column: 5, row: 0))
        scene.press(KeyPress(.escape))
        #expect(scene.lines[0].hasPrefix(" Sessions (4)"))
        scene.press(KeyPress(.escape))
        #expect(!scene.text.contains("Sessions (4)"))
        #expect(scene.state.mode == .write)
    }

    @Test("at 40 x 12 the sessions take the whole screen above the status line")
    func sessionsNarrow() {
        var scene = Scene(width: 40, height: 12)
        scene.press(.control("x"), .character("s"))
        scene.send(.sessionsListed(Self.listings))
        #expect(
            scene.text == """
                 Sessions (4)
                > new session                       now
                  Primes                             5m
                  世界 and 👩‍👩‍👧                        1d
                ! broken                            46d






                READ | e2b Q4_0 | LOCAL | think auto
                """
        )
    }

    @Test("panes grow and shrink by key and by mouse, within limits")
    func resizing() {
        var scene = Scene(width: 120, height: 20)
        scene.press(.control("x"), .character("s"))
        let before = scene.state.panes.sessionsWidth
        scene.press(.character("+"))
        #expect(scene.state.panes.sessionsWidth == before + 4)
        for _ in 0..<50 { scene.press(.character("-")) }
        #expect(scene.state.panes.sessionsWidth == 20)
        scene.send(.input(.mouse(MouseEvent(.press, at: Position(column: 20, row: 3)))))
        scene.send(.input(.mouse(MouseEvent(.drag, at: Position(column: 33, row: 3)))))
        scene.send(.input(.mouse(MouseEvent(.release, at: Position(column: 33, row: 3)))))
        #expect(scene.state.panes.sessionsWidth == 33)
        #expect(scene.lines[3].prefix(34).last == "│")
        #expect(
            scene.effects.contains {
                if case .rememberPanes(let panes) = $0 { panes.sessionsWidth == 33 } else { false }
            }
        )
    }

    @Test("the palette finds a command by a few letters and runs it")
    func palette() {
        var scene = Scene(width: 80, height: 24)
        scene.press(.control("x"), .character("p"))
        #expect(scene.text.contains("─ Commands ─"))
        scene.type("insp")
        #expect(scene.text.contains("> inspector"))
        scene.press(KeyPress(.enter))
        #expect(scene.state.overlay == nil)
        #expect(scene.state.focus == .inspector)
    }

    @Test("a palette command that needs an argument goes into the draft")
    func paletteArgument() {
        var scene = Scene(width: 80, height: 24)
        scene.press(.control("x"), .character("p"))
        scene.type("think")
        while !scene.text.contains("> think  Sets") { scene.press(KeyPress(.down)) }
        scene.press(KeyPress(.enter))
        #expect(scene.state.chat.editor.text == "/think ")
    }

    @Test("a command of the palette that takes something leaves the draft alone")
    func paletteOverDraft() {
        var scene = Scene(width: 80, height: 24)
        scene.type("my long question")
        scene.press(.control("x"), .character("p"))
        scene.type("think")
        while !scene.text.contains("> think  Sets") { scene.press(KeyPress(.down)) }
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("/think on|off|auto"))
        scene.type("off")
        scene.press(KeyPress(.enter))
        #expect(scene.state.chat.editor.text == "my long question")
        #expect(scene.state.chat.thinking == .off)
    }

    @Test("an old message does not take the place of a draft")
    func editOverDraft() {
        var scene = Scene(width: 80, height: 24)
        scene.say("one")
        scene.answer(.text("1"), .finished(.endOfTurn, .sample))
        scene.type("my long question")
        scene.press(KeyPress(.tab), .character("E"))
        #expect(scene.text.contains("The message would take your draft's place."))
        #expect(scene.state.chat.editor.text == "my long question")
    }

    @Test("a draft that Ctrl-C took away can be had back behind a command, too")
    func undoBehindCommand() {
        var scene = Scene(width: 80, height: 24)
        scene.type("my long question")
        scene.press(.control("c"))
        scene.say("/think off")
        #expect(scene.state.chat.editor.isEmpty)
        var seen: [String] = []
        for _ in 0..<5 {
            scene.press(.control("_"))
            seen.append(scene.state.chat.editor.text)
        }
        #expect(seen.contains("my long question"), "\(seen)")
    }
}
