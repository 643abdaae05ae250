package import Conversation

/// Draws the next token of one answer from its logits.
///
/// Order: banned ids, penalties, temperature, top-k, top-p, min-p, draw. Ids with equal logits are
/// taken lowest first, so that the same seed gives the same answer on every machine. Cost: a pass
/// over the vocabulary for the highest logit of each piece, and a look into the few pieces that hold
/// a candidate; nothing is allocated after the first token.
package struct Sampler: Sendable {
    package let settings: SamplingSettings
    /// The seed in use, whether asked for or drawn.
    package let seed: UInt64
    private var random: RandomSource
    private var banned: [Int]
    /// How often each token was seen, for the penalties.
    private var counts: [Int: Int] = [:]
    private var candidates: [Candidate] = []
    /// The highest logit of each piece of the vocabulary.
    private var peaks: [Float] = []

    /// Logits of a piece, a multiple of 4.
    private static let pieceSize = 64

    private struct Candidate: Sendable {
        var id: Int32
        var logit: Float
        var weight: Double = 0

        /// Whether this one goes before the other: a higher logit, then a lower id.
        @inline(__always)
        func precedes(_ other: Candidate) -> Bool {
            logit > other.logit || (logit == other.logit && id < other.id)
        }
    }

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

    /// The ids of a piece.
    private func piece(_ index: Int, of count: Int) -> Range<Int> {
        index * Self.pieceSize..<min((index + 1) * Self.pieceSize, count)
    }

    /// Notes the highest logit of each piece, minus infinity where all are that or NaN.
    private mutating func findPeaks(of logits: UnsafeMutableBufferPointer<Float>) {
        let pieces = (logits.count + Self.pieceSize - 1) / Self.pieceSize
        if peaks.count != pieces { peaks = Array(repeating: 0, count: pieces) }
        for index in peaks.indices {
            let ids = piece(index, of: logits.count)
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
            piece(index, of: logits.count).first { unsafe logits[$0] == highest }
        }
    }

    private mutating func draw(
        _ logits: UnsafeMutableBufferPointer<Float>,
        temperature: Double
    ) -> Int? {
        unsafe select(logits)
        candidates.sort { $0.precedes($1) }
        guard let first = candidates.first else { return nil }
        var total = 0.0
        for index in candidates.indices {
            let weight = PortableExponential.value(
                Double(candidates[index].logit - first.logit) / temperature
            )
            candidates[index].weight = weight
            total += weight
        }
        var kept = candidates.count
        if settings.topP < 1 {
            // The smallest set that reaches the share, the first in any case.
            let wanted = settings.topP * total
            var sum = 0.0
            kept = 0
            while kept < candidates.count, kept == 0 || sum < wanted {
                sum += candidates[kept].weight
                kept += 1
            }
        }
        if settings.minP > 0 {
            // The best one's weight is 1.
            while kept > 1, candidates[kept - 1].weight < settings.minP { kept -= 1 }
        }
        var sum = 0.0
        for index in 0..<kept { sum += candidates[index].weight }
        var left = random.unit() * sum
        for index in 0..<kept {
            left -= candidates[index].weight
            if left < 0 { return Int(candidates[index].id) }
        }
        return Int(candidates[kept - 1].id)
    }

    /// Collects the k best tokens, or all that have a finite logit.
    private mutating func select(_ logits: UnsafeMutableBufferPointer<Float>) {
        candidates.removeAll(keepingCapacity: true)
        let count = logits.count
        let limit = settings.topK > 0 ? min(settings.topK, count) : count
        for index in peaks.indices {
            // A full heap takes only what beats its root.
            let isFull = candidates.count == limit
            guard peaks[index] > (isFull ? candidates[0].logit : -.infinity) else { continue }
            for id in piece(index, of: count) { unsafe consider(id, logits[id], limit, count) }
        }
    }

    @inline(__always)
    private mutating func consider(_ id: Int, _ logit: Float, _ limit: Int, _ count: Int) {
        guard logit > -.infinity else { return }
        let candidate = Candidate(id: Int32(id), logit: logit)
        if limit == count {
            candidates.append(candidate)
        } else if candidates.count < limit {
            candidates.append(candidate)
            siftUp(candidates.count - 1)
        } else if logit > candidates[0].logit {
            // Ids rise, so an equal logit never replaces an earlier one.
            candidates[0] = candidate
            siftDown()
        }
    }

    // The heap keeps the candidate that would go first at its root.
    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard candidates[parent].precedes(candidates[child]) else { return }
            candidates.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < candidates.count else { return }
            if child + 1 < candidates.count, candidates[child].precedes(candidates[child + 1]) {
                child += 1
            }
            guard candidates[parent].precedes(candidates[child]) else { return }
            candidates.swapAt(parent, child)
            parent = child
        }
    }
}
