import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct ContextScreenTests {
    /// Two turns, after which 92 % of the context is used.
    private func nearlyFull() -> Scene {
        var scene = Scene(width: 80, height: 24)
        var statistics = Statistics.sample
        scene.say("one")
        scene.answer(.text("1"), .finished(.endOfTurn, statistics))
        statistics.contextUsed = 30_200
        scene.say("two")
        scene.answer(.text("2"), .finished(.endOfTurn, statistics))
        return scene
    }

    private func shortened(_ scene: Scene) -> [(GenerationRequest, Bool)] {
        scene.effects.compactMap {
            if case .shorten(_, let request, let summarises) = $0 {
                (request, summarises)
            } else {
                nil
            }
        }
    }

    @Test("at 90 % the next message waits for a choice; the draft stays")
    func question() {
        var scene = nearlyFull()
        scene.say("three")
        #expect(scene.generations.count == 2)
        #expect(scene.text.contains("The context: 30,200 of 32,768 tokens."))
        #expect(scene.text.contains("d   Leave the oldest turns out"))
        scene.press(KeyPress(.escape))
        #expect(scene.state.chat.editor.text == "three")
        #expect(scene.generations.count == 2)
    }

    @Test("dropped turns are marked, left out of the request, and the message follows")
    func dropping() throws {
        var scene = nearlyFull()
        scene.say("three")
        scene.press(.character("d"))
        #expect(shortened(scene).first?.1 == false)
        let start = scene.state.chat.transcript.path[2].id
        scene.send(
            .contextShortened(session: "01SCENE", ContextCut(start: start), dropped: 2)
        )
        let request = try #require(scene.generations.last?.request)
        #expect(request.messages.map(\.text) == ["two", "2", "three"])
        let note = try #require(
            scene.lines.firstIndex { $0.contains("given the conversation from here on") }
        )
        #expect(scene.lines[(note + 1)...].contains { $0.contains("you    two") })
        #expect(scene.lines[..<note].contains { $0.contains("you    one") })
        #expect(scene.saved.last?.activeCut?.cut.start == start)
    }

    @Test("a summary is shown where it stands and sent in the place of what it sums up")
    func summary() throws {
        var scene = nearlyFull()
        scene.say("three")
        scene.press(.character("s"))
        #expect(shortened(scene).first?.1 == true)
        #expect(scene.text.contains("Summarising the oldest turns."))
        let cut = ContextCut(
            start: scene.state.chat.transcript.path[2].id,
            summary: "They counted."
        )
        scene.send(.contextShortened(session: "01SCENE", cut, dropped: 2))
        #expect(scene.text.contains("Summary: They counted."))
        #expect(scene.generations.last?.request.summary == "They counted.")
    }

    @Test("the cut can be taken back")
    func undo() {
        var scene = nearlyFull()
        let start = scene.state.chat.transcript.path[2].id
        scene.send(.contextShortened(session: "01SCENE", ContextCut(start: start), dropped: 2))
        scene.say("/compact")
        #expect(scene.text.contains("u   Give the model the whole conversation again."))
        scene.press(.character("u"))
        #expect(!scene.text.contains("given the conversation from here on"))
        scene.say("three")
        #expect(scene.generations.last?.request.messages.count == 5)
    }

    @Test("going on is asked once")
    func goingOn() {
        var scene = nearlyFull()
        scene.say("three")
        scene.press(.character("g"))
        #expect(scene.generations.last?.request.messages.last?.text == "three")
        var statistics = Statistics.sample
        statistics.contextUsed = 31_000
        scene.answer(.text("3"), .finished(.endOfTurn, statistics))
        scene.say("four")
        #expect(scene.generations.count == 4)
    }

    @Test("when nothing can be left out, the sentence says so and the draft stays")
    func impossible() {
        var scene = nearlyFull()
        scene.say("three")
        scene.press(.character("d"))
        scene.send(.shorteningFailed(session: "01SCENE", "Nothing can be left out."))
        #expect(scene.text.contains("Nothing can be left out."))
        #expect(scene.state.chat.editor.text == "three")
    }

    @Test("Esc and Ctrl-C stop a summary, and what waits becomes the draft again")
    func stopping() {
        for key in [KeyPress(.escape), .control("c")] {
            var scene = nearlyFull()
            scene.say("three")
            scene.press(.character("s"))
            scene.press(.control("u"))
            scene.say("four")
            scene.press(key)
            let stopped = scene.effects.compactMap {
                if case .cancelShortening(let session) = $0 { session } else { nil }
            }
            #expect(stopped == ["01SCENE"])
            #expect(!scene.hasQuit)
            scene.send(.shorteningFailed(session: "01SCENE", "It was stopped."))
            #expect(scene.state.chat.editor.text == "four")
            #expect(scene.generations.count == 2)
        }
    }

    @Test("what was found out before a stop reached it changes nothing")
    func stoppedTooLate() {
        var scene = nearlyFull()
        scene.say("three")
        scene.press(.character("d"), KeyPress(.escape))
        let start = scene.state.chat.transcript.path[2].id
        scene.send(.contextShortened(session: "01SCENE", ContextCut(start: start), dropped: 2))
        #expect(scene.generations.count == 2)
        #expect(scene.state.chat.editor.text == "three")
        #expect(scene.state.chat.transcript.activeCut == nil)
        #expect(!scene.state.chat.isShortening)
    }

    @Test("what is typed while turns are left out is not sent unasked")
    func typing() {
        var scene = nearlyFull()
        let start = scene.state.chat.transcript.path[2].id
        scene.say("/compact")
        scene.press(.character("s"))
        scene.type("half a mess")
        scene.send(.contextShortened(session: "01SCENE", ContextCut(start: start), dropped: 2))
        #expect(scene.generations.count == 2)
        #expect(scene.state.chat.editor.text == "half a mess")
    }

    @Test("what is sent while turns are left out waits, and is answered without them")
    func sending() throws {
        var scene = nearlyFull()
        let start = scene.state.chat.transcript.path[2].id
        scene.say("/compact")
        scene.press(.character("d"))
        scene.say("three")
        scene.say("/retry")
        #expect(scene.generations.count == 2)
        scene.send(.contextShortened(session: "01SCENE", ContextCut(start: start), dropped: 2))
        let request = try #require(scene.generations.last?.request)
        #expect(request.messages.map(\.text) == ["two", "2", "three"])
        scene.answer(.text("3"), .finished(.endOfTurn, .sample))
        #expect(scene.saved.last?.activeCut?.cut.start == start)
    }

    @Test("the branch stays as it is while turns are left out, and so does the model")
    func branchStays() {
        var scene = nearlyFull()
        let shown = scene.state.chat.transcript.path.map(\.id)
        scene.say("/compact")
        scene.press(.character("d"))
        scene.press(KeyPress(.tab), .character("E"))
        #expect(scene.state.chat.edited == nil)
        #expect(scene.text.contains("The oldest turns are being left out; Esc stops that."))
        scene.send(.notice("-"))
        scene.press(.character("<"))
        #expect(scene.text.contains("The oldest turns are being left out; Esc stops that."))
        #expect(scene.state.chat.transcript.path.map(\.id) == shown)
        scene.press(KeyPress(.tab))
        scene.say("/model")
        let asked = scene.effects.contains {
            if case .listModels = $0 { true } else { false }
        }
        #expect(!asked)
    }

    @Test("what waits becomes the draft again when nothing can be left out")
    func sendingInVain() {
        var scene = nearlyFull()
        scene.say("/compact")
        scene.press(.character("d"))
        scene.say("three")
        scene.send(.shorteningFailed(session: "01SCENE", "Nothing can be left out."))
        #expect(scene.generations.count == 2)
        #expect(scene.state.chat.editor.text == "three")
    }

    @Test("switching thinking in a conversation says what it costs")
    func cost() {
        var scene = nearlyFull()
        scene.press(.control("t"))
        let asked = scene.effects.contains {
            if case .estimateCost = $0 { true } else { false }
        }
        #expect(asked)
        scene.send(
            .costEstimated(
                session: "01SCENE",
                PromptCost(promptTokens: 6_300, reusedTokens: 100, contextSize: 32_768, seconds: 12)
            )
        )
        #expect(scene.text.contains("re-reads 6,200 tokens, about 12 s."))
    }
}

