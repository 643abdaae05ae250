import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct SessionCommandTests {
    /// The list of sessions with the keys; the conversation on the screen is selected.
    private func list(width: Int = 120) -> Scene {
        var scene = Scene(width: width, height: 30)
        scene.say("hello")
        scene.answer(.text("Hello!"), .finished(.endOfTurn, .sample))
        scene.press(.control("x"), .character("s"))
        scene.send(
            .sessionsListed([
                SessionListing(
                    id: "01OLD",
                    title: "Old",
                    updated: scene.now - 86_400,
                    messageCount: 4,
                    model: "e2b",
                    tags: ["work", "later"],
                    isPinned: true,
                    sizeInBytes: 5_000
                ),
                SessionListing(
                    id: "01SCENE",
                    title: "hello",
                    updated: scene.now,
                    messageCount: 2,
                    sizeInBytes: 900,
                    parent: "01OLD"
                ),
            ])
        )
        return scene
    }

    private func deletions(_ scene: Scene) -> [String] {
        scene.effects.compactMap {
            switch $0 {
            case .closeSession(let id): "close \(id)"
            case .deleteSession(let id, _): "delete \(id)"
            case .restoreSession(let id): "restore \(id)"
            case .newSession(let slot, _): "new in \(slot)"
            default: nil
            }
        }
    }

    private func edits(_ scene: Scene) -> [SessionEdit] {
        scene.effects.compactMap { if case .editSession(_, let edit) = $0 { edit } else { nil } }
    }

    @Test("pins stand before titles, and the selected session is described below the list")
    func shown() {
        var scene = list()
        scene.press(.character("k"))
        let lines = scene.lines
        #expect(lines.contains { $0.hasPrefix(" ^Old") })
        #expect(lines.contains { $0.contains("4 messages, 4.9 kB") })
        #expect(lines.contains { $0.contains("e2b #work #later") })
        scene.press(.character("/"))
        scene.type("#work")
        #expect(!scene.text.contains("> hello"))
        #expect(scene.text.contains("Old"))
    }

    @Test("a branch names the session it came from, and leads there")
    func origin() {
        var scene = list()
        #expect(scene.text.contains(" of Old"))
        scene.press(.character("o"))
        #expect(scene.lines.contains { $0.hasPrefix(" Old") })
        scene.press(.character("o"))
        #expect(scene.text.contains("It was not branched off another session."))
    }

    @Test("another session is renamed, tagged and pinned where it lies")
    func edited() {
        var scene = list()
        scene.press(.character("k"), .character("P"), .character("r"))
        #expect(scene.text.contains("Name: Enter takes, Esc leaves"))
        scene.press(.control("u"))
        scene.type("New name")
        scene.press(KeyPress(.enter), .character("t"), .control("w"))
        scene.type("#two words,soon, soon")
        scene.press(KeyPress(.enter))
        let tags = ["work", "two words", "soon"]
        #expect(edits(scene) == [.pin(false), .title("New name"), .tags(tags)])
        #expect(scene.saved.last?.tags == [])
    }

    @Test("the conversation on the screen is tagged and pinned in place")
    func own() {
        var scene = list()
        scene.press(KeyPress(.escape))
        scene.say("/tag work,  #play")
        #expect(scene.saved.last?.tags == ["work", "play"])
        scene.say("/tag -work")
        #expect(scene.saved.last?.tags == ["play"])
        scene.say("/tag two words, -none")
        #expect(scene.saved.last?.tags == ["play", "two words"])
        scene.say("/tag")
        #expect(scene.text.contains("#play #two words"))
        scene.say("/pin")
        #expect(scene.saved.last?.isPinned == true)
        #expect(edits(scene).isEmpty)
    }

    @Test("a session that is elsewhere goes to the trash at once, and comes back")
    func deleted() {
        var scene = list()
        scene.press(.character("k"), .character("D"))
        #expect(deletions(scene) == ["delete 01OLD"])
        scene.send(.sessionDeleted(id: "01OLD", title: "Old"))
        #expect(scene.text.contains("\"Old\" is in the trash; u brings it back."))
        scene.press(.character("u"), .character("u"))
        #expect(deletions(scene).last == "restore 01OLD")
        #expect(scene.text.contains("Nothing was deleted since the start."))
    }

    @Test("the conversation on the screen is replaced, closed, and only then deleted")
    func deletedHere() {
        var scene = list()
        scene.press(.character("j"), .character("D"))
        #expect(deletions(scene) == ["new in 0"])
        let fresh = Transcript(id: "01FRESH", created: scene.now)
        scene.send(.sessionOpened(OpenedSession(transcript: fresh), slot: 0))
        #expect(deletions(scene) == ["new in 0", "close 01SCENE", "delete 01SCENE"])
        #expect(scene.state.chats.map(\.id) == ["01FRESH"])
        scene.send(.sessionDeleted(id: "01SCENE", title: "hello"))
        #expect(scene.text.contains("\"hello\" is in the trash; u brings it back."))
        scene.press(.character("u"))
        #expect(deletions(scene).last == "restore 01SCENE")
    }

    @Test("after a deletion the neighbour is selected, and after undoing it what came back")
    func neighbours() {
        var scene = list()
        func listings(_ ids: [String]) -> [SessionListing] {
            ids.map { SessionListing(id: $0, title: $0, updated: scene.now, messageCount: 1) }
        }
        scene.send(.sessionsListed(listings(["a", "01SCENE", "b", "c"])))
        scene.press(.character("j"), .character("D"))
        #expect(deletions(scene) == ["delete b"])
        scene.send(.sessionDeleted(id: "b", title: "b"))
        scene.send(.sessionsListed(listings(["a", "01SCENE", "c"])))
        scene.press(.character("D"))
        #expect(deletions(scene).last == "delete c")
        scene.send(.sessionDeleted(id: "c", title: "c"))
        scene.press(.character("u"))
        scene.send(.sessionsListed(listings(["a", "01SCENE", "c"])))
        scene.press(.character("D"))
        #expect(deletions(scene).last == "delete c")
    }

    @Test("on a narrow screen what is said stands below the list", arguments: [40, 80])
    func narrow(width: Int) {
        var scene = list(width: width)
        scene.press(.character("k"), .character("D"))
        scene.send(.sessionDeleted(id: "01OLD", title: "Old"))
        #expect(scene.text.contains("\"Old\" is in the trash; u brings"))
    }

    @Test("a conversation in which nothing was said has nothing to delete")
    func empty() {
        var scene = Scene(width: 120)
        scene.press(.control("x"), .character("s"))
        scene.send(.sessionsListed([]))
        scene.press(.character("D"))
        #expect(deletions(scene).isEmpty)
        #expect(scene.text.contains("there is nothing to delete"))
    }

    @Test("the list is read again when an answer has ended")
    func followed() {
        var scene = list()
        func listed() -> Int {
            scene.effects.count { if case .listSessions = $0 { true } else { false } }
        }
        let before = listed()
        scene.press(KeyPress(.escape))
        scene.say("more")
        #expect(listed() == before)
        scene.answer(.text("More."), .finished(.endOfTurn, .sample))
        #expect(listed() == before + 1)
    }

    @Test("messages with versions say which one they are")
    func versions() {
        var scene = list()
        scene.press(KeyPress(.escape))
        #expect(!scene.text.contains("version"))
        scene.say("/retry")
        scene.answer(.text("Hi!"), .finished(.endOfTurn, .sample))
        #expect(scene.text.contains("version 2 of 2, < and > show the others"))
        scene.press(KeyPress(.tab), KeyPress(.tab), .character("<"))
        #expect(scene.text.contains("version 1 of 2"))
    }

    @Test("without keys a session is deleted by its number, and a word in the list is no message")
    func plainly() {
        var scene = list()
        scene.send(.line("hello?"))
        #expect(scene.generations.count == 1)
        scene.send(.line("/delete"))
        #expect(deletions(scene).isEmpty)
        scene.send(.line("/delete 1"))
        #expect(deletions(scene) == ["delete 01OLD"])
    }

    @Test("a conversation that answers is not deleted")
    func running() {
        var scene = list()
        scene.press(KeyPress(.escape))
        scene.say("more")
        scene.press(.control("x"), .character("s"), .character("D"))
        #expect(deletions(scene).isEmpty)
        #expect(scene.text.contains("An answer is running in"))
    }

    @Test("a fork is asked for at the chosen message, and not while an answer runs")
    func forked() {
        var scene = list()
        scene.press(KeyPress(.escape))
        func forks() -> [String?] {
            scene.effects.compactMap { if case .fork(_, let at, _) = $0 { at } else { nil } }
        }
        scene.say("/fork")
        #expect(forks() == [scene.state.chat.transcript.path.last?.id])
        scene.say("too early")
        #expect(scene.generations.count == 1)
        scene.send(.openingFailed("No."))
        // Over the sessions to the conversation.
        scene.press(.control("u"), KeyPress(.tab), KeyPress(.tab))
        scene.press(.character("{"), .character("{"), .character("B"))
        #expect(forks().last == scene.state.chat.transcript.path.first?.id)
        scene.send(.openingFailed("No."))
        scene.press(KeyPress(.escape), KeyPress(.escape))
        scene.say("again")
        scene.say("/fork")
        #expect(forks().count == 2)
    }
}

