import Foundation
import Gemma
import ReferenceData
import Tensors
import Testing

@Suite("KV cache", .enabled(if: ReferenceFolder.isPresent, "no reference folder"))
struct CacheTests {
    private func runner(_ name: String, batchSize: Int = 256) throws -> (ModelRunner, GoldenModel) {
        let golden = try GoldenModel(name)
        return (
            try ModelRunner(
                golden.folder.appending(path: "\(name)-bf16.gguf").path,
                batchSize: batchSize
            ), golden
        )
    }

    @Test(
        "reading in chunks gives the logits of reading at once",
        arguments: ["e2b", "moe", "dense"]
    )
    func chunks(name: String) throws {
        let (runner, golden) = try runner(name)
        let text = try #require(golden.cases.max { $0.ids.count < $1.ids.count }).ids
        let window = runner.model.configuration.slidingWindow
        let whole = runner.logits(text)
        let scale = whole.map { abs($0) }.max() ?? 1
        for chunk in [1, window - 1, window, window + 1, 2 * window + 3] where chunk > 0 {
            #expect(largestDifference(runner.logits(text, chunk: chunk), whole) <= 1e-5 * scale)
        }
    }

    @Test(
        "a text read far out in the context gives the same logits",
        arguments: [131_000, 262_000]
    )
    func shiftedPositions(shift: Int) throws {
        for name in ["e2b", "moe", "dense"] {
            let (runner, golden) = try runner(name)
            let ids = try #require(golden.cases.first { $0.ids.count == 48 }).ids
            let shifted = runner.logits(ids, firstPosition: shift)
            #expect(largestDifference(shifted, runner.logits(ids)) < 1e-3)
        }
    }

    @Test(
        "going back to a checkpoint past the ring's slack loses nothing",
        arguments: ["e2b", "moe"]
    )
    func checkpoint(name: String) throws {
        let (runner, golden) = try runner(name, batchSize: 16)
        let model = runner.model
        let text = try #require(golden.cases.max { $0.ids.count < $1.ids.count }).ids
        let cache = model.makeCache(capacity: 500, precision: .exact)
        read(text.prefix(40), model, cache)
        cache.makeCheckpoint()
        read(text[40..<150], model, cache)
        read(text[0..<150], model, cache)
        read(text[0..<100], model, cache)
        #expect(cache.count - cache.ringSize > 45)
        #expect(cache.rewind(to: 45) == 40)
        let size = model.configuration.vocabularySize
        let logits = FloatBuffer(count: size)
        read(text[40..<149], model, cache)
        model.forward(text[149..<150], cache: cache, output: .last, into: logits)
        let expected = Array(runner.logits(text).suffix(size))
        #expect(largestDifference(logits.array(0..<size), expected) < 1e-4)
    }

    @Test("going back within the slack needs no checkpoint, further back starts anew")
    func slack() throws {
        let (runner, golden) = try runner("e2b", batchSize: 16)
        let text = try #require(golden.cases.max { $0.ids.count < $1.ids.count }).ids
        let cache = runner.model.makeCache(capacity: 700, precision: .exact)
        for _ in 0..<4 { read(text[...], runner.model, cache) }
        // The first position that sees nothing older than the ring holds.
        let window = runner.model.configuration.slidingWindow
        let reach = cache.count - cache.ringSize + window - 1
        #expect(reach > 0 && reach < cache.count)
        #expect(cache.rewind(to: reach) == reach)
        #expect(cache.rewind(to: reach - 1) == 0)
    }

    private func read(_ ids: ArraySlice<Int32>, _ model: TextModel, _ cache: KVCache) {
        var rest = ids
        while !rest.isEmpty {
            model.forward(rest.prefix(model.batchSize), cache: cache, output: .none, into: nil)
            rest = rest.dropFirst(model.batchSize)
        }
    }
}
