import Conversation
import Interface
import Media
import TerminalCore
import Testing

/// What stands between a draft with files and the model.
@Suite struct SendingScreenTests {
    /// The model's context is small.
    private func scene(context: Int = 1_000, width: Int = 120) -> Scene {
        var scene = Scene(width: width)
        var engine = MediaScene.seer
        engine.contextSize = context
        engine.senses = Senses(sees: true, hears: true)
        scene.send(.engineReady(engine))
        return scene
    }

    private func answerRequest(_ scene: inout Scene, _ readings: FileReading...) throws {
        let request = try #require(scene.fileRequests.last)
        scene.send(.filesRead(request, readings))
    }

    @Test("a video that the context has no room for is not sent, and the draft stays")
    func tooLarge() {
        var scene = scene()
        scene.attach(MediaScene.video, as: "/w/clip.mp4")
        #expect(scene.text.contains("tokens more than the context has room for"))
        for _ in 0..<3 { scene.say("x") }
        #expect(scene.generations.isEmpty)
        #expect(scene.saved.isEmpty)
        #expect(scene.fileRequests.count == 1)
        #expect(scene.text.contains("Not sent: this takes 1,"))
        // Frames take the fewest tokens already.
        #expect(!scene.text.contains("/tokens"))
        #expect(scene.text.contains("/detach takes a file out, facet with a"))
        #expect(scene.lines[22] == "> [clip.mp4] xxx")
        #expect(!scene.text.contains("Enter again"))
    }

    @Test("what stands behind a command that takes nothing is not lost")
    func behindCommand() {
        var scene = scene()
        for text in ["/write a letter to my landlord", "/help me with this", "/retry\nwith care"] {
            scene.send(.input(.paste(text)))
            scene.press(KeyPress(.enter))
            #expect(scene.state.chat.editor.text == text)
            #expect(scene.text.contains("put a space before the slash"))
            #expect(scene.state.overlay == nil)
            scene.press(.control("c"))
        }
    }

    @Test("the screen can be redrawn and left whatever is open")
    func redrawAnywhere() {
        var scene = scene()
        scene.say("/help")
        scene.press(.control("l"), .control("z"))
        let asked = scene.effects.compactMap { effect -> String? in
            switch effect {
            case .redraw: "redraw"
            case .suspend: "suspend"
            default: nil
            }
        }
        #expect(asked == ["redraw", "suspend"])
        #expect(scene.state.overlay != nil)
    }