@Suite struct FindScreenTests {
    private func requests(_ scene: Scene) -> [FindRequest] {
        scene.effects.compactMap { if case .find(let request) = $0 { request } else { nil } }
    }

    private func hit(_ scene: Scene, session: String = "01B", message: String? = "b1")
        -> FoundMessage
    {
        FoundMessage(
            session: session,
            title: "Primes",
            message: message,
            place: "gemma, thought",
            date: scene.now - 7_200,
            line: "so 7 x 143 is 1001, whatever else",
            matches: [14..<18]
        )
    }

    @Test("words and filters are taken apart; each key asks anew")
    func request() throws {
        var scene = Scene()
        scene.press(.control("x"), .character("f"))
        #expect(scene.text.contains("Filters: role:user"))
        scene.type("tag:work 1001 role:User x:y has:")
        let last = try #require(requests(scene).last)
        #expect(last.words == "1001 x:y has:")
        #expect(last.filters == [.tag: "work", .role: "User"])
        let numbers = requests(scene).map(\.number)
        #expect(numbers == numbers.sorted() && Set(numbers).count == numbers.count)
        scene.press(.control("u"))
        scene.type("tag:\"two words\" \"a phrase\"")
        let quoted = try #require(requests(scene).last)
        #expect(quoted.filters == [.tag: "two words"])
        #expect(quoted.words == "\"a phrase\"")
    }

