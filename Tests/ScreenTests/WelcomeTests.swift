import Conversation
import Interface
import TerminalCore
import Testing

extension Scene {
    /// Nothing was chosen, and only the model that came with facet is there.
    static func welcome(width: Int = 80, height: Int = 24, facts: MachineFacts? = .sample) -> Scene
    {
        var scene = Scene(width: width, height: height, isReady: false)
        scene.state.welcome = Welcome()
        scene.send(.engineReady(builtIn))
        if let facts { scene.send(.machineExplored(facts)) }
        return scene
    }

    private static var builtIn: EngineDescription {
        var engine = EngineDescription(
            name: "builtin",
            modelHash: "00",
            isLocal: true,
            contextSize: 4_096,
            canThink: true
        )
        engine.title = "built-in guide"
        engine.parameters = 4_961_234
        engine.isBuiltIn = true
        return engine
    }

    fileprivate var explorations: Int {
        effects.count { if case .exploreMachine = $0 { true } else { false } }
    }

    fileprivate var modelLists: [String?] {
        effects.compactMap { if case .listModels(let wanted) = $0 { .some(wanted) } else { nil } }
    }
}

extension MachineFacts {
    static let sample = MachineFacts(
        models: [
            ModelListing(name: "gemma4:e2b", path: "/o/1", size: "7 GiB", place: "Ollama"),
            ModelListing(
                name: "gemma-4-E4B-it-Q4_K_M",
                path: "/l/2",
                size: "5 GiB",
                place: "LM Studio"
            ),
            ModelListing(
                name: "gemma-3-1b",
                path: "/h/3",
                size: "1 GiB",
                place: "Hugging Face cache"
            ),
        ],
        modelsFolder: "/home/me/.local/share/facet/models",
        bytesPerSecond: 44_800_000_000,
        freeBytes: 3_000_000_000
    )
}

@Suite struct WelcomeTests {
    @Test("what can be had is offered, with what it costs here")
    func offers() {
        var scene = Scene.welcome()
        let text = scene.text
        #expect(text.contains("This is the built-in guide (5M parameters)"))
        // 44.8 GB a second, nine tenths of that, 1.5 GB a token.
        #expect(text.contains("about 27 tokens a second here"))
        #expect(text.contains("4.1 GB on the disk, about 4.3 GB of memory (only 3.0 GB are free)"))
        #expect(text.contains("3 found: gemma4:e2b (Ollama), gemma-4-E4B-it-Q4_K_M (LM Studio)"))
        #expect(text.contains("> How do I attach a picture?"))
        #expect(scene.status.contains("built-in guide (5M parameters)"))
        #expect(scene.explorations == 1)
        // A new conversation is offered the same, and nothing is measured again.
        scene.say("hello")
        scene.answer(.text("hi"), .finished(.endOfTurn, .sample))
        #expect(!scene.text.contains("Models on this disk"))
        let next = Transcript(id: "01B", created: scene.now)
        scene.send(.sessionOpened(OpenedSession(transcript: next), slot: 0))
        #expect(scene.text.contains("3 found") && scene.explorations == 1)
        scene = .welcome(facts: nil)
        #expect(scene.text.contains("looking"))
        #expect(!scene.text.contains("tokens a second"))
    }

    @Test("1 says how to get it, 2 lists what is there, all else is a message")
    func keys() {
        var scene = Scene.welcome(height: 40)
        scene.type("1")
        #expect(scene.text.contains("> 1"))
        scene.press(KeyPress(.enter))
        let page = scene.text
        for words in [
            "https://huggingface.co/unsloth/gemma-4-E2B-it-GGUF", "gemma-4-E2B-it-Q4_K_M.gguf",
            "mmproj-F16.gguf", "/home/me/.local/share/facet/models", "The speed is an estimate",
        ] { #expect(page.contains(words)) }
        scene.press(KeyPress(.escape), .character("2"), KeyPress(.enter))
        #expect(scene.modelLists == [""])
        // A sum begins with a digit.
        scene.type("347 + 285")
        #expect(scene.text.contains("> 347 + 285"))
        #expect(scene.modelLists == [""])
        // The offers stay until something is said.
        #expect(scene.text.contains("Models on this disk"))
        scene.press(KeyPress(.enter))
        #expect(scene.generations.count == 1)
        #expect(!scene.text.contains("Models on this disk"))
    }

    @Test("Enter and 3 ask the first question, Tab puts it into the draft")
    func question() {
        var scene = Scene.welcome()
        scene.press(KeyPress(.tab))
        #expect(scene.generations.isEmpty)
        scene.type(" Please")
        #expect(scene.text.contains("> How do I attach a picture? Please"))
        for keys in [[KeyPress(.enter)], [.character("3"), KeyPress(.enter)]] {
            scene = .welcome()
            for key in keys { scene.press(key) }
            #expect(
                scene.generations.map { $0.request.messages.last?.text } == [
                    "How do I attach a picture?"
                ]
            )
        }
        scene.answer(.text("Type @."), .finished(.endOfTurn, .sample))
        scene.press(KeyPress(.enter))
        #expect(scene.generations.count == 1)
    }

    @Test("who has a model, or chose this one, is offered nothing")
    func others() {
        var scene = Scene.welcome()
        scene.send(.engineReady(Scene.engine))
        #expect(!scene.text.contains("Models on this disk"))
        scene.press(.character("1"))
        #expect(scene.text.contains("> 1"))
        var chosen = Scene(isReady: false)
        chosen.send(.engineReady(Scene.engine))
        #expect(chosen.explorations == 0)
        chosen.press(KeyPress(.enter))
        #expect(chosen.generations.isEmpty)
        // The way to a model can be asked for all the same.
        chosen.say("/get")
        #expect(chosen.explorations == 1)
        chosen.send(.machineExplored(.sample))
        #expect(chosen.text.contains("Gemma 4 E2B: 4.1 GB"))
    }

    @Test("a narrow screen has room for the offers and what counts of them")
    func narrow() {
        var scene = Scene.welcome(width: 40, height: 12)
        for words in [
            "built-in guide (5M parameters)", "1   Get Gemma 4 E2B", "4.1 GB, about 27 tok/s here",
            "3 found", "Enter asks it, Tab edits it",
        ] { #expect(scene.text.contains(words)) }
    }

    @Test("in words, with numbers to type")
    func plainly() {
        var scene = Scene.welcome(facts: nil)
        var voice = PlainVoice()
        #expect(voice.say(scene.state).hasPrefix("built-in guide (5M parameters) is ready, local"))
        scene.send(.machineExplored(.sample))
        let words = voice.say(scene.state)
        #expect(words.contains("\n1: Get Gemma 4 E2B, a real model. 4.1 GB on the disk"))
        #expect(words.contains("\n3: Ask the guide: How do I attach a picture?\n"))
        #expect(words.hasSuffix("Type one of these numbers, or a message.\n"))
        #expect(voice.say(scene.state) == "")
        scene.send(.line("1"))
        #expect(voice.say(scene.state).contains("mmproj-F16.gguf"))
        scene.send(.line(""))
        scene.send(.line("3"))
        #expect(scene.generations.count == 1)
    }
}
