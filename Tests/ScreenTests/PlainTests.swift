import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

/// Lines in, words out.
private struct Talk {
    var scene = Scene()
    var voice = PlainVoice()

    mutating func hear() -> String { voice.say(scene.state) }

    mutating func type(_ line: String) -> String {
        scene.send(.line(line))
        return hear()
    }
}

@Suite struct PlainTests {
    @Test("a picture that is attached is said with what the model is given of it")
    func picture() throws {
        var scene = Scene()
        scene.openEyesAndEars()
        var voice = PlainVoice()
        _ = voice.say(scene.state)
        scene.send(.line("/attach cat.png"))
        let request = try #require(scene.fileRequests.last)
        scene.send(.filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png")]))
        #expect(
            voice.say(scene.state)
                == "Attached to the next message: cat.png, 81,920 bytes, "
                + "1920x1080 -> 1056x576, 264 tokens.\n"
        )
        scene.send(.line("/tokens 70"))
        #expect(voice.say(scene.state).contains("cat.png may take 70 tokens."))
        scene.send(.line("/record"))
        #expect(voice.say(scene.state) == "")
        scene.send(.recording(.level(seconds: 0.1, level: 0.5)))
        #expect(voice.say(scene.state).hasPrefix("The microphone is open. /record ends"))
        scene.send(.line("/record"))
        scene.send(.recording(.failed("There is no microphone to record from: none.")))
        let words = voice.say(scene.state)
        #expect(words.contains("The microphone is closed."))
        #expect(words.contains("There is no microphone to record from: none."))
    }

