import Conversation
import Foundation
import Gemma
import GemmaEngine
import ReferenceData
import Synchronization
import Testing
import Tokenization

/// An engine on a golden model, or on the project's tiny model of the same topology where there is
/// no reference folder; a test may write its answers itself.
struct GoldenEngine {
    static let topologies = ["e2b", "moe", "dense"]

    let engine: GemmaEngine

    init(
        _ name: String = "e2b",
        precision: Precision = .exact,
        kvFormat: KVFormat? = nil,
        threads: Int = 2,
        contextSize: Int? = nil,
        speculation: EngineOptions.Speculation = .whenItPays,
        snapshots: SnapshotOptions? = nil
    ) throws {
        engine = try GemmaEngine(
            path: Self.path(name),
            options: EngineOptions(
                precision: precision,
                kvFormat: kvFormat,
                threads: threads,
                contextSize: contextSize,
                speculation: speculation,
                snapshots: snapshots
            )
        )
    }

    static func path(_ name: String) -> String {
        ReferenceFolder.path("golden/\(name)/\(name)-bf16.gguf") ?? TinyModel.path(name)
    }

    var vocabulary: Vocabulary { engine.host.prompts.tokenizer.vocabulary }

    func encode(_ text: String) -> [Int] { engine.host.prompts.tokenizer.encodeText(text) }

    /// Makes every following answer consist of a thought of so many tokens, and of a text.
    ///
    /// - Parameters:
    ///   - thought: nil for no thought at all.
    ///   - text: what follows the thought.
    ///   - closes: ends the thought and the turn; otherwise the last token is written for ever.
    /// - Throws: when the vocabulary lacks a marker.
    func write(thought: Int? = nil, _ text: String = "", closes: Bool = true) async throws {
        var script: [Int] = []
        if let thought {
            let words = encode(
                "thought\n" + String(repeating: "the license of you ", count: thought)
            )
            script.append(try #require(vocabulary.specials[.channelOpen]))
            script += words.prefix(thought)
            if closes { script.append(try #require(vocabulary.specials[.channelClose])) }
        }
        script += encode(text)
        if closes { script.append(try #require(vocabulary.specials[.turnClose])) }
        let tokens = script
        await engine.host.setChooser { tokens[min($0, tokens.count - 1)] }
    }

    func leaveToSampler() async { await engine.host.setChooser(nil) }
}

/// Everything one answer said.
struct CollectedAnswer: Sendable {
    private(set) var events: [GenerationEvent] = []

    mutating func append(_ event: GenerationEvent) { events.append(event) }

    var text: String { events.map { if case .text(let text) = $0 { text } else { "" } }.joined() }
    var thought: String {
        events.map { if case .thought(let text) = $0 { text } else { "" } }.joined()
    }
    var tokens: [TokenDetail] {
        events.compactMap { if case .token(let detail) = $0 { detail } else { nil } }
    }
    var reading: [PromptProgress] {
        events.compactMap { if case .promptProgress(let progress) = $0 { progress } else { nil } }
    }

    var plan: AnswerPlan? {
        if case .started(let plan) = events.first { plan } else { nil }
    }
    /// How its thoughts ended.
    var closings: [ThoughtEnding] {
        events.compactMap { if case .thoughtClosed(let ending) = $0 { ending } else { nil } }
    }

    /// Its end, which must be the last event and the only one of its kind.
    func finish() throws -> (reason: StopReason, statistics: Statistics) {
        let ends = events.compactMap {
            if case .finished(let reason, let statistics) = $0 { (reason, statistics) } else { nil }
        }
        #expect(ends.count == 1)
        guard case .finished = events.last else {
            throw EngineError.failed("the last event is not the end")
        }
        return try #require(ends.first)
    }
}

/// Listens to an answer up to its end.
func collect(
    _ stream: AsyncThrowingStream<GenerationEvent, any Error>
) async throws -> CollectedAnswer {
    var answer = CollectedAnswer()
    for try await event in stream { answer.append(event) }
    return answer
}

/// Notes events on the engine's own queue, in the order in which they happened.
final class EventLog: Sendable {
    private let state = Mutex<[(answer: Int, event: GenerationEvent)]>([])

    func append(_ event: GenerationEvent, of answer: Int = 0) {
        state.withLock { $0.append((answer, event)) }
    }

    var all: [(answer: Int, event: GenerationEvent)] { state.withLock { $0 } }

    var order: [Int] { state.withLock { $0.map(\.answer) } }

    func answer(_ number: Int = 0) -> CollectedAnswer {
        var answer = CollectedAnswer()
        for entry in state.withLock({ $0 }) where entry.answer == number {
            answer.append(entry.event)
        }
        return answer
    }
}

func user(_ text: String) -> Message {
    Message(
        id: "user",
        parent: nil,
        role: .user,
        parts: [.text(text)],
        created: Date(timeIntervalSince1970: 0)
    )
}

func assistant(_ text: String, thought: String = "") -> Message {
    Message(
        id: "assistant",
        parent: nil,
        role: .assistant,
        parts: [.text(text)],
        thoughts: thought.isEmpty ? [] : [Thought(text: thought)],
        created: Date(timeIntervalSince1970: 0)
    )
}

/// A request that thinks without a budget, so that nothing but the test decides about thoughts.
func request(
    _ messages: [Message],
    thinking: ThinkingMode = .on,
    temperature: Double = 0,
    seed: UInt64 = 7,
    maxTokens: Int? = nil,
    alternatives: Int? = nil
) -> GenerationRequest {
    GenerationRequest(
        messages: messages,
        thinking: thinking,
        sampling: SamplingSettings(temperature: temperature, seed: seed),
        maxTokens: maxTokens,
        tokenAlternatives: alternatives
    )
}
