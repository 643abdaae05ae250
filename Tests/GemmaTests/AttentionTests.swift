import Foundation
import Gemma
import ReferenceData
import Tensors
import Testing

@Suite("Attention over long texts")
struct AttentionTests {
    /// More than two rings and a bit of chunks of 256.
    private static let length = 600

    /// The tiny model's own text over and over, with no period that a ring or a window has.
    private func text(_ name: String, length: Int = length) throws -> [Int32] {
        let ids = try TinyModel(name).ids
        return (0..<length).map { ids[($0 * 7 + $0 / 23) % ids.count] }
    }

    @Test(
        "a text longer than the ring gives the logits of one that fits",
        arguments: TinyModel.names
    )
    func ring(name: String) throws {
        let text = try text(name)
        let wide = try ModelRunner(TinyModel.path(name), batchSize: Self.length)
        let narrow = try ModelRunner(TinyModel.path(name), batchSize: 24)
        let ringSize = narrow.model.makeCache(capacity: Self.length, precision: .exact).ringSize
        #expect(ringSize < Self.length / 2)
        #expect(
            wide.model.makeCache(capacity: Self.length, precision: .exact).ringSize >= Self.length
        )
        let whole = wide.logits(text)
        let scale = whole.map { abs($0) }.max() ?? 1
        let window = narrow.model.configuration.slidingWindow
        for chunk in [1, window - 1, window, window + 1, 2 * window + 3] {
            #expect(chunk <= 24)
            let found = narrow.logits(text, chunk: chunk)
            #expect(largestDifference(found, whole) <= 1e-5 * scale, "chunks of \(chunk)")
        }
    }

    @Test(
        "neither threads nor the size of a small batch change a bit",
        arguments: TinyModel.names,
        [KVFormat.f32, .f16, .q8]
    )
    func bits(name: String, format: KVFormat) throws {
        let text = Array(try text(name).prefix(300))
        let precision: Precision = format == .f32 ? .exact : .fast
        var expected: [Float]?
        for threads in 1...3 {
            let runner = try ModelRunner(TinyModel.path(name), threads: threads, batchSize: 16)
            for chunk in [1, 3, 16] {
                let found = runner.logits(text, chunk: chunk, precision: precision, format: format)
                #expect(found == expected ?? found, "\(threads) threads, \(chunk) tokens")
                expected = found
            }
        }
    }

    @Test("chunks that do not fit the scratch together are merged in waves, to the same bits")
    func waves() throws {
        // Partial results of 32 rows fill the scratch after four chunks, and five threads share them.
        let text = try text("dense", length: 1_500)
        let alone = try ModelRunner(TinyModel.path("dense"), threads: 1, batchSize: 32)
        let shared = try ModelRunner(TinyModel.path("dense"), threads: 5, batchSize: 32)
        #expect(alone.logits(text) == shared.logits(text))
    }

    @Test("a Q8_0 cache moves logits little", arguments: TinyModel.names)
    func q8(name: String) throws {
        let tiny = try TinyModel(name)
        let runner = try ModelRunner(tiny.path)
        let exact = runner.logits(tiny.ids)
        let found = runner.logits(tiny.ids, precision: .fast, format: .q8)
        let halves = runner.logits(tiny.ids, precision: .fast, format: .f16)
        func size(_ numbers: [Float]) -> Float {
            (numbers.reduce(0) { $0 + $1 * $1 } / Float(numbers.count)).squareRoot()
        }
        func error(_ found: [Float]) -> Float { size(zip(found, exact).map { $0 - $1 }) }
        // Keys and values are off by up to 1/254 of their block's largest number, and a few layers
        // of random weights pass that on, which may choose another expert here and there; rows in
        // wrong places would be off by the whole size.
        #expect(found.count == exact.count)
        #expect(error(found) > error(halves))
        #expect(error(found) < 0.1 * size(exact))
    }
}
