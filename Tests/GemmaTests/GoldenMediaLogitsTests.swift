import Foundation
import Gemma
import JSONValues
import ReferenceData
import Testing

/// The bound on a logit of a prompt with a picture or a sound.
private let bound: Float = 1e-3

@Suite("Golden prompts with media", .enabled(if: ReferenceFolder.isPresent, "no reference folder"))
struct GoldenMediaLogitsTests {
    /// A prompt of the reference, with the soft tokens that transformers put into it.
    private struct Prompt {
        var ids: [Int32]
        var soft: SoftRows
        /// `[positions, vocabulary]`.
        var logits: [Float]
    }

    private static func prompts(_ name: String, _ key: String, seesAhead: Bool) throws -> [Prompt] {
        let root = try #require(ReferenceFolder.url)
        let folder = root.appending(path: "golden/\(name)")
        let text = try String(
            contentsOf: folder.appending(path: "reference.json"),
            encoding: .utf8
        )
        let entries = try JSONValue(parsing: text)[key]?.arrayValue ?? []
        return try entries.map { entry in
            func floats(_ key: String) throws -> [Float] {
                let file = try #require(entry[key]?["file"]?.stringValue)
                return try GoldenModel.floats(folder.appending(path: file))
            }
            let ids = (entry["ids"]?.arrayValue ?? []).compactMap { $0.intValue.map(Int32.init) }
            let count = try #require(entry["soft_tokens"]?.intValue)
            // The one id that stands there so often in a row.
            let start = try #require(
                ids.indices.first { start in
                    start + count <= ids.count
                        && ids[start..<start + count].allSatisfy { $0 == ids[start] }
                }
            )
            let span = SoftRows.Span(
                rows: start..<start + count,
                embeddings: try floats("embeddings")[...],
                seesAhead: seesAhead
            )
            return Prompt(ids: ids, soft: SoftRows(spans: [span]), logits: try floats("logits"))
        }
    }

    @Test("logits around a picture agree with transformers", arguments: ["e2b", "moe", "dense"])
    func pictures(name: String) throws {
        let root = try #require(ReferenceFolder.url)
        let runner = try ModelRunner(
            root.appending(path: "golden/\(name)/\(name)-bf16.gguf").path
        )
        let seesAhead = runner.model.configuration.spansSeeAhead
        #expect(seesAhead == (name != "e2b"))
        let prompts = try Self.prompts(name, "images", seesAhead: seesAhead)
        #expect(prompts.count == 2)
        for prompt in prompts {
            let logits = runner.logits(prompt.ids, soft: prompt.soft)
            #expect(largestDifference(logits, prompt.logits) < bound)
            guard seesAhead else { continue }
            // The window being what it is, looking ahead must matter.
            let causal = try #require(
                try Self.prompts(name, "images", seesAhead: false)
                    .first { $0.ids == prompt.ids }
            )
            let other = runner.logits(causal.ids, soft: causal.soft)
            #expect(largestDifference(other, prompt.logits) > 2 * bound)
        }
    }

    @Test("logits around a sound agree with transformers, however the prompt is cut")
    func sounds() throws {
        let root = try #require(ReferenceFolder.url)
        let runner = try ModelRunner(root.appending(path: "golden/e2b/e2b-bf16.gguf").path)
        let prompts = try Self.prompts("e2b", "audio", seesAhead: false)
        #expect(prompts.count == 2)
        for prompt in prompts {
            for chunk in [256, 7, 1] {
                let logits = runner.logits(prompt.ids, chunk: chunk, soft: prompt.soft)
                #expect(largestDifference(logits, prompt.logits) < bound)
            }
        }
    }
}
