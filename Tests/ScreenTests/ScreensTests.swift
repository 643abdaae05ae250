import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

/// Every pane and overlay at four sizes, compared with the screens in `Screens/`.
///
/// `FACET_RECORD_SCREENS=1` writes them anew; look at the difference before committing it.
@Suite struct ScreensTests {
    enum Subject: String, CaseIterable, Sendable {
        case empty, conversation, thinking, draft, queue, prefix, sessions, thoughts, answer, tokens
        case split, palette, help, question, search, error, loading, rename, find
        case picture, sound, video, attached, files, recording
        case welcome, offer
    }

    static let sizes = [(40, 12), (80, 24), (120, 40), (200, 60)].map {
        Size(width: $0.0, height: $0.1)
    }

    @Test("every pane and overlay at four sizes", arguments: Subject.allCases, sizes)
    func screens(subject: Subject, size: Size) throws {
        var scene = Self.scene(subject, size)
        let frame = scene.frame()
        let text = frame.surface.text + "\n" + Self.caret(frame) + "\n"
        let file = Self.folder.appending(
            path: "\(subject.rawValue)-\(size.width)x\(size.height).txt"
        )
        if ProcessInfo.processInfo.environment["FACET_RECORD_SCREENS"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        #expect(text == expected)
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Screens")

    private static func caret(_ frame: Frame) -> String {
        frame.caret.map { "caret at column \($0.column), row \($0.row)" } ?? "no caret"
    }

    private static func scene(_ subject: Subject, _ size: Size) -> Scene {
        var scene = Scene(width: size.width, height: size.height, isReady: subject != .loading)
        switch subject {
        case .empty, .loading: break
        case .conversation: talk(&scene)
        case .thinking: think(&scene)
        case .draft:
            scene.type("A draft of 世界 and 👩‍👩‍👧")
            scene.press(KeyPress(.enter, .alt))
            scene.send(.input(.paste(String(repeating: "line\n", count: 40))))
        case .queue:
            think(&scene)
            scene.say("And 1003?")
            scene.say("And 1009?")
        case .prefix:
            scene.press(.control("x"))
            scene.send(.tick, after: 1)
        case .sessions:
            talk(&scene)
            scene.press(.control("x"), .character("s"))
            scene.send(.sessionsListed(listings(scene)))
            scene.press(.character("j"))
        case .thoughts: inspect(&scene, "1")
        case .answer: inspect(&scene, "2")
        case .tokens:
            scene.press(.control("x"), .character("i"), .character("3"), KeyPress(.escape))
            inspect(&scene, "3")
        case .split:
            think(&scene)
            scene.press(.control("x"), .character("v"))
            let second = Transcript(id: "01B", title: "Rain", created: scene.now)
            scene.send(.sessionOpened(OpenedSession(transcript: second), slot: 1))
            scene.say("A haiku about rain, please.")
            scene.answer(.text("Rain taps the rooftops,\na patient, silver drumming,"))
        case .palette:
            scene.press(.control("x"), .character("p"))
            scene.type("think")
        case .help: scene.press(.control("x"), .character("?"))
        case .question:
            talk(&scene)
            scene.say("/compact")
        case .rename:
            talk(&scene)
            scene.press(.control("x"), .character("s"))
            scene.send(.sessionsListed(listings(scene)))
            scene.press(.character("j"), .character("r"))
        case .find:
            talk(&scene)
            scene.say("/find prime tag:maths")
            scene.send(.found(1, .found(hits(scene))))
            scene.press(KeyPress(.down))
        case .welcome: scene = .welcome(width: size.width, height: size.height)
        case .offer:
            scene = .welcome(width: size.width, height: size.height)
            scene.press(.character("1"), KeyPress(.enter))
        case .picture: attach(&scene, MediaScene.picture, as: "/w/cat.png")
        case .sound: attach(&scene, MediaScene.sound, as: "/w/talk.mp3")
        case .video: attach(&scene, MediaScene.video, as: "/w/clip.mp4")
        case .attached:
            for (preview, path) in MediaScene.all { attach(&scene, preview, as: path) }
            let request = scene.sendDraft()
            let readings = MediaScene.all.map { MediaScene.reading($0.0, $0.1, kept: true) }
            scene.send(.filesRead(request, readings))
            scene.answer(.text("A cat, a talk and a clip."), .finished(.endOfTurn, .sample))
            scene.press(.control("o"))
            for source in scene.previewRequests {
                scene.send(.previewed(source, MediaScene.outcome(source)))
            }
            attach(&scene, MediaScene.picture, as: "/w/a picture with a long name.png")
        case .files:
            scene.openEyesAndEars()
            scene.press(.control("x"), .character("a"))
            scene.send(.folderListed(MediaScene.folder))
            scene.press(KeyPress(.down))
            scene.send(.glanced("cat.png", MediaScene.reading(MediaScene.picture, "/w/cat.png")))
        case .recording:
            scene.openEyesAndEars()
            scene.press(.control("x"), .character("l"))
            for tenth in 1...40 {
                let level = Float(tenth % 10) / 10
                scene.send(.recording(.level(seconds: Double(tenth) / 10, level: level)))
            }
        case .search:
            talk(&scene)
            scene.press(KeyPress(.tab), .character("/"))
            scene.type("143")
            scene.press(KeyPress(.enter))
        case .error:
            scene.say("hello")
            scene.send(.generationFailed(1, "This needs 900 MiB of memory but 300 MiB are free."))
            scene.send(.saveFailed("The disk is full; the conversation is kept in memory."))
        }
        return scene
    }

    /// A file is attached to a model that sees and hears.
    private static func attach(_ scene: inout Scene, _ preview: FilePreview, as path: String) {
        scene.openEyesAndEars()
        scene.attach(preview, as: path)
    }

    private static func think(_ scene: inout Scene) {
        scene.say("Is 1001 prime?")
        let plan = ThinkingPlan(thinks: true, budget: 256, rule: "auto: short and plain")
        scene.answer(
            .started(
                AnswerPlan(thinking: plan, promptTokens: 20, reusedTokens: 0, contextSize: 32_768)
            ),
            .thought("1001 is a little more than 31 squared,"),
            .thought(" so primes up to 31 are enough.\n"),
            .thought("7 x 143 = 1001.")
        )
    }

    private static func talk(_ scene: inout Scene) {
        think(&scene)
        let token = TokenDetail(
            id: 9,
            text: "No",
            logprob: -0.2,
            alternatives: [
                TokenDetail.Alternative(id: 9, text: "No", logprob: -0.2),
                TokenDetail.Alternative(id: 8, text: "Yes", logprob: -2.1),
            ],
            seconds: 0.1
        )
        scene.answer(
            .thoughtClosed(),
            .token(token),
            .text("**No.** 1001 = 7 x 11 x 13, as [OEIS](https://oeis.org/A002113) may say.\n\n"),
            .text("| divisor | rest |\n|---|---|\n| 7 | 143 |\n| 11 | 13 |\n\n"),
            .text("```python\nprint(7 * 11 * 13)  # 1001\n```\n\n- a list\n  - and 世界 below it\n"),
            .finished(.endOfTurn, .sample)
        )
    }

    private static func inspect(_ scene: inout Scene, _ tab: Character) {
        talk(&scene)
        scene.press(.control("x"), .character("i"), .character(tab))
    }

    private static func hits(_ scene: Scene) -> [FoundMessage] {
        [
            FoundMessage(
                session: "01SCENE",
                title: "Is 1001 prime?",
                message: "m",
                place: "gemma, thought",
                date: scene.now - 60,
                line: "1001 is a little more than 31 squared, so primes up to 31 are enough.",
                matches: [42..<48]
            ),
            FoundMessage(
                session: "01OTHER",
                title: "世界 and a title that is far too long for any list of hits on a small screen",
                message: "n",
                place: "you",
                date: scene.now - 400_000,
                line: "Which primes are there between 1000 and 1100?",
                matches: [6..<12]
            ),
            FoundMessage(
                session: "01OTHER",
                title: "Prime numbers",
                message: nil,
                place: "title",
                date: scene.now - 900_000,
                line: "Prime numbers",
                matches: [0..<5]
            ),
        ]
    }

    private static func listings(_ scene: Scene) -> [SessionListing] {
        [
            SessionListing(
                id: "01SCENE",
                title: "Is 1001 prime?",
                updated: scene.now - 5,
                messageCount: 2
            ),
            SessionListing(
                id: "01B",
                title: "A trip to 世界 with 👩‍👩‍👧",
                updated: scene.now - 7_200,
                messageCount: 14
            ),
            SessionListing(
                id: "01X",
                title: "01X",
                updated: scene.now - 1_000_000,
                messageCount: 0,
                problem: "it ends in the middle of a string"
            ),
        ]
    }
}
