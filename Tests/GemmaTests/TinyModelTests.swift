import Foundation
import GGUF
import Gemma
import ReferenceData
import Tensors
import Testing

/// Float32 stays within 3e-5 of the reference here; a GELU of the wrong kind is off by 4e-3.
private let logitBound: Float = 5e-4

@Suite("Tiny models of the project") struct TinyModelTests {
    @Test("every logit agrees with the double-precision reference", arguments: TinyModel.names)
    func logits(name: String) throws {
        let tiny = try TinyModel(name)
        let runner = try ModelRunner(tiny.path)
        #expect(tiny.ids.count == 24)
        #expect(largestDifference(runner.logits(tiny.ids), tiny.logits) < logitBound)
    }

    @Test("hidden states agree layer by layer", arguments: TinyModel.names)
    func hidden(name: String) throws {
        let tiny = try TinyModel(name)
        let runner = try ModelRunner(tiny.path)
        let positions = tiny.hiddenPositions
        let size = positions * runner.model.configuration.embeddingSize
        var layers: [[Float]] = []
        _ = runner.logits(Array(tiny.ids.prefix(positions))) { _, stream in layers.append(stream) }
        #expect(layers.count == runner.model.configuration.layers.count + 1)
        #expect(layers.count * size == tiny.hidden.count)
        for (index, stream) in layers.enumerated() {
            let expected = Array(tiny.hidden[index * size..<(index + 1) * size])
            #expect(largestDifference(stream, expected) < 1e-4, "layer \(index)")
        }
    }

    @Test("rows of a picture see those after them where asked", arguments: ["moe", "dense"])
    func spans(name: String) throws {
        let tiny = try TinyModel(name)
        let runner = try ModelRunner(tiny.path)
        let (d, size) = (
            runner.model.configuration.embeddingSize, runner.model.configuration.vocabularySize
        )
        /// Logits of the first of four rows, of which the last one is turned around at times.
        func first(turned: Bool, seesAhead: Bool) -> [Float] {
            let soft = (0..<4 * d).map { place -> Float in
                turned && place >= 3 * d && place % 2 == 0 ? -0.1 : 0.1
            }
            let span = SoftRows.Span(rows: 6..<10, embeddings: soft[...], seesAhead: seesAhead)
            let logits = runner.logits(tiny.ids, soft: SoftRows(spans: [span]))
            return Array(logits[6 * size..<7 * size])
        }
        #expect(first(turned: false, seesAhead: false) == first(turned: true, seesAhead: false))
        #expect(first(turned: false, seesAhead: true) != first(turned: true, seesAhead: true))
    }

    @Test("half-precision keys and values move logits little", arguments: TinyModel.names)
    func fast(name: String) throws {
        let tiny = try TinyModel(name)
        let difference = largestDifference(
            try ModelRunner(tiny.path).logits(tiny.ids, precision: .fast),
            tiny.logits
        )
        #expect(difference > 0 && difference < 0.1)
    }

    @Test("reading in chunks gives the logits of reading at once", arguments: TinyModel.names)
    func chunks(name: String) throws {
        let tiny = try TinyModel(name)
        let runner = try ModelRunner(tiny.path)
        let window = runner.model.configuration.slidingWindow
        let scale = tiny.logits.map { abs($0) }.max() ?? 1
        let whole = runner.logits(tiny.ids)
        #expect(tiny.ids.count > 2 * window + 3)
        for chunk in [1, window - 1, window, window + 1, 2 * window + 3] {
            #expect(
                largestDifference(runner.logits(tiny.ids, chunk: chunk), whole) <= 1e-5 * scale
            )
        }
    }

    @Test("prompt tokens that nobody asks about may be skipped", arguments: TinyModel.names)
    func skipping(name: String) throws {
        let tiny = try TinyModel(name)
        let runner = try ModelRunner(tiny.path, batchSize: 8)
        let model = runner.model
        let size = model.configuration.vocabularySize
        let cache = model.makeCache(capacity: tiny.ids.count, precision: .exact)
        let logits = FloatBuffer(count: size)
        var rest = tiny.ids[...]
        while rest.count > 8 {
            model.forward(rest.prefix(8), cache: cache, output: .none, into: nil)
            rest = rest.dropFirst(8)
        }
        model.forward(rest, cache: cache, output: .last, into: logits)
        let expected = Array(tiny.logits.suffix(size))
        #expect(largestDifference(logits.array(0..<size), expected) < logitBound)
    }

    @Test("a file cut anywhere is refused", arguments: TinyModel.names)
    func truncation(name: String) throws {
        let path = TinyModel.path(name)
        let file = try GGUFFile(path: path)
        let header = file.headerSize
        let end = try #require(file.tensors.map { $0.offset + $0.sizeInBytes }.max())
        let temporary = try TemporaryFile([UInt8](try Data(contentsOf: URL(filePath: path))))
        // In the weights at a few places, then at every byte of the header.
        let places = [end - 1, (end + header) / 2, header + 1]
        for count in places + (0...header).reversed() {
            try temporary.truncate(to: count)
            #expect(throws: GGUFError.self) { _ = try GGUFFile(path: temporary.path) }
        }
    }

    @Test("a changed header is refused or runs, and never traps", arguments: TinyModel.names)
    func mutations(name: String) throws {
        let pool = WorkerPool(threadCount: 1)
        defer { pool.stop() }
        var ran = 0
        let refused = try mutateHeader(of: TinyModel.path(name), times: 1_700) { file in
            let model = try TextModel(file: file, pool: pool, batchSize: 4)
            let size = model.configuration.vocabularySize
            let cache = model.makeCache(capacity: 8, precision: .exact)
            let logits = FloatBuffer(count: 3 * size)
            let ids = [2, 1, 5].map { Int32(min($0, size - 1)) }
            model.forward(ids[...], cache: cache, output: .all, into: logits)
            ran += 1
        }
        #expect(refused > 50)
        #expect(ran > 50)
    }
}