    @Test("an answer is said once, in pieces, with roles and changes in words")
    func answer() {
        var talk = Talk()
        #expect(
            talk.hear() == """
                e2b Q4_0 is ready, local, with a context of 32,768 tokens.
                A new conversation. Type a message, or /help for the commands.

                """
        )
        #expect(talk.type("Is 1001 prime?") == "")
        talk.scene.answer(.thought("7 x 143"))
        #expect(talk.hear() == "Gemma is thinking.\n")
        talk.scene.answer(.thought(" = 1001"))
        #expect(talk.hear() == "")
        talk.scene.answer(.thoughtClosed(.closed), .text("No: "))
        #expect(talk.hear() == "Thought for 2 tokens, 0.2 seconds.\nGemma says:\nNo:")
        talk.scene.answer(.text("7 x 143."))
        #expect(talk.hear() == " 7 x 143")
        talk.scene.answer(.finished(.endOfTurn, .sample))
        #expect(talk.hear() == ".\nEnd of the answer: 240 tokens, 24.0 a second.\n")
        #expect(talk.hear() == "")
    }

    @Test("with thoughts shown, they are said as they come")
    func thoughts() {
        var talk = Talk()
        _ = talk.hear()
        _ = talk.type("/toggle-thoughts")
        _ = talk.type("Is 1001 prime?")
        talk.scene.answer(.thought("7 x 143\n"))
        #expect(talk.hear() == "Gemma thinks:\n7 x 143")
    }

    @Test("a list is numbered, a number takes an entry, letters narrow it")
    func list() {
        var talk = Talk()
        _ = talk.hear()
        _ = talk.type("/model")
        let models = ["alpha", "beta"].map {
            ModelListing(name: $0, path: "/m/\($0)", size: "1 GiB")
        }
        talk.scene.send(.modelsListed(models, wanted: ""))
        let said = talk.hear()
        #expect(said.contains("1. alpha (selected)\n2. beta\n"))
        #expect(talk.type("9").contains("There is no 9 in the list."))
        #expect(talk.type("bet").contains("1. beta"))
        _ = talk.type("1")
        #expect(
            talk.scene.effects.contains {
                if case .loadModel(path: "/m/beta") = $0 { true } else { false }
            }
        )
    }

    @Test("every command can be typed by a name of its own")
    func names() {
        let names = CommandTable.entries.map(\.typedName)
        #expect(Set(names).count == names.count)
        for name in names {
            #expect(name.allSatisfy { $0.isASCII && ($0.isLowercase || $0 == "-") }, "\(name)")
            #expect(Keymap.standard.entry(slash: name)?.typedName == name)
        }
    }

    @Test("messages are read one by one, and searched")
    func reading() {
        var talk = Talk()
        _ = talk.type("Is 1001 prime?")
        talk.scene.answer(.text("No."), .finished(.endOfTurn, .sample))
        _ = talk.hear()
        #expect(talk.type("/message-up") == "Message 2 of 2, gemma:\nNo.\n")
        #expect(talk.type("/message-up") == "Message 1 of 2, you:\nIs 1001 prime?\n")
        #expect(talk.type("/search no.").hasPrefix("Message 2 of 2, gemma:\nNo.\n"))
        #expect(talk.type("/search zebra").contains("\"zebra\" is nowhere in this conversation."))
    }

    @Test("a backslash at the end goes on in the next line")
    func lines() {
        var talk = Talk()
        _ = talk.type("one\\")
        _ = talk.type("two")
        #expect(talk.scene.generations.last?.request.messages.last?.text == "one\ntwo")
    }

    @Test("an edited message is replaced by the next line")
    func editing() {
        var talk = Talk()
        _ = talk.type("one")
        talk.scene.answer(.text("1"), .finished(.endOfTurn, .sample))
        _ = talk.type("/edit-message")
        _ = talk.type("two")
        #expect(talk.scene.state.chat.transcript.path.first?.text == "two")
    }

    @Test("an edited message may have several lines")
    func editingLines() {
        var talk = Talk()
        _ = talk.type("one")
        talk.scene.answer(.text("1"), .finished(.endOfTurn, .sample))
        _ = talk.type("/edit-message")
        _ = talk.type("two\\")
        _ = talk.type("three")
        #expect(talk.scene.state.chat.transcript.path.first?.text == "two\nthree")
    }

    @Test("what went with a question is named, and only its words are read")
    func readingDocuments() {
        var transcript = Transcript(id: "01TALK", created: .distantPast)
        transcript.append(
            Message(
                id: "m1",
                parent: nil,
                role: .user,
                parts: [
                    .text("notes.txt:\n\na long text\n\n"),
                    .attachment(
                        Attachment(kind: .image, name: "cat.png", hash: "00", sizeInBytes: 1)
                    ),
                    .text("What is it?"),
                ],
                created: .distantPast
            )
        )
        var talk = Talk()
        talk.scene.send(.sessionOpened(OpenedSession(transcript: transcript), slot: 0))
        _ = talk.hear()
        let said = talk.type("/message-up")
        #expect(said.contains("With the text notes.txt.\nWith the picture cat.png.\nWhat is it?"))
        #expect(!said.contains("a long text"))
    }

    @Test("an answer that goes on is not read again from its beginning")
    func continuing() {
        var talk = Talk()
        _ = talk.type("Tell me a story")
        talk.scene.answer(.text("Once upon a time"), .finished(.length, .sample))
        #expect(talk.hear().contains("Once upon a time"))
        _ = talk.type("/continue")
        talk.scene.answer(.text(" there was one."), .finished(.endOfTurn, .sample))
        let said = talk.hear()
        #expect(said.contains("there was one.") && !said.contains("Once upon"), "\(said)")
    }

    @Test("nothing said steers a terminal")
    func hostile() {
        var talk = Talk()
        var said = talk.type("hi \u{1B}]0;x\u{7}")
        talk.scene.answer(
            .thought("\u{9B}2J"),
            .text("\u{1B}[2J\u{202E}x\u{E0041}"),
            .finished(.endOfTurn, .sample)
        )
        said += talk.type("/title \u{1B}]0;x\u{7}")
        talk.scene.send(.notice("\u{1B}[31m"))
        said += talk.hear()
        #expect(said.contains("[2J") && said.contains("[31m"))
        for scalar in said.unicodeScalars where scalar != "\n" {
            #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
            #expect(scalar.value != 0x202E && !(0xE0000...0xE007F).contains(scalar.value))
        }
    }

    @Test("a refused line is gone: it never becomes part of the next one")
    func refused() {
        var talk = Talk()
        #expect(talk.type("/nosuch").contains("There is no command /nosuch."))
        _ = talk.type("hello")
        #expect(talk.scene.generations.last?.request.messages.last?.text == "hello")
    }

    @Test("a sentence that is said again is said again")
    func again() {
        var talk = Talk()
        for _ in 0..<2 { #expect(talk.type("/set foo 1").contains("There is no setting")) }
    }

    @Test("a command leaves a question; other words are none of its answers")
    func question() {
        var talk = Talk()
        _ = talk.type("hi")
        talk.scene.answer(.text("Hi."), .finished(.endOfTurn, .sample))
        _ = talk.type("/compact")
        #expect(talk.type("zz").contains("\"zz\" is none of the answers."))
        #expect(talk.type("/title New").contains("The title is now"))
        #expect(talk.scene.state.overlay == nil)
    }
}

