import Foundation
import GGUF
import Gemma
import ReferenceData
import Tensors
import Testing

/// The bound on a logit: an independent float32 implementation reaches 4e-5, and a GELU of the wrong
/// kind moves logits by 4e-3.
private let logitBound: Float = 5e-4

@Suite("Golden models", .enabled(if: ReferenceFolder.isPresent, "no reference folder"))
struct GoldenLogitsTests {
    static let topologies = ["e2b", "moe", "dense"]

    @Test("every logit of every text case agrees with transformers", arguments: topologies)
    func logits(name: String) throws {
        let golden = try GoldenModel(name)
        let runner = try ModelRunner(golden.folder.appending(path: "\(name)-bf16.gguf").path)
        #expect(!golden.cases.isEmpty)
        for entry in golden.cases {
            let logits = runner.logits(entry.ids)
            #expect(logits.count == entry.logits.count)
            #expect(largestDifference(logits, entry.logits) < logitBound)
        }
    }

    @Test("greedy continuations are identical", arguments: topologies)
    func greedy(name: String) throws {
        let golden = try GoldenModel(name)
        let runner = try ModelRunner(golden.folder.appending(path: "\(name)-bf16.gguf").path)
        for entry in golden.cases {
            #expect(!entry.greedy.isEmpty)
            #expect(runner.greedy(entry.ids, count: entry.greedy.count) == entry.greedy)
        }
    }

    @Test("hidden states agree layer by layer", arguments: topologies)
    func hidden(name: String) throws {
        let golden = try GoldenModel(name)
        let runner = try ModelRunner(golden.folder.appending(path: "\(name)-bf16.gguf").path)
        let entry = try #require(golden.cases.first { $0.hidden != nil })
        let reference = try #require(entry.hidden)
        let size = entry.ids.count * runner.model.configuration.embeddingSize
        var layers: [[Float]] = []
        _ = runner.logits(entry.ids) { _, stream in layers.append(stream) }
        #expect(layers.count * size == reference.count)
        // The reference's last entry is taken after the final norm, which the logits cover.
        for (index, stream) in layers.dropLast().enumerated() {
            let expected = Array(reference[index * size..<(index + 1) * size])
            #expect(largestDifference(stream, expected) < 1e-4, "layer \(index)")
        }
    }

    @Test("each quantised file gives the logits of exactly its weights")
    func quantised() throws {
        let golden = try GoldenModel("quants")
        #expect(golden.quantised.count >= 13)
        for entry in golden.quantised {
            let runner = try ModelRunner(golden.folder.appending(path: entry.file).path)
            let logits = runner.logits(entry.ids)
            #expect(logits.count == entry.logits.count)
            #expect(largestDifference(logits, entry.logits) < logitBound, "\(entry.file)")
        }
    }
}
