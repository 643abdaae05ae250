import Conversation
import Foundation
import Interface
import TerminalCore

/// A person at a screen: keys and engine events go in, the screen's text comes out.
struct Scene {
    var state: AppState
    private(set) var effects: [Effect] = []
    var now = Date(timeIntervalSince1970: 1_800_000_000)

    init(
        width: Int = 80,
        height: Int = 24,
        transcript: Transcript? = nil,
        kept: KeptState = KeptState(),
        isReady: Bool = true
    ) {
        state = AppState(
            transcript: transcript ?? Transcript(id: "01SCENE", created: now),
            kept: kept,
            seed: 1,
            now: now
        )
        send(.input(.resize(Size(width: width, height: height))))
        if isReady { send(.engineReady(Self.engine)) }
    }

    static let engine = EngineDescription(
        name: "e2b Q4_0",
        modelHash: "00",
        isLocal: true,
        contextSize: 32_768,
        canThink: true
    )

    mutating func send(_ event: AppEvent, after seconds: Double = 0) {
        now += seconds
        effects += update(&state, event, now: now)
    }

    mutating func press(_ keys: KeyPress...) {
        for key in keys { send(.input(.key(key))) }
    }

    mutating func type(_ text: String) {
        for scalar in text.unicodeScalars { press(.character(Character(scalar))) }
    }

    /// Types and sends a message.
    mutating func say(_ text: String) {
        type(text)
        press(KeyPress(.enter))
    }

    /// The engine says this, a tenth of a second after the event before.
    mutating func answer(_ events: GenerationEvent...) {
        for event in events {
            send(.generation(lastGeneration, event), after: 0.1)
        }
    }

    var lastGeneration: Int { generations.last?.number ?? 0 }

    var generations: [Generation] {
        effects.compactMap {
            if case .startGeneration(let generation) = $0 { generation } else { nil }
        }
    }

    var saved: [Transcript] {
        effects.compactMap { if case .save(let transcript) = $0 { transcript } else { nil } }
    }

    var cancelled: [Int] {
        effects.compactMap { if case .cancelGeneration(let number) = $0 { number } else { nil } }
    }

    var hasQuit: Bool { effects.contains { if case .quit = $0 { true } else { false } } }

    mutating func frame() -> Frame { view(&state) }

    var text: String {
        mutating get { view(&state).surface.text }
    }

    var lines: [String] {
        mutating get {
            text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }

    var status: String {
        mutating get { lines.last ?? "" }
    }
}

extension Statistics {
    static let sample = Statistics(
        promptTokens: 900,
        generatedTokens: 240,
        generationSeconds: 10,
        thoughtTokens: 212,
        contextUsed: 1_234,
        contextSize: 32_768
    )
}
