/// How logits are cut into pieces, so that most of a vocabulary is passed over.
enum LogitPieces {
    /// Logits of a piece, a multiple of 4.
    private static let size = 64

    static func count(of logits: Int) -> Int { (logits + size - 1) / size }

    /// The ids of a piece.
    static func ids(_ index: Int, of logits: Int) -> Range<Int> {
        index * size..<min((index + 1) * size, logits)
    }
}

/// Tokens to draw from, best first: a higher logit, then a lower id.
///
/// With a limit the best are kept in a heap. Without one, the order is worked out no further than
/// someone looks: tokens are collected in bands of falling logits, and each band is sorted when its
/// first one is asked for. The order is the same either way.
struct CandidateRanking: Sendable {
    struct Candidate: Sendable {
        var id: Int32
        var logit: Float
        /// Probability as a share of the best one's.
        var weight: Double = 0

        /// Whether this one goes before the other.
        @inline(__always)
        func precedes(_ other: Candidate) -> Bool {
            logit > other.logit || (logit == other.logit && id < other.id)
        }
    }

    /// The sum of the weights of all candidates.
    private(set) var total = 0.0
    /// The first of all candidates; all of them have a logit above `floor`.
    private var ranked: [Candidate] = []
    private var floor = Float.infinity
    private var highest = Float.infinity
    private var temperature = 1.0
    /// How far below the highest logit the last band reached, in units of the temperature.
    private var depth = 0.0

    /// The first band reaches down to a weight of e to the minus sixth.
    private static let firstDepth = 6.0
    /// Nothing below has a weight above 0.
    private static let lastDepth = 700.0

    /// Takes the logits of a step; tokens of minus infinity or NaN are none.
    ///
    /// - Parameters:
    ///   - logits: `[vocabulary]`.
    ///   - peaks: the highest logit of each piece.
    ///   - limit: how many of the best there are at most; 0 for all.
    ///   - temperature: divides differences of logits.
    mutating func rank(
        _ logits: UnsafeBufferPointer<Float>,
        _ peaks: [Float],
        limit: Int,
        temperature: Double
    ) {
        ranked.removeAll(keepingCapacity: true)
        self.temperature = temperature
        highest = peaks.max() ?? -.infinity
        (total, depth, floor) = (0, 0, .infinity)
        guard limit > 0, limit < logits.count else { return unsafe addUp(logits, peaks) }
        unsafe keepBest(limit, logits, peaks)
        ranked.sort { $0.precedes($1) }
        floor = -.infinity
        for index in ranked.indices {
            ranked[index].weight = weight(ranked[index].logit)
            total += ranked[index].weight
        }
    }

    /// The candidate at a rank; nil when there are not so many.
    ///
    /// Takes the logits and peaks that were ranked.
    mutating func candidate(
        _ rank: Int,
        _ logits: UnsafeBufferPointer<Float>,
        _ peaks: [Float]
    ) -> Candidate? {
        while rank >= ranked.count, floor > -.infinity { unsafe addBand(logits, peaks) }
        return rank < ranked.count ? ranked[rank] : nil
    }

    private func weight(_ logit: Float) -> Double {
        PortableExponential.value(Double(logit - highest) / temperature)
    }

    private mutating func addUp(_ logits: UnsafeBufferPointer<Float>, _ peaks: [Float]) {
        for index in peaks.indices where peaks[index] > -.infinity {
            for id in LogitPieces.ids(index, of: logits.count) {
                let logit = unsafe logits[id]
                if logit > -.infinity { total += weight(logit) }
            }
        }
    }

    /// Adds the candidates between the last floor and a lower one.
    private mutating func addBand(_ logits: UnsafeBufferPointer<Float>, _ peaks: [Float]) {
        let ceiling = floor
        depth = depth == 0 ? Self.firstDepth : 2 * depth
        floor =
            depth > Self.lastDepth ? -.infinity : Float(Double(highest) - depth * temperature)
        let start = ranked.count
        for index in peaks.indices where peaks[index] > floor {
            for id in LogitPieces.ids(index, of: logits.count) {
                let logit = unsafe logits[id]
                guard logit > floor, logit <= ceiling else { continue }
                ranked.append(Candidate(id: Int32(id), logit: logit, weight: weight(logit)))
            }
        }
        ranked[start...].sort { $0.precedes($1) }
    }

    private mutating func keepBest(
        _ limit: Int,
        _ logits: UnsafeBufferPointer<Float>,
        _ peaks: [Float]
    ) {
        for index in peaks.indices {
            // A full heap takes only what beats its root.
            let isFull = ranked.count == limit
            guard peaks[index] > (isFull ? ranked[0].logit : -.infinity) else { continue }
            for id in LogitPieces.ids(index, of: logits.count) {
                unsafe consider(id, logits[id], limit)
            }
        }
    }

    @inline(__always)
    private mutating func consider(_ id: Int, _ logit: Float, _ limit: Int) {
        guard logit > -.infinity else { return }
        let candidate = Candidate(id: Int32(id), logit: logit)
        if ranked.count < limit {
            ranked.append(candidate)
            siftUp(ranked.count - 1)
        } else if logit > ranked[0].logit {
            // Ids rise, so an equal logit never replaces an earlier one.
            ranked[0] = candidate
            siftDown()
        }
    }

    // The heap keeps the candidate that would go first at its root.
    private mutating func siftUp(_ start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard ranked[parent].precedes(ranked[child]) else { return }
            ranked.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var child = parent * 2 + 1
            guard child < ranked.count else { return }
            if child + 1 < ranked.count, ranked[child].precedes(ranked[child + 1]) { child += 1 }
            guard ranked[parent].precedes(ranked[child]) else { return }
            ranked.swapAt(parent, child)
            parent = child
        }
    }
}
