import Conversation
import Foundation
import Gemma
import GemmaEngine
import Testing
import Tokenization

/// gemma-3-270m as `Scripts/fetch-first-model.sh` leaves it, where it was fetched.
private let realModel: String? = {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"] ?? "/"
    let folders = [environment["FACET_MODELS"], "\(home)/.local/share/facet/models"]
    return folders.compactMap { $0 }.map { "\($0)/gemma-3-270m-Q4_K_M.gguf" }
        .first { FileManager.default.fileExists(atPath: $0) }
}()

/// Debian's copy of the GPL, whose beginning is the measured text.
private let license = "/usr/share/common-licenses/GPL-3"

@Suite(
    "Real weights: gemma-3-270m",
    .enabled(
        if: realModel != nil && FileManager.default.fileExists(atPath: license),
        "no gemma-3-270m in the models folder, or no GPL-3 text"
    ),
    .serialized
)
struct RealWeightsTests {
    /// Mean NLL by transformers in float32 of the first 512 ids of the text's first 6,000 characters.
    private static let reference = 2.5601

    private func meanNLL(_ options: EngineOptions) async throws -> Double {
        let path = try #require(realModel)
        let text = String(try String(contentsOfFile: license, encoding: .utf8).prefix(6000))
        let vocabulary = try LoadedVocabulary(path: path)
        let ids = [2] + vocabulary.tokenizer.encodeText(text)
        let engine = try GemmaEngine(path: path, options: options)
        let report = try await engine.logprobs(of: Array(ids.prefix(512)), top: 0)
        #expect(report.tokens.count == 511)
        return try #require(report.meanNLL)
    }

    @Test("exact arithmetic gives transformers' mean NLL within 1e-3")
    func exact() async throws {
        let found = try await meanNLL(EngineOptions(precision: .exact, contextSize: 512))
        #expect(abs(found - Self.reference) < 1e-3)
    }

    @Test("fast arithmetic stays within 0.5 %")
    func fast() async throws {
        let found = try await meanNLL(EngineOptions(precision: .fast, contextSize: 512))
        #expect(abs(found - Self.reference) < 0.005 * Self.reference)
    }

    @Test("a Q8_0 cache stays within 0.5 %")
    func q8() async throws {
        let found = try await meanNLL(EngineOptions(kvFormat: .q8, contextSize: 512))
        #expect(abs(found - Self.reference) < 0.005 * Self.reference)
    }

    @Test("the greedy continuation is transformers'")
    func greedy() async throws {
        let path = try #require(realModel)
        let engine = try GemmaEngine(
            path: path,
            options: EngineOptions(precision: .exact, contextSize: 64)
        )
        let context = try await engine.openContext()
        let question = Message(
            id: "1",
            parent: nil,
            role: .user,
            parts: [.text("The capital of France is")],
            created: Date()
        )
        let request = GenerationRequest(
            messages: [question],
            sampling: SamplingSettings(temperature: 0),
            maxTokens: 24
        )
        var answer = ""
        for try await event in context.generate(request) {
            if case .text(let text) = event { answer += text }
        }
        #expect(
            answer.hasPrefix(
                " the capital of the country of France. It is the largest city in France and the "
                    + "second largest city in Europe. It"
            )
        )
    }
}
