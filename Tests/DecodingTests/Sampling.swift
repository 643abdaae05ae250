import Conversation
import Decoding
import Testing

@Suite struct Sampling {
    private func draw(
        _ logits: [Float],
        _ settings: SamplingSettings,
        banned: [Int] = [],
        history: [Int] = [],
        count: Int = 1
    ) -> [Int?] {
        var sampler = Sampler(settings: settings, banned: banned, history: history)
        return (0..<count).map { _ in
            var copy = logits
            return sampler.next(&copy)
        }
    }

    @Test("temperature 0 takes the highest logit, the lowest id among equals")
    func greedy() {
        #expect(draw([1, 3, 3, 2], SamplingSettings(temperature: 0)) == [1])
    }

    @Test("the same seed draws the same tokens, another seed others")
    func seeds() {
        let logits = (0..<100).map { Float($0 % 7) }
        let first = draw(logits, SamplingSettings(seed: 1), count: 50)
        #expect(first == draw(logits, SamplingSettings(seed: 1), count: 50))
        #expect(first != draw(logits, SamplingSettings(seed: 2), count: 50))
        var random = RandomSource(seed: 0)
        #expect(random.next() == 0x99EC_5F36_CB75_F2B4)
    }

    @Test("tokens come as often as their probability says")
    func distribution() {
        let settings = SamplingSettings(temperature: 2, topK: 0, topP: 1, seed: 7)
        let drawn = draw([0, 2, 4], settings, count: 60_000).compactMap { $0 }
        let weights = [1.0, 2.718281828, 7.389056099]
        for id in 0..<3 {
            let share = Double(drawn.filter { $0 == id }.count) / 60_000
            // Three standard deviations of 60,000 draws are at most 0.0062.
            #expect(abs(share - weights[id] / 11.107337927) < 0.0065)
        }
    }

    @Test("top-k, top-p and min-p keep only the best")
    func filters() {
        let logits: [Float] = [0, 1, 5, 4.9, -2]
        func seen(_ settings: SamplingSettings) -> Set<Int> {
            Set(draw(logits, settings, count: 2000).compactMap { $0 })
        }
        #expect(seen(SamplingSettings(temperature: 9, topK: 2, topP: 1, seed: 3)) == [2, 3])
        #expect(seen(SamplingSettings(temperature: 1, topK: 0, topP: 0.6, seed: 3)) == [2, 3])
        #expect(seen(SamplingSettings(temperature: 9, topK: 0, topP: 0, seed: 3)) == [2])
        #expect(
            seen(SamplingSettings(temperature: 1, topK: 0, topP: 1, minP: 0.5, seed: 3)) == [2, 3]
        )
        #expect(seen(SamplingSettings(temperature: 99, topK: 99, topP: 1, seed: 3)).count == 5)
        #expect(seen(SamplingSettings(temperature: 99, topK: 0, topP: 1, seed: 3)).count == 5)
    }

    @Test("the best k of awkward lengths, among equals, NaN and minus infinity")
    func bestOfMany() {
        var random = RandomSource(seed: 11)
        for count in [1, 3, 63, 64, 65, 127, 200, 257, 1023] {
            let logits = (0..<count).map { _ -> Float in
                switch random.next() % 8 {
                case 0: .nan
                case 1: -.infinity
                default: Float(random.next() % 5)
                }
            }
            let order = logits.indices.filter { logits[$0] > -.infinity }
                .sorted { (logits[$1], $0) < (logits[$0], $1) }
            #expect(draw(logits, SamplingSettings(temperature: 0)) == [order.first])
            for k in [1, 5, 64, count] {
                let settings = SamplingSettings(temperature: 1e9, topK: k, topP: 1, seed: 2)
                let seen = Set(draw(logits, settings, count: min(40 * k, 2560)).compactMap { $0 })
                let best = Set(order.prefix(k))
                #expect(seen.isSubset(of: best))
                // Each of k is missed by 40 k draws once in e to the 40th.
                #expect(k > 64 || seen == best)
            }
        }
    }

    @Test("without top-k the draws are those of a heap of all tokens")
    func wholeVocabulary() {
        var random = RandomSource(seed: 23)
        for round in 0..<24 {
            let count = 2 + Int(random.next() % 900)
            let spread = [0.1, 3, 40, 2000][round % 4]
            var logits = (0..<count).map { _ -> Float in
                switch random.next() % 10 {
                case 0: .nan
                case 1: 1
                default: Float((random.unit() - 0.5) * spread)
                }
            }
            // One token fewer: then the heap holds all that can be drawn.
            logits[Int(random.next() % UInt64(count))] = -.infinity
            for topP in [0.0, 0.3, 0.95, 0.999_999, 1] {
                for minP in [0.0, 0.02, 0.7] {
                    for temperature in [0.05, 1, 7] {
                        var settings = SamplingSettings(
                            temperature: temperature,
                            topK: count - 1,
                            topP: topP,
                            minP: minP,
                            seed: UInt64(round)
                        )
                        let heap = draw(logits, settings, count: 12)
                        settings.topK = 0
                        #expect(draw(logits, settings, count: 12) == heap)
                    }
                }
            }
        }
    }

    @Test("penalties lower what was seen")
    func penalties() {
        let greedy = SamplingSettings(temperature: 0, repetitionPenalty: 2)
        #expect(draw([3, 2, -1], greedy, history: [0]) == [1])
        #expect(draw([-1, -1.5], greedy, history: [0]) == [1])
        let presence = SamplingSettings(temperature: 0, presencePenalty: 1.5)
        #expect(draw([3, 2], presence, history: [0, 0, 0]) == [1])
        let frequency = SamplingSettings(temperature: 0, frequencyPenalty: 0.4)
        #expect(draw([3, 2], frequency, history: [0, 0]) == [0])
        #expect(draw([3, 2], frequency, history: [0, 0, 0]) == [1])
    }

    @Test("banned ids and NaN are never drawn; nothing left gives nil")
    func nothingLeft() {
        #expect(draw([9, .nan, 1], SamplingSettings(seed: 1), banned: [0, 77, -1]) == [2])
        #expect(draw([9, 8], SamplingSettings(seed: 1), banned: [0, 1]) == [nil])
        #expect(draw([.nan, .nan], SamplingSettings(temperature: 0)) == [nil])
        #expect(draw([], SamplingSettings(seed: 1)) == [nil])
    }

    @Test("logprobs sum to one; the top list is sorted, ties by lower id")
    func logprobs() {
        let logits: [Float] = [1, 3, 3, -2, .nan]
        unsafe logits.withUnsafeBufferPointer { buffer in
            let normaliser = unsafe LogProbabilities.normaliser(buffer)
            #expect(abs(normaliser - 3.762_7) < 0.01)
            let top = unsafe LogProbabilities.top(9, in: buffer, normaliser: normaliser)
            #expect(top.map(\.id) == [1, 2, 0, 3, 4])
            #expect(top.last?.logprob == -.infinity)
            let one = unsafe LogProbabilities.logprob(of: 1, in: buffer, normaliser: normaliser)
            #expect(one == top.first?.logprob)
            #expect(unsafe LogProbabilities.top(2, in: buffer, normaliser: normaliser).count == 2)
        }
    }
}