@Suite struct PromptScreenTests {
    private func asked(_ scene: Scene) -> [GenerationRequest] {
        scene.effects.compactMap {
            if case .inspectPrompt(_, let request) = $0 { request } else { nil }
        }
    }

    @Test("/prompt shows what the last answer was given, markers and counts included")
    func prompt() throws {
        var scene = Scene()
        scene.say("Is 1001 prime?")
        scene.answer(.text("No."), .finished(.endOfTurn, .sample))
        scene.say("/prompt")
        let request = try #require(asked(scene).last)
        #expect(request.messages.map(\.text) == ["Is 1001 prime?"])
        let report = PromptReport(
            text: "<bos><|turn>user\nIs 1001 prime?<turn|>\n",
            pieces: [PromptReport.Piece(id: 2, text: "<bos>", isSpecial: true)],
            reusedTokens: 1,
            thinking: ThinkingPlan(thinks: true, rule: "asked for")
        )
        scene.send(.promptReported(session: "01SCENE", report))
        #expect(scene.lines[0] == " 1 token, 1 of them in the cache. Thinking: asked for.")
        #expect(scene.lines[2] == " <bos><|turn>user")
        #expect(scene.lines[23].hasPrefix("What was sent: rows 1-"))
        scene.press(KeyPress(.escape))
        #expect(scene.state.overlay == nil)
        // The inspector shows the same.
        scene.press(.control("x"), .character("i"), .character("4"))
        #expect(asked(scene).count == 2)
        #expect(scene.text.contains("<bos><|turn>user"))
    }

    @Test("/continue goes on in the same message; one that ended by itself stays as it is")
    func continuing() throws {
        var scene = Scene()
        scene.say("count")
        scene.answer(.text("1, 2"))
        scene.press(KeyPress(.escape))
        scene.say("/continue")
        #expect(scene.generations.last?.request.continuesAnswer == true)
        scene.answer(.text(", 3"), .finished(.endOfTurn, .sample))
        let path = scene.state.chat.transcript.path
        #expect(path.map(\.text) == ["count", "1, 2, 3"])
        #expect(path.last?.answer?.stopReason == .endOfTurn)
        scene.say("/continue")
        #expect(scene.text.contains("The last answer ended by itself"))
        #expect(scene.generations.count == 2)
    }
}
