import Decoding
import Foundation
import Gemma
import Tensors

/// What a speed measurement found; speeds are medians in tokens a second.
package struct SpeedReport: Sendable, Hashable {
    package var promptSpeed: Double
    package var generationSpeed: Double
}

extension GemmaEngine {
    /// Measures reading and generating, with the kernels and weights that answers use.
    ///
    /// Ids are uniformly random from a fixed seed. Each run starts with an empty cache, reads
    /// `prompt` tokens and computes the logits of the last, then makes `generated` passes of one
    /// token each with full logits.
    package func measure(prompt: Int, generated: Int, runs: Int) async -> SpeedReport {
        await host.measure(prompt: prompt, generated: generated, runs: runs)
    }
}

extension ModelHost {
    func measure(prompt: Int, generated: Int, runs: Int) -> SpeedReport {
        let size = model.configuration.vocabularySize
        let logits = FloatBuffer(count: size)
        var random = RandomSource(seed: 7)
        func id() -> Int32 { Int32(random.next() % UInt64(size)) }
        let clock = ContinuousClock()
        var reading: [Double] = []
        var generating: [Double] = []
        for _ in 0..<max(runs, 1) {
            let cache = model.makeCache(
                capacity: prompt + generated,
                precision: options.precision,
                format: options.kvFormat,
                checkpointLimit: 0
            )
            var rest = (0..<prompt).map { _ in id() }[...]
            let start = clock.now
            while !rest.isEmpty {
                let chunk = rest.prefix(model.batchSize)
                rest = rest.dropFirst(chunk.count)
                let isLast = rest.isEmpty
                model.forward(
                    chunk,
                    cache: cache,
                    output: isLast ? .last : .none,
                    into: isLast ? logits : nil
                )
            }
            let middle = clock.now
            for _ in 0..<generated {
                model.forward([id()], cache: cache, output: .last, into: logits)
            }
            let end = clock.now
            if prompt > 0 { reading.append(Double(prompt) / Self.seconds(middle - start)) }
            if generated > 0 { generating.append(Double(generated) / Self.seconds(end - middle)) }
        }
        func median(_ values: [Double]) -> Double {
            values.isEmpty ? 0 : values.sorted()[values.count / 2]
        }
        return SpeedReport(promptSpeed: median(reading), generationSpeed: median(generating))
    }
}
