package import Conversation
import Decoding
import Foundation
import Gemma
import Tensors

/// What to measure, in tokens.
package struct SpeedMeasurement: Sendable, Hashable {
    package var prompt: Int
    package var generated: Int
    /// Context before the generated tokens; nil means the prompt.
    package var depth: Int?
    package var runs: Int

    package init(prompt: Int, generated: Int, depth: Int? = nil, runs: Int) {
        self.prompt = prompt
        self.generated = generated
        self.depth = depth
        self.runs = runs
    }

    /// Positions that the measurement needs room for.
    package var contextSize: Int { max(prompt, (depth ?? prompt) + generated) }
}

/// What a speed measurement found; speeds are medians in tokens a second, 0 for what was not asked.
package struct SpeedReport: Sendable, Hashable {
    package var promptSpeed: Double
    package var generationSpeed: Double
    /// The most anonymous memory that was resident when a prompt had been read or an answer made.
    package var peakAnonymousBytes: Int
}

extension GemmaEngine {
    /// Measures reading and generating, with the kernels and weights that answers use.
    ///
    /// Ids are uniformly random from a fixed seed. Each run starts with an empty cache, reads the
    /// prompt and computes the logits of its last token, then makes passes of one token each with
    /// full logits. With a depth, that many tokens are read once, and every run generates after
    /// them. One short run before the others is not timed.
    /// - Throws: `EngineError` where there is no room for the cache.
    package func measure(
        _ measurement: SpeedMeasurement
    ) async throws(EngineError) -> SpeedReport {
        try await host.measure(measurement)
    }

    /// Bytes of weights that one generated token reads.
    package var bytesPerToken: Int {
        get async { await host.bytesPerToken }
    }

    /// GGUF's id of the type in which most of the layers' weights are stored.
    package var predominantType: UInt32 {
        get async { await host.predominantType }
    }
}

extension ModelHost {
    var bytesPerToken: Int { model.weights.bytesPerToken(model.configuration) }
    var predominantType: UInt32 { model.weights.predominantType }

    func measure(_ asked: SpeedMeasurement) throws(EngineError) -> SpeedReport {
        let size = model.configuration.vocabularySize
        let logits = FloatBuffer(count: size)
        var random = RandomSource(seed: 7)
        func id() -> Int32 { Int32(random.next() % UInt64(size)) }
        let clock = ContinuousClock()
        func read(_ count: Int, _ cache: KVCache) -> Duration {
            guard count > 0 else { return .zero }
            var rest = (0..<count).map { _ in id() }[...]
            return clock.measure {
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
            }
        }
        func generate(_ count: Int, _ cache: KVCache) -> Duration {
            guard count > 0 else { return .zero }
            return clock.measure {
                for _ in 0..<count {
                    model.forward([id()], cache: cache, output: .last, into: logits)
                }
            }
        }
        var (reading, generating): ([Double], [Double]) = ([], [])
        var peak = 0
        // The first run is untimed and shortened: it brings weights and code into memory.
        let runs =
            [(prompt: min(asked.prompt, 2 * model.batchSize), generated: min(asked.generated, 4))]
            + Array(
                repeating: (prompt: asked.prompt, generated: asked.generated),
                count: max(asked.runs, 1)
            )
        func note(_ run: Int, _ first: Duration, _ second: Duration) {
            guard run > 0 else { return }
            if first > .zero { reading.append(Double(asked.prompt) / Self.seconds(first)) }
            if second > .zero {
                generating.append(Double(asked.generated) / Self.seconds(second))
            }
        }
        for (number, run) in runs.enumerated() {
            let following = asked.depth == nil ? run.generated : 0
            let cache = try makeCache(max(run.prompt + following, 1), checkpointLimit: 1)
            note(number, read(run.prompt, cache), generate(following, cache))
            peak = max(peak, KernelFigures.anonymousBytes())
        }
        if let depth = asked.depth, asked.generated > 0 {
            let cache = try makeCache(depth + asked.generated, checkpointLimit: 1)
            _ = read(depth, cache)
            cache.makeCheckpoint()
            for (number, run) in runs.enumerated() {
                let held = cache.rewind(to: depth)
                precondition(held == depth, "the checkpoint holds the depth")
                note(number, .zero, generate(run.generated, cache))
            }
            peak = max(peak, KernelFigures.anonymousBytes())
        }
        func median(_ values: [Double]) -> Double {
            guard !values.isEmpty else { return 0 }
            let sorted = values.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
        return SpeedReport(
            promptSpeed: median(reading),
            generationSpeed: median(generating),
            peakAnonymousBytes: peak
        )
    }
}
