import Conversation
import Foundation
import Interface
import ScriptedEngine
import TerminalCore
import Testing

@Suite struct ConversationScreenTests {
    private func answered(width: Int, height: Int) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.say("Is 1001 prime?")
        scene.answer(
            .thought("7 x 143 = 1001\n"),
            .thought("so no"),
            .thoughtClosed(),
            .text("No: 1001 = 7 x 11 x 13. 世界 👩‍👩‍👧"),
            .finished(.endOfTurn, .sample)
        )
        return scene
    }

    @Test("a short conversation at 80 x 24")
    func standard() {
        var scene = answered(width: 80, height: 24)
        let expected = """
              you    Is 1001 prime?

              > thought  212 tokens, 0.2 s  "7 x 143 = 1001"                   Ctrl-O opens
              gemma  No: 1001 = 7 x 11 x 13. 世界 👩‍👩‍👧

            """
        let rule = String(repeating: "─", count: 80)
        let foot = """
            \(rule)
            >
            WRITE | e2b Q4_0 | LOCAL | think auto | 1.2k/32k | 24 tok/s | Ctrl-X ? keys
            """
        let blank = String(repeating: "\n", count: 24 - 4 - 3)
        #expect(scene.text == expected + blank + foot)
    }

    @Test("a short conversation at 120 x 40")
    func large() {
        var scene = answered(width: 120, height: 40)
        let head = """
              you    Is 1001 prime?

              > thought  212 tokens, 0.2 s  "7 x 143 = 1001"
            """
        #expect(scene.text.hasPrefix(head))
        #expect(scene.lines[2].hasSuffix("Ctrl-O opens"))
        #expect(scene.lines.count == 40)
        #expect(scene.lines[37] == String(repeating: "─", count: 120))
    }

    @Test("a short conversation at 40 x 12")
    func small() {
        var scene = answered(width: 40, height: 12)
        let expected = """
            you   Is 1001 prime?

            > thought  212 tokens, 0.2 s
            gemma No: 1001 = 7 x 11 x 13. 世界 👩‍👩‍👧





            ────────────────────────────────────────
            >
            WRITE | e2b Q4_0 | LOCAL | think auto
            """
        #expect(scene.text == expected)
    }

    @Test(
        "below 20 x 6 one sentence says what is needed",
        arguments: [(19, 24), (80, 5), (1, 1), (0, 0)]
    )
    func tooSmall(width: Int, height: Int) {
        var scene = Scene(width: width, height: height)
        scene.say("hello")
        let frame = scene.frame()
        #expect(frame.surface.width == width && frame.surface.height == height)
        if width >= 19, height >= 5 {
            #expect(scene.text.hasPrefix("facet needs at"))
        }
    }

    @Test("every size from nothing to 60 x 20 is drawn", arguments: 0...60)
    func allSizes(width: Int) {
        var scene = answered(width: width, height: 20)
        scene.type("a draft with 世界 and 👩‍👩‍👧 in it, long enough to wrap")
        for height in 0...20 {
            scene.send(.input(.resize(Size(width: width, height: height))))
            let frame = scene.frame()
            #expect(frame.surface.height == height)
            if let caret = frame.caret {
                #expect(caret.column < width && caret.row < height)
            }
        }
    }

    @Test("Ctrl-O opens thoughts and folds them again")
    func thoughts() {
        var scene = answered(width: 80, height: 24)
        scene.press(.control("o"))
        #expect(scene.lines[2].hasPrefix("  v thought  212 tokens, 0.2 s"))
        #expect(scene.lines[3] == "         7 x 143 = 1001")
        #expect(scene.lines[4] == "         so no")
        scene.press(.control("o"))
        #expect(scene.lines[3].hasPrefix("  gemma  No: 1001"))
    }

    @Test("folded by wish, a thought streams as its counts and last line; open it shows its text")
    func foldedThought() {
        var scene = Scene()
        scene.say("/thoughts folded")
        scene.say("hm")
        scene.answer(.thought("one "), .thought("two\nthree"))
        #expect(scene.lines[2].hasPrefix("  > thinking  2 tokens, 0.1 s  \"three\""))
        #expect(scene.status.hasPrefix("WRITE | thinking | e2b"))
        scene.send(.tick, after: 4)
        #expect(scene.lines[2].hasPrefix("  > thinking  2 tokens, 4.1 s"))
        scene.press(.control("o"))
        #expect(scene.lines[3] == "         one two")
    }

    @Test("reading the prompt shows how far it is")
    func progress() {
        var scene = Scene()
        scene.say("hm")
        scene.answer(.promptProgress(PromptProgress(read: 3_400, total: 8_000, secondsLeft: 9.2)))
        #expect(scene.status.hasPrefix("WRITE | reading 3,400 of 8,000, 9 s left | e2b"))
    }

    @Test("Esc stops the answer, keeps what came, and later events change nothing")
    func stop() throws {
        var scene = Scene()
        scene.say("tell me")
        scene.answer(.text("Once upon"))
        scene.press(KeyPress(.escape))
        #expect(scene.cancelled == [1])
        #expect(scene.lines[2] == "  gemma  Once upon")
        #expect(scene.lines[3] == "         [stopped]")
        scene.answer(.text(" a time"))
        #expect(scene.lines[2] == "  gemma  Once upon")
        scene.answer(.finished(.cancelled, .sample))
        let answer = try #require(scene.saved.last?.path.last)
        #expect(answer.text == "Once upon")
        #expect(answer.answer?.stopReason == .cancelled)
        #expect(answer.answer?.statistics == .sample)
    }

    @Test("a failed answer says why and the next message works")
    func failure() throws {
        var scene = Scene()
        scene.say("a")
        scene.send(.generationFailed(1, "The model file vanished. Put it back."))
        #expect(scene.text.contains("The model file vanished. Put it back."))
        scene.say("b")
        scene.answer(.text("ok"), .finished(.endOfTurn, .sample))
        #expect(scene.generations.map(\.number) == [1, 2])
        #expect(try #require(scene.saved.last).path.map(\.text) == ["a", "", "b", "ok"])
        #expect(scene.generations.last?.request.messages.map(\.text) == ["a", "b"])
    }

    @Test("a message that is longer than the context comes back, and the next one takes its place")
    func tooLong() throws {
        var scene = Scene()
        scene.say("first")
        scene.answer(.text("yes"), .finished(.endOfTurn, .sample))
        scene.say("far too long")
        scene.send(.promptTooLong(2, tokens: 900, contextSize: 512))
        #expect(scene.text.contains("The conversation needs 900 tokens but the context holds 512."))
        #expect(scene.state.chat.editor.text == "far too long")
        #expect(scene.saved.last?.path.map(\.text) == ["first", "yes"])
        scene.press(KeyPress(.character("c"), .control))
        scene.say("short")
        scene.answer(.text("ok"), .finished(.endOfTurn, .sample))
        #expect(scene.generations.last?.request.messages.map(\.text) == ["first", "yes", "short"])
        let saved = try #require(scene.saved.last)
        #expect(saved.messages.map(\.text) == ["first", "yes", "far too long", "", "short", "ok"])
        #expect(saved.messages[4].parent == saved.messages[2].parent)
    }

    @Test("what failed before it leaves the conversation too, and a draft stays behind it")
    func tooLongAfterFailures() {
        var scene = Scene()
        scene.say("far too long")
        scene.send(.generationFailed(1, "Too long."))
        scene.say("too long still")
        scene.type("typed meanwhile")
        scene.send(.promptTooLong(2, tokens: 900, contextSize: 512))
        #expect(scene.state.chat.editor.text == "too long still\ntyped meanwhile")
        #expect(scene.saved.last?.path.isEmpty == true)
        scene.press(KeyPress(.enter))
        #expect(
            scene.generations.last?.request.messages.map(\.text)
                == ["too long still\ntyped meanwhile"]
        )
    }

    @Test("nothing is answered again, or gone on with, where it cannot be kept")
    func readOnly() throws {
        let created = Date(timeIntervalSince1970: 0)
        var author = Scene(transcript: Transcript(id: "01A", created: created))
        author.say("one")
        author.answer(.text("1"), .finished(.length, .sample))
        let transcript = try #require(author.saved.last)
        var scene = Scene()
        let reason = "Another facet has it open."
        scene.send(
            .sessionOpened(OpenedSession(transcript: transcript, readOnlyReason: reason), slot: 0)
        )
        for command in ["/retry", "/continue"] {
            scene.send(.notice("-"))
            scene.say(command)
            #expect(scene.text.contains(reason))
        }
        #expect(scene.generations.isEmpty)
    }

    @Test(
        "a number that no list has is refused with a sentence",
        arguments: ["/delete", "/queue drop"],
        [Int.min, -1, 0, Int.max]
    )
    func hostileNumbers(command: String, number: Int) {
        var scene = Scene(width: 120)
        scene.send(.sessionsListed([]))
        scene.say("\(command) \(number)")
        #expect(scene.state.notice != nil)
        #expect(scene.generations.isEmpty)
    }

    @Test("hostile text from the model is drawn as codes and stored as it was")
    func hostile() {
        var scene = Scene()
        scene.say("x")
        let evil = "\u{1B}[2J\u{9B}31m\u{202E}abc\u{7}"
        scene.answer(.text(evil), .finished(.endOfTurn, .sample))
        #expect(scene.lines[2] == "  gemma  ␛[2J<009B>31m<202E>abc␇")
        #expect(scene.saved.last?.path.last?.text == evil)
    }

    @Test("scrolling up stops following, a mark shows new text, the end follows again")
    func scrolling() {
        var scene = Scene()
        scene.say("count")
        let numbers = (1...100).map(String.init).joined(separator: "\n")
        scene.answer(.text(numbers))
        #expect(scene.lines[19] == "         100")
        scene.press(KeyPress(.pageUp))
        #expect(scene.lines[21].hasSuffix(" more below ──"))
        let before = scene.lines[0]
        scene.answer(.text("\n101\n102"))
        #expect(scene.lines[0] == before)
        #expect(scene.lines[21].hasSuffix(" new text below ──"))
        scene.press(KeyPress(.pageDown), KeyPress(.pageDown))
        #expect(scene.lines[19] == "         102")
        #expect(scene.lines[21] == String(repeating: "─", count: 80))
        scene.press(KeyPress(.tab), .character("g"))
        #expect(scene.lines[0] == "  you    count")
        scene.press(.character("G"))
        #expect(scene.lines[19] == "         102")
    }

    @Test("scrolling one row up and one down comes back, from every place")
    func scrollRoundTrip() {
        var scene = Scene(width: 60, height: 14)
        for number in 1...6 {
            scene.say("question \(number)")
            let text = (1...number).map { "row \($0)" }.joined(separator: "\n")
            scene.answer(.text(text), .finished(.endOfTurn, .sample))
        }
        scene.press(KeyPress(.tab))
        var screens: [String] = []
        for _ in 0..<60 {
            screens.append(scene.text)
            scene.press(.character("k"))
        }
        #expect(screens.last?.hasPrefix("  you    question 1") == true)
        let up = screens.reduce(into: [String]()) { if $0.last != $1 { $0.append($1) } }
        var down: [String] = [scene.text]
        for _ in 0..<60 {
            scene.press(.character("j"))
            if down.last != scene.text { down.append(scene.text) }
        }
        let rows = { (screen: String) in screen.split(separator: "\n").prefix(8) }
        #expect(down.reversed().map(rows) == up.map(rows))
    }

    @Test(
        "an answer that streams letter by letter ends in the rows of the whole one",
        arguments: [24, 60, 80]
    )
    func streamedRows(width: Int) {
        let text = "One two.\n\nThree 世界 four five six seven eight nine ten.\r\n- a\r\n\n  b 👩‍👩‍👧\n"
        var whole = Scene(width: width)
        whole.say("x")
        whole.answer(.thought(text), .thoughtClosed(), .text(text), .finished(.endOfTurn, .sample))
        whole.press(.control("o"))
        var streamed = Scene(width: width)
        streamed.say("x")
        streamed.press(.control("o"))
        for scalar in text.unicodeScalars {
            streamed.answer(.thought(String(Character(scalar))))
            _ = streamed.text
        }
        for scalar in text.unicodeScalars {
            streamed.answer(.text(String(Character(scalar))))
            _ = streamed.text
        }
        let rows = { (lines: [String]) in
            lines.prefix(20).filter { !$0.contains(" thought ") && !$0.contains(" thinking ") }
        }
        #expect(rows(streamed.lines) == rows(whole.lines))
    }

    @Test(
        "an answer of more than 10 s ends with a bell unless the terminal has the focus",
        arguments: [(nil, 12.0, 1), (false, 12.0, 1), (true, 12.0, 0), (nil, 3.0, 0)]
            as [(Bool?, Double, Int)]
    )
    func bell(focus: Bool?, seconds: Double, bells: Int) {
        var scene = Scene()
        if let focus { scene.send(.input(.focus(focus))) }
        scene.say("x")
        scene.send(.tick, after: seconds)
        scene.answer(.finished(.endOfTurn, .sample))
        #expect(scene.effects.count { if case .notify = $0 { true } else { false } } == bells)
    }

    @Test("an answer whose process died says so")
    func unfinished() {
        var transcript = Transcript(id: "01OLD", created: Date(timeIntervalSince1970: 0))
        transcript.append(
            Message(
                id: "A",
                parent: nil,
                role: .user,
                parts: [.text("hi")],
                created: transcript.created
            )
        )
        transcript.append(
            Message(
                id: "B",
                parent: "A",
                role: .assistant,
                parts: [.text("Hel")],
                created: transcript.created,
                answer: AnswerRecord(
                    model: "m",
                    modelHash: "",
                    thinking: .off,
                    sampling: .gemma
                )
            )
        )
        var scene = Scene(transcript: transcript)
        #expect(scene.lines[2] == "  gemma  Hel")
        #expect(scene.lines[3] == "         [unfinished: facet ended here]")
    }

    @Test("a caution of the engine is always in sight: in the status line, or above the editor")
    func caution() {
        var scene = Scene(isReady: false)
        #expect(scene.status == "WRITE | Loading the model. | Ctrl-X ? keys")
        var engine = Scene.engine
        engine.caution = "completes text, was not taught to chat"
        scene.send(.engineReady(engine))
        #expect(!scene.status.contains("completes text"))
        #expect(
            scene.lines.contains { $0.hasPrefix("── completes text, was not taught to chat ─") }
        )
        scene.send(.input(.resize(Size(width: 120, height: 40))))
        #expect(scene.status.contains("| completes text, was not taught to chat |"))
    }

    @Test("keys and a scripted engine end to end", .timeLimit(.minutes(1)))
    func scripted() async throws {
        let engine = ScriptedEngine(answers: [
            [
                .thought("hm"), .thoughtClosed(), .text("Hi "), .text("👋🏽"),
                .finished(.endOfTurn, .sample),
            ]
        ])
        let context = try await engine.openContext()
        var scene = Scene()
        scene.say("Hello 👋")
        let generation = try #require(scene.generations.first)
        for try await event in context.generate(generation.request) {
            scene.send(.generation(generation.number, event))
        }
        #expect(scene.lines[3] == "  gemma  Hi 👋🏽")
        #expect(await engine.requests.first?.messages.map(\.text) == ["Hello 👋"])
        scene.say("again")
        let second = try #require(scene.generations.last)
        await #expect(throws: EngineError.failed("The script has no more answers.")) {
            for try await _ in context.generate(second.request) {}
        }
    }

    @Test("the newest screen of a conversation of 10,000 messages lays out only what is shown")
    func longTranscript() {
        let created = Date(timeIntervalSince1970: 0)
        var messages: [Message] = []
        for number in 0..<10_000 {
            messages.append(
                Message(
                    id: "\(number)",
                    parent: number == 0 ? nil : "\(number - 1)",
                    role: number % 2 == 0 ? .user : .assistant,
                    parts: [.text("message \(number)")],
                    created: created
                )
            )
        }
        let transcript = Transcript(id: "01LONG", created: created, messages: messages)
        var scene = Scene(transcript: transcript)
        #expect(
            scene.lines[19] == "  gemma  message 9999" || scene.lines[18] == "  gemma  message 9999"
        )
        // A key costs about what it costs in an empty conversation, whatever else the machine does.
        var empty = Scene()
        let clock = ContinuousClock()
        func median(_ scene: inout Scene) -> Duration {
            let times = (0..<100).map { _ in
                clock.measure {
                    scene.press(.character("a"))
                    _ = scene.frame()
                }
            }
            return times.sorted()[50]
        }
        #expect(median(&scene) < median(&empty) * 12)
    }
}
