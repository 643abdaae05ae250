import Conversation
import Interface
import Media
import TerminalCore
import Testing

@Suite struct MediaScreenTests {
    @Test("a picture is a chip, its cost is said before sending, and it goes before the text")
    func picture() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        #expect(scene.lines[20].hasPrefix("  1 cat.png 1920x1080 -> 1056x576, 264 tokens"))
        #expect(scene.lines[20].hasSuffix("32k of 32k stay free"))
        scene.type("what is this?")
        #expect(scene.lines[22] == "> [cat.png] what is this?")
        scene.press(KeyPress(.enter))
        let request = try #require(scene.fileRequests.last)
        #expect(request.purpose == .send && request.paths == ["/w/cat.png"])
        scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)])
        )
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.attachments.map(\.name) == ["cat.png"])
        #expect(message.attachments.map(\.imageTokens) == [nil])
        #expect(message.text == "what is this?")
        #expect(message.parts.count == 2 && message.parts.last == .text("what is this?"))
        #expect(scene.saved.last?.title == "what is this?")
        #expect(scene.lines[0] == "  you    [picture cat.png, 80 kB]")
        #expect(scene.lines[1] == "         what is this?")
    }

    @Test("a picture alone is a message; one within a sentence keeps its name there")
    func silent() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.press(KeyPress(.enter))
        var request = try #require(scene.fileRequests.last)
        scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)])
        )
        let first = try #require(scene.generations.last?.request.messages.last)
        #expect(first.parts.count == 1 && first.attachments.count == 1)
        #expect(scene.saved.last?.title == "cat.png")
        scene.answer(.finished(.endOfTurn, .sample))
        scene.type("compare ")
        scene.send(.input(.paste("/w/dog.png")))
        request = try #require(scene.fileRequests.last)
        scene.send(.filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/dog.png")]))
        scene.type(" with a cat")
        scene.press(KeyPress(.enter))
        request = try #require(scene.fileRequests.last)
        scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/dog.png", kept: true)])
        )
        let second = try #require(scene.generations.last?.request.messages.last)
        #expect(second.text == "compare @dog.png with a cat")
    }

    @Test("/tokens and the configuration set what a picture may take; frames only when chosen")
    func budgets() throws {
        var scene = Scene(width: 120)
        scene.openEyesAndEars()
        scene.state.preferences.imageTokens = .tokens140
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.attach(MediaScene.video, as: "/w/clip.mp4")
        #expect(scene.text.contains("1920x1080 -> 720x384, 120 tokens"))
        #expect(scene.text.contains("8.0 s -> 32 frames, 00:00-00:07, 2,272 tokens + sound 200"))
        scene.say("/tokens 560 1")
        #expect(scene.text.contains("cat.png may take 560 tokens."))
        #expect(scene.text.contains("1920x1080 -> 1488x816, 527 tokens"))
        scene.say("/tokens 100")
        #expect(scene.text.contains("/tokens takes one of 70, 140, 280, 560, 1120"))
        scene.say("/tokens 140")
        #expect(scene.text.contains("clip.mp4 may take 140 tokens."))
        scene.press(KeyPress(.enter))
        let request = try #require(scene.fileRequests.last)
        scene.send(
            .filesRead(
                request,
                [
                    MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true),
                    MediaScene.reading(MediaScene.video, "/w/clip.mp4", kept: true),
                ]
            )
        )
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.attachments.map(\.imageTokens) == [560, 140])
    }

    @Test(
        "a number that no file has is refused with a sentence",
        arguments: [Int.min, -1, 0, 2, Int.max]
    )
    func hostileNumbers(number: Int) {
        var scene = Scene(width: 120)
        scene.openEyesAndEars()
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.say("/detach \(number)")
        #expect(scene.text.contains("Say which: /detach 1."))
        scene.say("/tokens 560 \(number)")
        #expect(scene.text.contains("is no picture or video of this message."))
        #expect(scene.state.chat.editor.files.count == 1)
    }

    @Test("what is cut is never silent, and neither is a model that cannot take a file")
    func remarks() throws {
        var scene = Scene(width: 120)
        scene.openEyesAndEars(hears: false, missing: "Get mmproj-e2b.gguf beside the model.")
        scene.attach(MediaScene.sound, as: "/w/talk.mp3")
        #expect(scene.text.contains("talk.mp3: It lasts 62 s; the model hears the first 30 s."))
        #expect(scene.text.contains("e2b Q4_0 cannot hear. Get mmproj-e2b.gguf beside the model."))
        scene.press(KeyPress(.enter))
        let request = try #require(scene.fileRequests.last)
        scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.sound, "/w/talk.mp3", kept: true)])
        )
        #expect(scene.generations.isEmpty)
        #expect(scene.lines[22].hasPrefix("> [talk.mp3]"))
    }

    @Test("an unfolded message shows its picture, which is asked for once and when it is seen")
    func unfolding() throws {
        var scene = Scene(width: 120, height: 40)
        scene.openEyesAndEars()
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.say("what is this?")
        let request = try #require(scene.fileRequests.last)
        scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)])
        )
        scene.answer(.text("A cat."), .finished(.endOfTurn, .sample))
        #expect(scene.previewRequests.isEmpty)
        scene.press(.control("o"))
        let source = try #require(scene.previewRequests.last)
        guard case .kept(let attachment) = source else { throw Unexpected() }
        #expect(attachment.name == "cat.png")
        #expect(scene.lines[1] == "         ...")
        scene.send(.tick)
        #expect(scene.previewRequests.count == 1)
        scene.send(.previewed(source, .there(MediaScene.picture)))
        #expect(scene.lines[0] == "  you    [picture cat.png, 80 kB, 1920x1080]")
        #expect(scene.lines[1].contains("▀▀▀"))
        #expect(scene.lines[12].contains("▀▀▀"))
        #expect(scene.lines[13] == "         what is this?")
        // A terminal that shows pixels finds the picture by its number.
        #expect(scene.frame().surface[9, 1].picture == PictureCell(number: 2, column: 0, row: 0))
    }

    @Test("an edited message has its picture again, and sends it without reading the file")
    func editing() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.attach(MediaScene.picture, as: "/w/cat.png")
        scene.say("what is this?")
        let request = try #require(scene.fileRequests.last)
        scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)])
        )
        scene.answer(.text("A cat."), .finished(.endOfTurn, .sample))
        scene.press(KeyPress(.tab), .character("E"))
        #expect(scene.lines[22] == "> [cat.png] what is this?")
        let later = Scene(kept: KeptState(draft: Draft(scene.state.chat.editor.contents)))
        #expect(later.state.chat.editor.files == scene.state.chat.editor.files)
        let asked = scene.fileRequests.count
        scene.press(KeyPress(.enter))
        #expect(scene.fileRequests.count == asked)
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.attachments.count == 1 && message.text == "what is this?")
    }

    @Test("several dropped files become chips at once; what is not there stays and is said")
    func dropping() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.send(.input(.paste("'/w/my cat.png' /w/gone.png /w/talk.mp3 ")))
        let request = try #require(scene.fileRequests.last)
        #expect(request.paths == ["/w/my cat.png", "/w/gone.png", "/w/talk.mp3"])
        scene.send(
            .filesRead(
                request,
                [
                    MediaScene.reading(MediaScene.picture, "/w/my cat.png"), .missing,
                    MediaScene.reading(MediaScene.sound, "/w/talk.mp3"),
                ]
            )
        )
        #expect(scene.lines[22] == "> [my cat.png] [talk.mp3] /w/gone.png")
        #expect(scene.text.contains("There is no file \"/w/gone.png\"."))
    }

    @Test("over ssh a dropped file is the other machine's: the line that copies it is said")
    func remote() throws {
        var scene = Scene(width: 200)
        scene.state.preferences.remote = RemoteShell(
            environment: [
                "SSH_CONNECTION": "10.0.0.9 50000 10.0.0.5 2222", "USER": "me",
            ],
            folder: "/work"
        )
        scene.send(.input(.paste("/Users/ann/my\\ cat.png ")))
        let request = try #require(scene.fileRequests.last)
        scene.send(.filesRead(request, [.missing]))
        #expect(
            scene.text.contains("  scp -P 2222 '/Users/ann/my cat.png' me@10.0.0.5:/work/")
        )
        #expect(scene.text.contains("and then attach @\"my cat.png\""))
        scene.press(.control("c"))
        scene.send(.input(.paste("C:\\Users\\ann\\cat.png")))
        #expect(scene.text.contains("cat.png is not on this machine"))
        scene.press(.control("c"))
        scene.send(.input(.paste("just some text")))
        #expect(!scene.text.contains("scp"))
    }

    @Test("a path that is dropped with a blank behind it leaves room for the next word")
    func blank() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.send(.input(.paste("/w/cat.png ")))
        let request = try #require(scene.fileRequests.last)
        scene.send(.filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png")]))
        scene.type("what is it?")
        #expect(scene.lines[22] == "> [cat.png] what is it?")
    }

    @Test("names and sentences of files are cleaned like any other text")
    func hostile() throws {
        var scene = Scene(width: 120, height: 40)
        scene.openEyesAndEars()
        let path = "/w/evil\u{1B}[2J\u{202E}gnp.\u{7}png"
        scene.say("/attach x")
        let request = try #require(scene.fileRequests.last)
        var preview = MediaScene.picture
        preview.notes = ["It says \u{1B}]0;title\u{7} and \u{9B}31m."]
        scene.send(.filesRead(request, [MediaScene.reading(preview, path)]))
        #expect(scene.state.chat.editor.files.count == 1)
        for cell in scene.text.unicodeScalars {
            let isHidden = cell.value < 0x20 && cell != "\n" || (0x7F..<0xA0).contains(cell.value)
            #expect(!isHidden && cell.value != 0x202E)
        }
    }

    @Test("a video's frames that are being looked at are counted in the status line")
    func looking() {
        var scene = Scene()
        scene.say("what is this?")
        var report = MediaReport(
            name: "clip.mp4",
            step: .encoding(done: 3, of: 32),
            summary: "",
            softTokens: 2_112
        )
        scene.answer(.media(report))
        #expect(scene.status.contains("looking at clip.mp4 3 of 32"))
        report.step = .ready(decodeSeconds: 1, encodeSeconds: 2)
        scene.answer(.media(report))
        #expect(scene.status.contains("waiting"))
    }

    private struct Unexpected: Error {}
}
