package import Conversation

/// Draws the next token of one answer from its logits.
///
/// Order: banned ids, penalties, temperature, top-k, top-p, min-p, draw. Ids with equal logits are
/// taken lowest first, so that the same seed gives the same answer on every machine. Cost: a pass
/// over the vocabulary for the highest logit of each piece, and a look into the few pieces that hold
/// a candidate; without top-k another pass for the sum of all probabilities. Little is allocated
/// after the first token.
package struct Sampler: Sendable {
    package let settings: SamplingSettings
    /// The seed in use, whether asked for or drawn.
    package let seed: UInt64
    private var random: RandomSource
    private var banned: [Int]
    /// How often each token was seen, for the penalties.
    private var counts: [Int: Int] = [:]
    private var candidates = CandidateRanking()
    /// The highest logit of each piece of the vocabulary.
    private var peaks: [Float] = []

    /// Starts an answer; `banned` ids are never drawn, those of `history` count as seen.
    package init(
        settings: SamplingSettings,
        banned: [Int] = [],
        history: some Sequence<Int> = []
    ) {
        self.settings = settings
        self.banned = banned
        if let given = settings.seed {
            seed = given
        } else {
            var system = SystemRandomNumberGenerator()
            seed = system.next()
        }
        random = RandomSource(seed: seed)
        for id in history { counts[id, default: 0] += 1 }
    }

    /// Draws a token and counts it as seen.
    ///
    /// Changes the logits: penalties are applied in place and banned ids become minus infinity; read
    /// log-probabilities before. NaN counts as minus infinity.
    /// - Parameter logits: `[vocabulary]`.
    /// - Returns: The id, or nil when no token may be drawn.
    package mutating func next(_ logits: UnsafeMutableBufferPointer<Float>) -> Int? {
        for id in banned where logits.indices.contains(id) { unsafe logits[id] = -.infinity }
        unsafe penalise(logits)
        unsafe findPeaks(of: logits)
        guard let best = unsafe best(of: logits) else { return nil }
        let id: Int
        let temperature = settings.temperature
        if temperature.isFinite, temperature > 0, unsafe logits[best] < .infinity {
            id = unsafe draw(logits, temperature: temperature) ?? best
        } else {
            id = best
        }
        counts[id, default: 0] += 1
        return id
    }

    /// The same for logits in an array.
    package mutating func next(_ logits: inout [Float]) -> Int? {
        unsafe logits.withUnsafeMutableBufferPointer { unsafe next($0) }
    }

    /// Counts tokens as seen that were not drawn here, as the end of a thought put in by the engine.
    package mutating func note(_ id: Int) { counts[id, default: 0] += 1 }

    private func penalise(_ logits: UnsafeMutableBufferPointer<Float>) {
        let repetition = Float(settings.repetitionPenalty)
        let presence = Float(settings.presencePenalty)
        let frequency = Float(settings.frequencyPenalty)
        guard repetition != 1 || presence != 0 || frequency != 0 else { return }
        for (id, count) in counts where logits.indices.contains(id) {
            var logit = unsafe logits[id]
            if repetition > 0 { logit = logit > 0 ? logit / repetition : logit * repetition }
            unsafe logits[id] = logit - presence - frequency * Float(count)
        }
    }

    /// Notes the highest logit of each piece, minus infinity where all are that or NaN.
    private mutating func findPeaks(of logits: UnsafeMutableBufferPointer<Float>) {
        let pieces = LogitPieces.count(of: logits.count)
        if peaks.count != pieces { peaks = Array(repeating: 0, count: pieces) }
        for index in peaks.indices {
            let ids = LogitPieces.ids(index, of: logits.count)
            // Four at a time, none waiting for another. A NaN is higher than nothing.
            var (a, b, c, d) = (-Float.infinity, -Float.infinity, -Float.infinity, -Float.infinity)
            var id = ids.lowerBound
            while id + 4 <= ids.upperBound {
                a = unsafe logits[id] > a ? logits[id] : a
                b = unsafe logits[id + 1] > b ? logits[id + 1] : b
                c = unsafe logits[id + 2] > c ? logits[id + 2] : c
                d = unsafe logits[id + 3] > d ? logits[id + 3] : d
                id += 4
            }
            while id < ids.upperBound {
                a = unsafe logits[id] > a ? logits[id] : a
                id += 1
            }
            peaks[index] = max(max(a, b), max(c, d))
        }
    }

    /// The highest logit's id, the lowest among equals; nil when all are minus infinity or NaN.
    private func best(of logits: UnsafeMutableBufferPointer<Float>) -> Int? {
        var best: Int?
        var highest = -Float.infinity
        for index in peaks.indices where peaks[index] > highest {
            highest = peaks[index]
            best = index
        }
        return best.flatMap { index in
            LogitPieces.ids(index, of: logits.count).first { unsafe logits[$0] == highest }
        }
    }

    private mutating func draw(
        _ logits: UnsafeMutableBufferPointer<Float>,
        temperature: Double
    ) -> Int? {
        let all = UnsafeBufferPointer(logits)
        unsafe candidates.rank(all, peaks, limit: settings.topK, temperature: temperature)
        func candidate(_ rank: Int) -> CandidateRanking.Candidate? {
            unsafe candidates.candidate(rank, all, peaks)
        }
        /// How many of the best are kept; nil keeps all.
        var kept: Int?
        if settings.topP < 1 {
            // The smallest set that reaches the share, the first in any case.
            let wanted = settings.topP * candidates.total
            var (sum, count) = (0.0, 0)
            while count == 0 || sum < wanted, let next = candidate(count) {
                sum += next.weight
                count += 1
            }
            kept = count
        }
        if settings.minP > 0 {
            // The best one's weight is 1.
            var count = 1
            while count < kept ?? .max, let next = candidate(count), next.weight >= settings.minP {
                count += 1
            }
            kept = count
        }
        let sum = kept.map { (0..<$0).reduce(0) { $0 + (candidate($1)?.weight ?? 0) } }
        var left = random.unit() * (sum ?? candidates.total)
        var (rank, last) = (0, Int?.none)
        while rank < kept ?? .max, let next = candidate(rank) {
            left -= next.weight
            last = Int(next.id)
            if left < 0 { break }
            rank += 1
        }
        return last
    }
}
