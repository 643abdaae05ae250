import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

/// What is remembered outside sessions: drafts, history, views.
@Suite struct KeepingTests {
    private func drafts(_ scene: Scene) -> [String?] {
        scene.effects.compactMap {
            if case .keepDraft("01SCENE", let draft) = $0 {
                .some(draft?.contents.expandedText)
            } else {
                nil
            }
        }
    }

    private func views(_ scene: Scene) -> [ViewState] {
        scene.effects.compactMap { if case .keepView(_, let view) = $0 { view } else { nil } }
    }

    private func remembered(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .remember(let text) = $0 { text } else { nil } }
    }

    @Test("a draft is kept once it rests, not at every key")
    func resting() {
        var scene = Scene()
        scene.type("half a")
        #expect(drafts(scene).isEmpty)
        #expect(scene.state.needsTicks)
        scene.send(.tick, after: 0.5)
        scene.type(" thought")
        scene.send(.tick, after: 0.9)
        #expect(drafts(scene).isEmpty)
        scene.send(.tick, after: 0.2)
        #expect(drafts(scene) == ["half a thought"])
        #expect(!scene.state.needsTicks)
        scene.send(.tick, after: 60)
        #expect(drafts(scene).count == 1)
    }

    @Test("a draft that is typed without a rest is kept every few seconds")
    func busy() {
        var scene = Scene()
        for _ in 0..<100 {
            scene.type("x")
            scene.send(.tick, after: 0.1)
        }
        #expect((1...2).contains(drafts(scene).count))
    }

    @Test("a draft that was sent or emptied is forgotten at once, after its message is saved")
    func sent() throws {
        var scene = Scene()
        scene.type("hello")
        scene.send(.tick, after: 2)
        scene.press(KeyPress(.enter))
        #expect(drafts(scene) == ["hello", nil])
        let saving = scene.effects.lastIndex { if case .save = $0 { true } else { false } }
        let forgetting = scene.effects.lastIndex { if case .keepDraft = $0 { true } else { false } }
        #expect(try #require(saving) < #require(forgetting))
    }

    @Test("messages that wait are part of what is kept")
    func queue() {
        var scene = Scene()
        scene.say("first")
        scene.say("second")
        scene.type("third")
        scene.send(.tick, after: 2)
        #expect(drafts(scene).last == "second\nthird")
    }

    @Test("a session that another process writes: its draft is neither shown nor touched")
    func readOnly() {
        var scene = Scene()
        let kept = KeptState(draft: Draft(Editor.Contents("theirs")))
        scene.send(
            .sessionOpened(
                OpenedSession(
                    transcript: Transcript(id: "01OTHER", created: scene.now),
                    readOnlyReason: "Another facet has it.",
                    kept: kept
                ),
                slot: 0
            )
        )
        #expect(scene.state.chat.id == "01OTHER")
        #expect(scene.state.chat.editor.isEmpty)
        scene.type("x")
        scene.send(.tick, after: 9)
        scene.press(.control("c"))
        scene.send(.tick, after: 9)
        let touched = scene.effects.contains {
            if case .keepDraft("01OTHER", _) = $0 { true } else { false }
        }
        #expect(!touched)
    }

    @Test("a conversation that goes on under a new id takes its draft along")
    func newID() {
        var scene = Scene()
        scene.say("hello")
        scene.answer(.text("Hi."), .finished(.endOfTurn, .sample))
        scene.type("half")
        scene.send(.tick, after: 2)
        scene.send(.sessionForked(from: "01SCENE", to: "01NEW"))
        #expect(scene.state.chat.id == "01NEW")
        #expect(scene.state.shown == ["01NEW"])
        #expect(drafts(scene).last == .some(nil))
        let moved = scene.effects.compactMap {
            if case .keepDraft("01NEW", let draft) = $0 { draft?.contents.text } else { nil }
        }
        #expect(moved == ["half"])
        let names = scene.effects.compactMap {
            if case .callSession(let old, let new) = $0 { [old, new] } else { nil }
        }
        #expect(names == [["01SCENE", "01NEW"]])
        // What was asked under the old id still comes to it.
        scene.say(" @late.txt")
        let request = scene.effects.compactMap {
            if case .readFiles(let request) = $0 { request } else { nil }
        }.last
        if var request {
            request.session = "01SCENE"
            scene.send(.filesRead(request, [.text("late", path: "/w/late.txt")]))
        }
        #expect(scene.saved.last?.id == "01NEW")
        #expect(scene.generations.last?.session == "01NEW")
    }

    @Test("quitting keeps what is there")
    func quitting() {
        var scene = Scene()
        scene.type("draft")
        scene.send(.input(.hangup))
        #expect(drafts(scene) == ["draft"])
    }

    @Test("a private conversation leaves nothing behind")
    func privacy() {
        var scene = Scene()
        scene.state.chat.isPrivate = true
        scene.say("secret")
        scene.answer(.finished(.endOfTurn, .sample))
        scene.type("draft")
        scene.press(.control("o"))
        scene.send(.tick, after: 9)
        scene.send(.input(.hangup))
        #expect(drafts(scene).isEmpty && views(scene).isEmpty && remembered(scene).isEmpty)
    }

    @Test("a kept draft and view are there when the session opens")
    func restoring() {
        var scene = Scene(width: 80, height: 12)
        for number in 1...9 {
            scene.say("question \(number)")
            scene.answer(.thought("hm"), .text("answer"), .finished(.endOfTurn, .sample))
        }
        scene.press(.control("o"), KeyPress(.pageUp))
        scene.type("unsent")
        let before = scene.lines
        scene.send(.input(.hangup))
        let kept = KeptState(
            draft: Draft(scene.state.chat.editor.contents),
            view: views(scene).last
        )
        var later = Scene(width: 80, height: 12, transcript: scene.saved.last, kept: kept)
        #expect(later.lines == before)
        #expect(drafts(later).isEmpty)
        later.press(.control("_"))
        #expect(later.lines == before)
    }

    @Test("what was sent before can be brought back: of this session first, then of all others")
    func history() {
        var scene = Scene()
        scene.send(.historyLoaded(["old", "other", "mine"]))
        scene.say("mine")
        scene.answer(.finished(.endOfTurn, .sample))
        scene.say("new")
        scene.answer(.finished(.endOfTurn, .sample))
        #expect(remembered(scene) == ["new"])
        var shown: [String] = []
        for _ in 0..<5 {
            scene.press(KeyPress(.up))
            shown.append(scene.lines[22])
        }
        #expect(shown == ["> new", "> mine", "> mine", "> other", "> old"])
        scene.press(.control("u"), .control("r"))
        scene.type("ol")
        #expect(scene.lines[19] == "  old")
    }

    @Test("what is sent in one conversation can be found in the other")
    func shared() {
        var scene = Scene()
        scene.send(
            .sessionOpened(
                OpenedSession(transcript: Transcript(id: "01OTHER", created: scene.now)),
                slot: 1
            )
        )
        scene.say("from the second")
        scene.press(KeyPress(.tab))
        #expect(scene.state.chat.id == "01SCENE")
        scene.press(.character("i"), .control("p"))
        #expect(scene.lines[22] == "> from the second")
    }
}
