import Conversation
import Interface
import TerminalCore
import Testing

@Suite struct SettingsScreenTests {
    private static let models = [
        ModelListing(name: "e2b Q4_0", path: "/m/e2b.gguf", size: "2.5 GiB"),
        ModelListing(name: "e4b Q4_0", path: "/m/e4b.gguf", size: "4.2 GiB"),
    ]

    private func loaded(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .loadModel(let path) = $0 { path } else { nil } }
    }

    @Test("/model lists the models with the present one selected; Enter opens another")
    func picking() {
        var scene = Scene()
        scene.say("/model")
        scene.send(.modelsListed(Self.models, wanted: ""))
        #expect(scene.text.contains("> e2b Q4_0"))
        scene.press(KeyPress(.down), KeyPress(.enter))
        #expect(loaded(scene) == ["/m/e4b.gguf"])
        #expect(scene.status.contains("Loading the model."))
        // What is sent meanwhile waits for the new model.
        scene.say("hello")
        #expect(scene.text.contains("queued: hello"))
        scene.send(.engineReady(Scene.engine))
        #expect(scene.generations.last?.request.messages.last?.text == "hello")
    }

    @Test("/model NAME opens it; an unknown name opens nothing")
    func naming() {
        var scene = Scene()
        scene.say("/model E4B q4_0")
        scene.send(.modelsListed(Self.models, wanted: "E4B q4_0"))
        #expect(loaded(scene) == ["/m/e4b.gguf"])
        scene.send(.modelsListed(Self.models, wanted: "31b"))
        #expect(scene.text.contains("There is no model \"31b\" here."))
        #expect(loaded(scene).count == 1)
    }

    @Test("the model is not changed under a running answer")
    func running() {
        var scene = Scene()
        scene.say("hello")
        scene.say("/model e4b")
        #expect(!scene.effects.contains { if case .listModels(_?) = $0 { true } else { false } })
    }

    @Test(
        "/set changes the sampling of the next answers and says so",
        arguments: [
            ("temperature 0.5", "temperature is 0.5 from now on."),
            ("top-k 20", "top-k is 20 from now on."),
            ("seed 42", "seed is 42 from now on."),
            ("temperature hot", "temperature can't be \"hot\": it is a number from 0"),
            ("temperature nan", "temperature can't be \"nan\""),
            ("top-p 0", "top-p can't be \"0\""),
            ("colour red", "There is no setting \"colour\". There are: temperature, top-k"),
            ("min-p", "min-p is 0.0. /set min-p VALUE changes it."),
        ]
    )
    func setting(argument: String, sentence: String) {
        var scene = Scene(width: 120)
        scene.say("/set \(argument)")
        #expect(scene.text.contains(sentence))
    }

    @Test("what was set is saved and sent")
    func effect() {
        var scene = Scene()
        scene.say("/set temperature 0")
        scene.say("/set seed 7")
        #expect(scene.saved.last?.sampling.temperature == 0)
        scene.say("hello")
        #expect(scene.generations.last?.request.sampling.temperature == 0)
        #expect(scene.generations.last?.request.sampling.seed == 7)
    }

    @Test("a new session draws as the model's file says, unless somebody chose before")
    func ofTheModel() {
        var engine = Scene.engine
        engine.sampling.temperature = 0.2
        var scene = Scene(isReady: false)
        scene.send(.engineReady(engine))
        #expect(scene.state.chat.transcript.sampling.temperature == 0.2)
        let next = Transcript(id: "01NEXT", created: scene.now)
        scene.send(.sessionOpened(OpenedSession(transcript: next), slot: 0))
        #expect(scene.state.chat.transcript.sampling.temperature == 0.2)
        scene.say("hello")
        scene.answer(.text("hi"), .finished(.endOfTurn, .sample))
        scene.send(.engineReady(Scene.engine))
        #expect(scene.state.chat.transcript.sampling.temperature == 1)
        var chosen = Scene(isReady: false)
        chosen.say("/set temperature 0.7")
        chosen.send(.engineReady(engine))
        #expect(chosen.state.chat.transcript.sampling.temperature == 0.7)
    }
}

@Suite struct ExportScreenTests {
    @Test(
        "/export takes the format from the word or the ending, and ! replaces",
        arguments: [
            ("notes.md", "md", "notes.md", false), ("json a b.txt", "json", "a b.txt", false),
            ("!~/x.jsonl", "jsonl", "~/x.jsonl", true), ("md ! y", "md", "y", true),
        ]
    )
    func asked(argument: String, format: String, path: String, replaces: Bool) {
        var scene = Scene()
        scene.say("/export \(argument)")
        let asked = scene.effects.compactMap { effect -> ExportRequest? in
            if case .export(_, let request) = effect { request } else { nil }
        }
        #expect(asked.map(\.format) == [format])
        #expect(asked.map(\.path) == [path])
        #expect(asked.map(\.replaces) == [replaces])
    }

    @Test("without a path or a known ending it says what to type", arguments: ["", "notes", "md"])
    func unclear(argument: String) {
        var scene = Scene()
        scene.say("/export \(argument)")
        #expect(!scene.effects.contains { if case .export = $0 { true } else { false } })
        #expect(scene.state.notice?.text.isEmpty == false)
    }
}
