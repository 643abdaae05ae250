import Conversation
import Interface
import Media
import TerminalCore
import Testing

@Suite struct FilesScreenTests {
    private static let names = FolderListing(
        folder: "",
        entries: [
            FolderListing.Entry(name: "cat.png", isFolder: false, sizeInBytes: 81_920),
            FolderListing.Entry(name: "notes", isFolder: true, sizeInBytes: 0),
            FolderListing.Entry(name: "talk.mp3", isFolder: false, sizeInBytes: 900_000),
            FolderListing.Entry(name: ".hidden", isFolder: false, sizeInBytes: 1),
            FolderListing.Entry(name: "evil\u{1B}[31m\n.txt", isFolder: false, sizeInBytes: 2),
        ]
    )

    private func open(_ width: Int = 80, _ height: Int = 24) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.openEyesAndEars()
        scene.press(.control("x"), .character("a"))
        scene.send(.folderListed(Self.names))
        return scene
    }

    private func glances(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .glance(let path) = $0 { path } else { nil } }
    }

    private func folders(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .listFolder(let folder) = $0 { folder } else { nil } }
    }

    @Test("letters narrow the list, the marked file is looked at, Enter attaches it")
    func picking() throws {
        var scene = open()
        #expect(scene.lines[0].contains("Attach from the working folder"))
        #expect(scene.lines[2].contains("> notes/"))
        #expect(!scene.text.contains(".hidden"))
        scene.type("cat")
        #expect(glances(scene) == ["cat.png"])
        scene.send(.glanced("cat.png", MediaScene.reading(MediaScene.picture, "/w/cat.png")))
        #expect(scene.text.contains("1920x1080 -> 1056x576, 264 tokens"))
        #expect(scene.text.contains("▀▀▀"))
        // What was marked before does not come back.
        scene.send(.glanced("talk.mp3", .binary))
        #expect(scene.text.contains("264 tokens"))
        scene.press(KeyPress(.enter))
        #expect(scene.fileRequests.last?.paths == ["cat.png"])
        #expect(scene.lines[22] == ">")
    }

    @Test("folders are entered and left, and the last one is remembered")
    func folders() throws {
        var scene = open()
        scene.press(KeyPress(.enter))
        #expect(folders(scene) == ["", "notes/"])
        scene.send(.folderListed(FolderListing(folder: "notes/", entries: [])))
        #expect(scene.text.contains("Empty. Backspace goes up."))
        scene.press(KeyPress(.backspace), KeyPress(.backspace), KeyPress(.backspace))
        #expect(folders(scene) == ["", "notes/", "", "../", "../../"])
        scene.press(KeyPress(.escape))
        scene.say("/attach")
        #expect(folders(scene).last == "../../")
    }

    @Test(
        "it can be used at 40x12, and hostile names are cleaned",
        arguments: [(40, 12), (20, 6), (80, 24), (200, 60)]
    )
    func sizes(width: Int, height: Int) {
        var scene = open(width, height)
        scene.press(KeyPress(.down))
        scene.send(.glanced("cat.png", MediaScene.reading(MediaScene.picture, "/w/cat.png")))
        if height > 6 { #expect(scene.text.contains("> cat.png")) }
        if width >= 40 { #expect(scene.text.contains("264 tokens")) }
        #expect(!scene.text.contains("\u{1B}"))
    }

    @Test("a pattern is one chip that says how many files and tokens it brings")
    func patterns() throws {
        var scene = Scene()
        scene.type("explain @src/**/*.swift ")
        let request = try #require(scene.fileRequests.last)
        #expect(request.paths == ["src/**/*.swift"])
        let documents = (1...42).map {
            Document(name: "f\($0)", text: String(repeating: "x", count: 100))
        }
        let bundle = TextBundle(
            path: "/w/src/**/*.swift",
            content: .tree(count: 42),
            documents: documents,
            notes: ["1 of 43 files hold no text and are left out."]
        )
        scene.send(.filesRead(request, [.texts(bundle)]))
        #expect(scene.text.contains("1 of 43 files hold no text and are left out."))
        #expect(scene.text.contains("1 src/**/*.swift 42 files, 4.1 kB, about 1.0k tokens"))
        #expect(scene.lines[22] == "> explain [src/**/*.swift]")
        let later = Scene(kept: KeptState(draft: Draft(scene.state.chat.editor.contents)))
        #expect(later.state.chat.editor.files == scene.state.chat.editor.files)
        scene.press(KeyPress(.enter))
        let sending = try #require(scene.fileRequests.last)
        scene.send(.filesRead(sending, [.texts(bundle)]))
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.parts.count == 43)
        #expect(scene.text.contains("[42 files, 4.4 kB]"))
    }

    @Test("a document brings its text, or pages as pictures")
    func documents() throws {
        var scene = Scene(width: 120)
        scene.openEyesAndEars()
        scene.say("/attach paper.pdf")
        var request = try #require(scene.fileRequests.last)
        let text = TextBundle(
            path: "/w/paper.pdf",
            content: .document(PageChoice(count: 12)),
            documents: [Document(name: "paper.pdf", text: "words")]
        )
        scene.send(.filesRead(request, [.texts(text)]))
        #expect(scene.text.contains("1 paper.pdf text of 12 pages, 5 bytes, about 2 tokens"))
        scene.press(.control("c"))
        scene.say("/attach paper.pdf pages 2-4 tokens 560")
        request = try #require(scene.fileRequests.last)
        #expect(request.paths == ["paper.pdf"])
        #expect(request.options.pages == PageChoice(pages: 2...4, arePictures: true))
        let choice = PageChoice(pages: 2...4, arePictures: true, count: 3)
        var pages = PageReading(path: "/w/paper.pdf", sizeInBytes: 9_000, choice: choice)
        scene.send(.filesRead(request, [.pages(pages)]))
        #expect(scene.text.contains("1 paper.pdf pages 2-4 as pictures, up to 1,680 tokens"))
        scene.type("what does it say?")
        scene.press(KeyPress(.enter))
        let sending = try #require(scene.fileRequests.last)
        #expect(sending.chosen["/w/paper.pdf"]?.pages == choice)
        #expect(sending.chosen["/w/paper.pdf"]?.budget == .tokens560)
        pages.kept = (2...4).map {
            Attachment(
                kind: .image,
                name: "paper.pdf page \($0).png",
                hash: String(repeating: "0\($0)", count: 32),
                sizeInBytes: 5
            )
        }
        scene.send(.filesRead(sending, [.pages(pages)]))
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.attachments.count == 3)
        #expect(message.text == "@paper.pdf what does it say?")
    }

    @Test("a recording shows that the microphone is open, its level, and attaches when it ends")
    func recording() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.press(.control("x"), .character("l"))
        #expect(scene.status.contains("REC 0:00"))
        for tenth in 1...65 {
            let level = RecordingEvent.level(seconds: Double(tenth) / 10, level: 0.5)
            scene.send(.recording(level))
        }
        #expect(scene.status.contains("REC 0:06"))
        #expect(scene.text.contains("recording ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄ 6.5 of 30 s"))
        scene.press(.control("x"), .character("l"))
        scene.send(.recording(.ended(path: "/s/recording-1.wav", reachedLimit: true)))
        #expect(!scene.status.contains("REC"))
        #expect(
            scene.text.contains("The recording ended at 30 s: a model hears no more of a clip.")
        )
        #expect(scene.fileRequests.last?.paths == ["/s/recording-1.wav"])
        let asked = scene.effects.count {
            if case .startRecording = $0 { true } else { false }
        }
        #expect(asked == 1)
    }

    @Test("nothing is recorded for a model that does not hear, and without a device")
    func noRecording() {
        var scene = Scene(width: 120)
        scene.openEyesAndEars(hears: false)
        scene.say("/record")
        #expect(scene.text.contains("e2b Q4_0 cannot hear."))
        #expect(!scene.status.contains("REC"))
        scene.openEyesAndEars()
        scene.say("/record")
        scene.send(.recording(.failed("There is no microphone to record from: none.")))
        #expect(scene.text.contains("There is no microphone to record from: none."))
        #expect(!scene.status.contains("REC"))
    }

    @Test("the clipboard's picture is asked for by key and attaches as a file")
    func clipboard() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        scene.press(.control("v"))
        let asked = scene.effects.count {
            if case .pastePicture(session: "01SCENE") = $0 { true } else { false }
        }
        #expect(asked == 1)
        scene.send(.pictureFound(session: "01SCENE", path: "/s/clipboard-1.png"))
        #expect(scene.fileRequests.last?.paths == ["/s/clipboard-1.png"])
    }
}