    @Test("hits are shown with their matches; an answer to older words is dropped")
    func hits() throws {
        var scene = Scene()
        scene.say("/find 1001")
        let number = try #require(requests(scene).last?.number)
        #expect(scene.text.contains("Searching."))
        scene.send(.found(number - 1, .failed("old")))
        #expect(scene.text.contains("Searching."))
        scene.send(.found(number, .found([hit(scene), hit(scene, message: nil)])))
        #expect(scene.lines[1].hasPrefix("> Primes  gemma, thought"))
        #expect(scene.lines[1].hasSuffix("2h"))
        #expect(scene.lines[2].contains("so 7 x 143 is 1001"))
        let theme = scene.state.theme
        #expect(scene.frame().surface[18, 2].style == theme[.match])
        #expect(scene.frame().surface[17, 2].style == theme[.selection])
        #expect(scene.lines.last?.contains("1 of 2") == true)
        scene.press(KeyPress(.escape))
        #expect(scene.state.overlay == nil)
    }

    @Test("Enter opens the session and shows the message, on its branch and unfolded")
    func opened() throws {
        var scene = Scene()
        scene.say("/find 1001")
        let number = try #require(requests(scene).last?.number)
        scene.send(.found(number, .found([hit(scene)])))
        scene.press(KeyPress(.enter))
        var other = Transcript(id: "01B", title: "Primes", created: scene.now)
        for (id, parent, role) in [
            ("a", nil, Role.user), ("b1", "a", .assistant), ("b2", "a", .assistant),
        ] {
            var message = Message(
                id: id,
                parent: parent,
                role: role,
                parts: [.text("text of \(id)")],
                created: scene.now
            )
            if id == "b1" {
                message.thoughts = [Thought(text: "7 x 143 is 1001", seconds: 1, tokens: 9)]
            }
            other.append(message)
        }
        scene.send(.sessionOpened(OpenedSession(transcript: other), slot: 0))
        #expect(scene.state.chat.transcript.path.map(\.id) == ["a", "b1"])
        #expect(scene.state.focus == .conversation)
        #expect(scene.text.contains("7 x 143 is 1001"))
    }

    @Test("a match far into a long line is on the screen")
    func farMatch() throws {
        var scene = Scene(width: 40, height: 12)
        scene.say("/find needle")
        let number = try #require(requests(scene).last?.number)
        let lead = String(repeating: "世界 ", count: 60)
        var far = hit(scene)
        far.line = lead + "needle"
        far.matches = [lead.utf8.count..<(lead.utf8.count + 6)]
        scene.send(.found(number, .found([far])))
        #expect(scene.lines[2].contains("needle"))
    }
}

@Suite struct StoredTokensTests {
    @Test("what was noted of tokens before the start is read once, when it is looked at")
    func stored() {
        var transcript = Transcript(id: "01SCENE", created: Date(timeIntervalSince1970: 0))
        transcript.append(
            Message(
                id: "a",
                parent: nil,
                role: .assistant,
                parts: [.text("No.")],
                created: transcript.created,
                answer: AnswerRecord(model: "e2b", modelHash: "", thinking: .off, sampling: .gemma)
            )
        )
        var scene = Scene(width: 120, transcript: transcript)
        func asked() -> Int {
            scene.effects.count { if case .loadTokens("01SCENE") = $0 { true } else { false } }
        }
        scene.press(.control("x"), .character("i"))
        #expect(asked() == 0)
        scene.press(.character("3"), .character("1"), .character("3"))
        #expect(asked() == 1)
        #expect(scene.text.contains("Nothing was noted"))
        let token = TokenDetail(id: 9, text: "Nope", logprob: -0.2, alternatives: [], seconds: 0)
        scene.send(.tokensLoaded(session: "01SCENE", ["a": [token]]))
        #expect(scene.text.contains("Nope"))
    }
}