@Suite struct PlainFilesTests {
    @Test("a path on a line of its own is attached to the next line, and stays over commands")
    func path() throws {
        var talk = Talk()
        talk.scene.openEyesAndEars()
        _ = talk.type("/w/cat.png")
        #expect(talk.scene.state.isGatheringFiles)
        let reading = MediaScene.reading(MediaScene.picture, "/w/cat.png")
        var request = try #require(talk.scene.fileRequests.last)
        talk.scene.send(.filesRead(request, [reading]))
        #expect(talk.hear().contains("Attached to the next message: cat.png"))
        _ = talk.type("/tokens 70")
        #expect(talk.type("/nosuch").contains("There is no command"))
        _ = talk.type("what is it?")
        request = try #require(talk.scene.fileRequests.last)
        #expect(request.purpose == .send)
        let kept = MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)
        talk.scene.send(.filesRead(request, [kept]))
        let message = try #require(talk.scene.generations.last?.request.messages.last)
        #expect(message.attachments.map(\.imageTokens) == [70])
        #expect(message.text == "what is it?")
    }

    @Test("a path beside other words is attached and sent with them; one of nothing is text")
    func beside() throws {
        var talk = Talk()
        talk.scene.openEyesAndEars()
        _ = talk.type("what is in /w/cat.png ?")
        #expect(talk.scene.generations.isEmpty)
        var request = try #require(talk.scene.fileRequests.last)
        #expect(request.paths == ["/w/cat.png"])
        talk.scene.send(
            .filesRead(request, [MediaScene.reading(MediaScene.picture, "/w/cat.png")])
        )
        request = try #require(talk.scene.fileRequests.last)
        let kept = MediaScene.reading(MediaScene.picture, "/w/cat.png", kept: true)
        talk.scene.send(.filesRead(request, [kept]))
        let message = try #require(talk.scene.generations.last?.request.messages.last)
        #expect(message.attachments.count == 1 && message.text == "what is in @cat.png ?")
        talk.scene.answer(.finished(.endOfTurn, .sample))
        _ = talk.type("/w/none")
        request = try #require(talk.scene.fileRequests.last)
        talk.scene.send(.filesRead(request, [.missing]))
        #expect(talk.scene.generations.last?.request.messages.last?.text == "/w/none")
    }

    @Test("a path after a command is the command's")
    func commandsPath() {
        var talk = Talk()
        for line in ["/export /w/chat.md", "/export /w/chat.json", "/save /w/cat.png"] {
            _ = talk.type(line)
            #expect(talk.scene.fileRequests.isEmpty, "\(line)")
        }
    }
}
