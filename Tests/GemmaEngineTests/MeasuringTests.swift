import GGUF
import Gemma
import GemmaEngine
import ReferenceData
import Testing

@Suite("Measuring speed") struct MeasuringTests {
    private func engine(_ name: String) throws -> GemmaEngine {
        try GemmaEngine(
            path: TinyModel.path(name),
            options: EngineOptions(threads: 2, contextSize: 512)
        )
    }

    @Test(
        "a token reads every matrix once, of the tables a row, of the experts those it uses",
        arguments: TinyModel.names
    )
    func bytesPerToken(name: String) async throws {
        let file = try GGUFFile(path: TinyModel.path(name))
        let configuration = try Configuration(file: file)
        var expected = 0
        // Layers that read another's cache keep keys and values in the file that nobody needs.
        let unused = configuration.layers.indices.filter {
            configuration.layers[$0].cacheLayer != $0
        }.flatMap { ["blk.\($0).attn_k.weight", "blk.\($0).attn_v.weight"] }
        for tensor in file.tensors where tensor.shape.count > 1 && !unused.contains(tensor.name) {
            switch tensor.name {
            case "token_embd.weight":
                // The head too, unless the file has one of its own.
                let whole = file.tensor("output.weight") == nil ? tensor.sizeInBytes : 0
                expected += whole + tensor.sizeInBytes / tensor.shape[1]
            case "per_layer_token_embd.weight":
                expected += tensor.sizeInBytes / tensor.shape[1]
            default:
                let isStack = tensor.shape.count == 3
                let used = isStack ? try #require(configuration.experts).usedCount : 1
                expected += tensor.sizeInBytes / (isStack ? tensor.shape[2] : 1) * used
            }
        }
        #expect(try await engine(name).bytesPerToken == expected)
    }

    @Test("prompts and answers are measured where they are asked for, also deep in a context")
    func phases() async throws {
        let engine = try engine("e2b")
        let both = try await engine.measure(SpeedMeasurement(prompt: 40, generated: 3, runs: 2))
        #expect(both.promptSpeed > 0)
        #expect(both.generationSpeed > 0)
        #expect(both.peakAnonymousBytes > 0)
        let reading = try await engine.measure(SpeedMeasurement(prompt: 300, generated: 0, runs: 1))
        #expect(reading.promptSpeed > 0)
        #expect(reading.generationSpeed == 0)
        // More tokens than the ring's slack: going back to the depth needs the checkpoint.
        let deep = SpeedMeasurement(prompt: 0, generated: 300, depth: 200, runs: 2)
        #expect(deep.contextSize == 500)
        let generating = try await engine.measure(deep)
        #expect(generating.promptSpeed == 0)
        #expect(generating.generationSpeed > 0)
    }
}