    @Test("a picture that may take fewer tokens is sent when it takes them")
    func smaller() throws {
        var scene = scene(context: 200)
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("Not sent: this takes 64 tokens more"))
        #expect(scene.text.contains("/tokens 70 makes a"))
        scene.say("/tokens 70")
        scene.press(KeyPress(.enter))
        #expect(scene.fileRequests.last?.purpose == .send)
    }

    @Test("texts are a guess: Enter again sends what may not fit")
    func largeText() throws {
        var scene = scene()
        let text = String(repeating: "1234567890", count: 120)
        scene.say("/attach nums.txt")
        try answerRequest(&scene, .text(text, path: "/w/nums.txt"))
        // A digit is a token of its own.
        #expect(scene.lines[20].contains("1 nums.txt 1.2 kB, about 1.2k tokens"))
        #expect(scene.lines[20].contains("200 tokens more than the context has room for"))
        scene.say("sum?")
        #expect(scene.text.contains("Enter again sends it."))
        #expect(scene.fileRequests.count == 1)
        scene.press(KeyPress(.enter))
        try answerRequest(&scene, .text(text, path: "/w/nums.txt"))
        #expect(scene.generations.count == 1)
    }

    @Test("a file that is named by hand counts when it is read")
    func typed() throws {
        var scene = scene()
        scene.say("see @nums.txt")
        let reading = FileReading.text(String(repeating: "7", count: 2_000), path: "/w/nums.txt")
        try answerRequest(&scene, reading)
        #expect(scene.generations.isEmpty)
        #expect(scene.text.contains("Not sent: this takes about 1,0"))
        scene.press(KeyPress(.enter))
        try answerRequest(&scene, reading)
        #expect(scene.generations.count == 1)
    }

    @Test("what earlier turns take counts, but not what an edited message replaces")
    func used() throws {
        var scene = scene(context: 2_000)
        scene.say("one")
        var statistics = Statistics.sample
        (statistics.contextUsed, statistics.contextSize) = (1_500, 2_000)
        scene.answer(.text("1"), .finished(.endOfTurn, statistics))
        let text = FileReading.text(String(repeating: "7", count: 600), path: "/w/n.txt")
        scene.say("/attach n.txt")
        try answerRequest(&scene, text)
        #expect(scene.lines[20].contains("100 tokens more than the context has room for"))
        scene.press(.control("c"))
        scene.press(KeyPress(.tab), .character("E"), .control("u"))
        scene.say("/attach n.txt")
        try answerRequest(&scene, text)
        #expect(!scene.lines[20].contains("more than"))
    }

    @Test("a reading takes the place it was asked for, wherever that is by then")
    func places() throws {
        var scene = scene(context: 32_768)
        scene.type("hear @talk.mp3 and ")
        let talk = try #require(scene.fileRequests.last)
        scene.type("see @clip.mp4 and ")
        let clip = try #require(scene.fileRequests.last)
        scene.type("@talk.mp3x")
        scene.send(.filesRead(talk, [MediaScene.reading(MediaScene.sound, "/w/talk.mp3")]))
        #expect(scene.lines[22] == "> hear [talk.mp3] and see @clip.mp4 and @talk.mp3x")
        scene.send(.filesRead(clip, [MediaScene.reading(MediaScene.video, "/w/clip.mp4")]))
        #expect(scene.lines[22] == "> hear [talk.mp3] and see [clip.mp4] and @talk.mp3x")
    }

    @Test("a place that was changed meanwhile gets nothing")
    func changed() throws {
        var scene = scene(context: 32_768)
        scene.type("see @cat.png ")
        scene.press(KeyPress(.backspace), KeyPress(.backspace))
        try answerRequest(&scene, MediaScene.reading(MediaScene.picture, "/w/cat.png"))
        #expect(scene.lines[22] == "> see @cat.pn")
    }

    @Test("a completion goes where its word is after a file has come in")
    func completion() throws {
        var scene = scene(context: 32_768)
        scene.type("@ta")
        scene.send(.folderListed(MediaScene.folder))
        scene.press(KeyPress(.down), KeyPress(.enter))
        let talk = try #require(scene.fileRequests.last)
        #expect(talk.paths == ["talk.mp3"])
        scene.type("@ca")
        scene.send(.folderListed(MediaScene.folder))
        scene.send(.filesRead(talk, [MediaScene.reading(MediaScene.sound, "/w/talk.mp3")]))
        scene.press(KeyPress(.tab))
        try answerRequest(&scene, MediaScene.reading(MediaScene.picture, "/w/cat.png"))
        #expect(scene.lines[22] == "> [talk.mp3] [cat.png]")
    }

    @Test("Enter waits for files that are being read, and sends then")
    func waiting() throws {
        var scene = scene(context: 32_768)
        scene.send(.input(.paste("/w/cat.png")))
        let pasted = try #require(scene.fileRequests.last)
        scene.press(KeyPress(.enter))
        #expect(scene.generations.isEmpty)
        #expect(scene.lines[22] == "> /w/cat.png")
        scene.send(.filesRead(pasted, [MediaScene.reading(MediaScene.picture, "/w/cat.png")]))
        try answerRequest(
            &scene,
            MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)
        )
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.attachments.map(\.name) == ["cat.png"])
        #expect(message.text == "")
    }

    @Test("what is typed after Enter is not sent with what was waited for, a path of nothing is")
    func waitingEnds() throws {
        var scene = scene(context: 32_768)
        scene.send(.input(.paste("/w/none")))
        scene.press(KeyPress(.enter))
        scene.type("?")
        try answerRequest(&scene, .missing)
        #expect(scene.generations.isEmpty)
        scene.press(.control("c"))
        scene.send(.input(.paste("/w/none")))
        scene.press(KeyPress(.enter))
        try answerRequest(&scene, .missing)
        #expect(scene.generations.last?.request.messages.last?.text == "/w/none")
    }

    @Test("a file that is attached already is said and adds nothing; its options may change")
    func twice() throws {
        var scene = scene(context: 32_768)
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        #expect(scene.text.contains("cat.png is attached already."))
        #expect(scene.lines[22] == "> [cat.png]")
        scene.send(.input(.paste("/w/cat.png /w/cat.png")))
        let reading = MediaScene.reading(MediaScene.picture, "/w/cat.png")
        try answerRequest(&scene, reading, reading)
        #expect(scene.lines[22] == "> [cat.png]")
        scene.say("/attach cat.png tokens 70")
        try answerRequest(&scene, reading)
        #expect(scene.state.chat.editor.files.map(\.budget) == [.tokens70])
    }

    @Test(
        "options that mean nothing are said, and nothing is attached",
        arguments: [
            ("doc.pdf pages 9-2 tokens 7", "pages takes a page or a range"),
            ("doc.pdf pages 9-2 tokens 7", "tokens takes one of 70, 140, 280, 560, 1120, not 7."),
            ("pic.png tokens 99", "tokens takes one of 70, 140, 280, 560, 1120, not 99."),
            ("doc.pdf pages 0", "not 0."),
        ]
    )
    func options(argument: String, sentence: String) {
        var scene = scene(width: 200)
        scene.say("/attach \(argument)")
        #expect(scene.text.contains("Nothing is attached."))
        #expect(scene.text.contains(sentence))
        #expect(scene.fileRequests.isEmpty)
    }

    @Test("the sign of a mention may stand before a path that is attached")
    func sign() {
        var scene = scene()
        scene.say("/attach @\"my cat.png\" tokens 70")
        #expect(scene.fileRequests.last?.paths == ["my cat.png"])
    }

    @Test("options of another kind of file are said, and nothing is attached")
    func otherOptions() throws {
        var scene = scene()
        scene.say("/attach cat.png pages 1-2")
        try answerRequest(&scene, MediaScene.reading(MediaScene.picture, "/w/cat.png"))
        #expect(scene.text.contains("cat.png is no PDF file"))
        scene.say("/attach talk.mp3 tokens 70")
        try answerRequest(&scene, MediaScene.reading(MediaScene.sound, "/w/talk.mp3"))
        #expect(scene.text.contains("talk.mp3 goes as sound"))
        #expect(scene.state.chat.editor.files.isEmpty)
    }

    @Test("the list under the caret guesses tokens of texts only")
    func prices() {
        var scene = scene()
        scene.type("see @")
        scene.send(.folderListed(MediaScene.folder))
        let picture = scene.lines.first { $0.contains("cat.png") } ?? ""
        #expect(picture.contains("80 kB") && !picture.contains("token"))
        #expect(scene.lines.contains { $0.contains("世界.txt") && $0.contains("about 3 tokens") })
    }

    @Test("a pattern's pictures become chips of their own beside its texts")
    func pattern() throws {
        var scene = scene(context: 32_768)
        scene.type("see @*.* ")
        let bundle = TextBundle(
            path: "/w/*.*",
            content: .tree(count: 1),
            documents: [Document(name: "a.txt", text: "one")],
            media: [MediaScene.reading(MediaScene.picture, "/w/cat.png")]
        )
        try answerRequest(&scene, .texts(bundle))
        #expect(scene.lines[22] == "> see [w/*.*] [cat.png]")
        scene.press(KeyPress(.enter))
        #expect(scene.fileRequests.last?.chosen["/w/*.*"]?.takesTextsOnly == true)
        scene.press(.control("c"))
        scene.say("look at @*.png")
        var pictures = bundle
        (pictures.path, pictures.documents) = ("/w/*.png", [])
        pictures.media = [MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)]
        try answerRequest(&scene, .texts(pictures))
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.attachments.map(\.name) == ["cat.png"])
    }

    @Test(
        "over ssh a file that was typed, attached or dropped unquoted gets the line that copies it"
    )
    func remote() throws {
        var scene = scene(width: 200)
        scene.state.preferences.remote = RemoteShell(
            environment: ["SSH_CONNECTION": "10.0.0.9 50000 10.0.0.5 22", "USER": "me"],
            folder: "/work"
        )
        let line = "scp '/Users/ann/my cat.png' me@10.0.0.5:/work/"
        scene.type("@\"/Users/ann/my cat.png\" ")
        try answerRequest(&scene, .missing)
        #expect(scene.text.contains(line))
        scene.press(.control("c"))
        scene.say("/attach \"/Users/ann/my cat.png\"")
        try answerRequest(&scene, .missing)
        #expect(scene.text.contains(line))
        scene.send(.input(.paste("/Users/ann/my cat.png")))
        try answerRequest(&scene, .missing)
        #expect(scene.text.contains(line))
    }

    @Test("files of earlier messages that the model is not given are said once")
    func leftOut() {
        var scene = scene()
        scene.openEyesAndEars(sees: false)
        scene.say("hi")
        for name in ["cat.png", "dog.png", "cow.png"] {
            let report = MediaReport(name: name, step: .leftOut, summary: "", softTokens: 0)
            scene.answer(.media(report))
        }
        #expect(!scene.text.contains("cat.png"))
        scene.answer(.text("Hi."))
        #expect(
            scene.text.contains("cat.png and 2 others are not given to this model: it cannot see.")
        )
    }

    @Test("the sentence that a model does not see is whole on a small screen")
    func missing() {
        var scene = Scene()
        let reason =
            "Its part for pictures is not there: put mmproj-gemma-4-e2b-f16.gguf beside the model, "
            + "or name it with --mmproj FILE; facet doctor tells more about it."
        scene.openEyesAndEars(sees: false, missing: reason)
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        #expect(scene.text.contains("e2b Q4_0 cannot see pictures."))
        #expect(scene.text.contains("more about it."))
    }
}
