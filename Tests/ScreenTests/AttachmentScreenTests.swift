import Conversation
import Interface
import TerminalCore
import Testing

@Suite struct AttachmentScreenTests {
    private func requests(_ scene: Scene) -> [FileRequest] {
        scene.effects.compactMap { if case .readFiles(let request) = $0 { request } else { nil } }
    }

    /// Answers the last request with one reading for each of its paths.
    private func read(_ scene: inout Scene, _ readings: FileReading...) throws {
        let request = try #require(requests(scene).last)
        #expect(request.paths.count == readings.count)
        scene.send(.filesRead(request, readings))
    }

    private func attached(_ text: String = "one\ntwo\n", as path: String = "/w/a.txt")
        -> FileReading
    {
        .text(text, path: path)
    }

    @Test("/attach puts a chip into the draft and lists it above; sent, its text goes before")
    func attaching() throws {
        var scene = Scene()
        scene.say("/attach a.txt")
        try read(&scene, attached())
        #expect(scene.lines[20] == "  1 a.txt 8 bytes, about 2 tokens")
        scene.type("explain")
        #expect(scene.lines[22] == "> [a.txt] explain")
        scene.press(KeyPress(.enter))
        #expect(scene.generations.isEmpty)
        #expect(requests(scene).last?.paths == ["/w/a.txt"])
        // What counts is what the file holds now.
        try read(&scene, attached("new\n"))
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.text == "a.txt:\n\nnew\n\n\n@a.txt explain")
        #expect(message.parts.count == 2)
        #expect(scene.lines[0] == "  you    [a.txt, 4 bytes]")
        #expect(scene.lines[1] == "         @a.txt explain")
        #expect(scene.saved.last?.title == "@a.txt explain")
        scene.answer(.finished(.endOfTurn, .sample))
        scene.press(KeyPress(.up))
        #expect(scene.lines[22] == "> @a.txt explain")
    }

    @Test("Backspace on a chip detaches, undo attaches again, /detach goes by number")
    func detaching() throws {
        var scene = Scene()
        for name in ["a.txt", "b.txt"] {
            scene.type("/attach \(name)")
            scene.press(KeyPress(.enter))
            try read(&scene, attached(as: "/w/\(name)"))
        }
        #expect(
            scene.lines[20] == "  1 a.txt 8 bytes, about 2 tokens  2 b.txt 8 bytes, about 2 tokens"
        )
        #expect(scene.lines[22] == "> [a.txt] [b.txt]")
        scene.press(KeyPress(.backspace), KeyPress(.backspace))
        #expect(scene.lines[20] == "  1 a.txt 8 bytes, about 2 tokens")
        scene.press(.control("_"), .control("_"))
        #expect(scene.lines[22] == "> [a.txt] [b.txt]")
        scene.say("/detach 1")
        #expect(scene.text.contains("a.txt is not attached any more; Ctrl-_ brings it back."))
        #expect(scene.lines[22] == "> [b.txt]")
        scene.press(.control("_"))
        #expect(scene.lines[22] == "> [a.txt] [b.txt]")
        scene.say("/detach 3")
        #expect(scene.text.contains("Say which: /detach 1 to /detach 2."))
        #expect(scene.lines[22] == "> [a.txt] [b.txt]")
    }

    @Test("a file that is typed by hand is read when the message is sent")
    func typed() throws {
        var scene = Scene()
        scene.say("compare @a.txt with @\"my b.txt\".")
        #expect(requests(scene).last?.paths == ["a.txt", "my b.txt"])
        try read(&scene, attached(), attached("b", as: "/w/my b.txt"))
        let message = try #require(scene.generations.last?.request.messages.last)
        #expect(message.parts.count == 3)
        #expect(message.text.hasSuffix("compare @a.txt with @\"my b.txt\"."))
    }

    @Test("a handle is a word; a missing file is said, and Enter again sends")
    func missing() throws {
        var scene = Scene()
        scene.say("thank @alice")
        try read(&scene, .missing)
        #expect(scene.generations.last?.request.messages.last?.text == "thank @alice")
        scene.answer(.finished(.endOfTurn, .sample))
        scene.say("see @gone.txt")
        try read(&scene, .missing)
        #expect(scene.generations.count == 1)
        #expect(scene.text.contains("There is no file \"gone.txt\"."))
        #expect(scene.lines[22] == "> see @gone.txt")
        scene.press(KeyPress(.enter))
        try read(&scene, .missing)
        #expect(scene.generations.count == 2)
    }

    @Test(
        "what cannot be attached is said plainly",
        arguments: [
            (
                FileReading.folder,
                "\"x\" is a folder. Name a file in it, or several by a pattern: @x/**."
            ),
            (.tooLarge(bytes: 3 << 20), "\"x\" has 3.0 MB; a file in a message may have 256 kB"),
            (.unusable("\"x\" is cut off."), "\"x\" is cut off."),
            (.binary, "\"x\" is neither text nor a picture, sound or video"),
            (.missing, "There is no file \"x\"."),
            (.unreadable("Permission denied"), "\"x\" can't be read: Permission denied."),
        ]
    )
    func refusals(reading: FileReading, sentence: String) throws {
        var scene = Scene(width: 200)
        scene.say("/attach x")
        try read(&scene, reading)
        #expect(scene.text.contains(sentence))
        #expect(scene.lines[22] == ">")
    }

    @Test("a pasted path that exists becomes a chip, another one stays text and is no command")
    func pasting() throws {
        var scene = Scene()
        scene.send(.input(.paste("/home/me/a.txt")))
        #expect(scene.lines[22] == "> /home/me/a.txt")
        scene.type(" what is it?")
        try read(&scene, attached(as: "/home/me/a.txt"))
        #expect(scene.lines[22] == "> [a.txt] what is it?")
        scene.press(.control("_"))
        #expect(scene.lines[22] == "> /home/me/a.txt what is it?")
        scene.press(.control("c"))
        scene.send(.input(.paste("/home/me/none")))
        try read(&scene, .missing)
        scene.press(KeyPress(.enter))
        #expect(scene.generations.last?.request.messages.last?.text == "/home/me/none")
    }

    @Test("what is typed while files are read is not lost and sends nothing")
    func typing() throws {
        var scene = Scene()
        scene.say("see @a.txt")
        scene.type(" and more")
        try read(&scene, attached())
        #expect(scene.generations.isEmpty)
        #expect(scene.lines[22] == "> see @a.txt and more")
        scene.press(KeyPress(.enter))
        try read(&scene, attached())
        #expect(scene.generations.count == 1)
    }

    @Test("a draft with an attached file is kept and comes back")
    func keeping() throws {
        var scene = Scene()
        scene.say("/attach a.txt")
        try read(&scene, attached())
        let draft = Draft(scene.state.chat.editor.contents)
        var later = Scene(kept: KeptState(draft: draft))
        #expect(later.lines[20] == "  1 a.txt 8 bytes, about 2 tokens")
    }

    @Test("what the external editor leaves of a file's name is the file, what it takes out is gone")
    func externalEditor() throws {
        var scene = Scene()
        for name in ["cat.png", "notes", "b.txt"] {
            scene.say("/attach \(name)")
            try read(&scene, attached(as: "/w/\(name)"))
        }
        scene.type("look")
        scene.press(.control("g"))
        let lent = scene.effects.compactMap {
            if case .openEditor(let text) = $0 { text } else { nil }
        }
        #expect(lent.last == "@cat.png @notes @b.txt look")
        let edited = "Is @notes, not @notes-2 nor me@cat.png, in @cat.png.txt or (@cat.png)?"
        scene.send(.editorClosed(edited + "\n"))
        #expect(scene.state.chat.editor.files.map(\.path) == ["/w/notes", "/w/cat.png"])
        #expect(
            scene.text.contains(
                "> Is [notes], not @notes-2 nor me@cat.png, in @cat.png.txt or ([cat.png])?"
            )
        )
        scene.press(.control("_"))
        #expect(scene.text.contains("> [cat.png] [notes] [b.txt] look"))
    }

    @Test("a message with files that is dropped from the queue is the draft again")
    func droppedFiles() throws {
        var scene = Scene()
        scene.say("first")
        scene.say("/attach a.txt")
        try read(&scene, attached())
        scene.type("explain")
        scene.press(KeyPress(.enter))
        try read(&scene, attached())
        #expect(scene.state.chat.queue.count == 1)
        scene.press(.control("x"), .character("d"))
        #expect(scene.state.chat.queue.isEmpty)
        #expect(scene.lines[22] == "> [a.txt] explain")
        #expect(scene.text.contains("is the draft again; Ctrl-C clears it."))
    }

    @Test("the queue: Up edits the newest, a key drops it, /queue shows and drops by number")
    func queue() throws {
        var scene = Scene()
        for text in ["first", "second", "third", "fourth"] { scene.say(text) }
        #expect(scene.state.chat.queue.map(\.text) == ["second", "third", "fourth"])
        scene.press(KeyPress(.up))
        #expect(scene.lines[22] == "> fourth")
        scene.type("!")
        scene.press(KeyPress(.enter))
        #expect(scene.state.chat.queue.map(\.text) == ["second", "third", "fourth!"])
        scene.press(.control("x"), .character("d"))
        #expect(scene.text.contains("Dropped \"fourth!\"; Ctrl-P brings it back."))
        scene.say("/queue drop 1")
        #expect(scene.state.chat.queue.map(\.text) == ["third"])
        scene.say("/queue")
        #expect(scene.text.contains("1. third"))
        scene.press(KeyPress(.escape))
        scene.answer(.finished(.endOfTurn, .sample))
        #expect(scene.generations.last?.request.messages.last?.text == "third")
    }
}
