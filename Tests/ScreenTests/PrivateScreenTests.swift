import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct PrivateScreenTests {
    private func privately() -> Scene {
        var scene = Scene(width: 100, height: 24)
        scene.say("/nosave")
        let transcript = Transcript(id: "01P", created: scene.now)
        scene.send(
            .sessionOpened(OpenedSession(transcript: transcript, isPrivate: true), slot: 0)
        )
        return scene
    }

    @Test("/nosave begins a conversation that says all the time that it is not kept")
    func mark() {
        var scene = privately()
        let asked = scene.effects.contains {
            if case .newSession(slot: 0, isPrivate: true) = $0 { true } else { false }
        }
        #expect(asked)
        #expect(scene.text.contains("Nothing of this conversation is kept"))
        scene.say("a secret")
        #expect(scene.status.hasPrefix("WRITE | waiting | NOT SAVED | e2b"))
    }

    @Test("neither history nor draft nor view of it is kept")
    func nothingKept() {
        var scene = privately()
        scene.say("a secret")
        scene.answer(.text("Well."), .finished(.endOfTurn, .sample))
        scene.type("another one")
        scene.send(.tick, after: 10)
        scene.press(.control("o"))
        scene.send(.tick, after: 10)
        let isKept = scene.effects.contains {
            switch $0 {
            case .remember, .keepDraft(session: "01P", _), .keepView(session: "01P", _): true
            default: false
            }
        }
        #expect(!isKept)
    }

    @Test("off the screen it stays open, since nothing else holds it")
    func staysOpen() {
        var scene = privately()
        scene.say("a secret")
        scene.answer(.text("Well."), .finished(.endOfTurn, .sample))
        let other = Transcript(id: "01Q", created: scene.now)
        scene.send(.sessionOpened(OpenedSession(transcript: other), slot: 0))
        #expect(scene.state.chats.map(\.id) == ["01P", "01Q"])
    }

    @Test("a session that cannot be written says so all the time")
    func readOnly() {
        var scene = Scene(width: 100)
        let transcript = Transcript(id: "01R", created: scene.now)
        scene.send(
            .sessionOpened(
                OpenedSession(transcript: transcript, readOnlyReason: "Another facet has it."),
                slot: 0
            )
        )
        #expect(scene.status.hasPrefix("WRITE | READ-ONLY | e2b"))
    }
}

@Suite struct OpeningTests {
    @Test("nothing is sent into the old conversation while another one is being opened")
    func opening() {
        var scene = Scene()
        scene.say("/nosave")
        scene.say("a secret")
        #expect(scene.generations.isEmpty)
        #expect(scene.text.contains("A session is being opened"))
        scene.send(.notice("Exported."))
        scene.press(KeyPress(.enter))
        #expect(scene.generations.isEmpty)
        scene.send(.openingFailed("The folder can't be written."))
        #expect(scene.text.contains("The folder can't be written."))
        scene.press(KeyPress(.enter))
        #expect(scene.generations.count == 1)
    }
}
