import Foundation

/// Natural logarithms of the probabilities that raw logits stand for.
package enum LogProbabilities {
    /// One token and its logarithm of probability.
    package struct Entry: Sendable, Hashable {
        package var id: Int
        package var logprob: Double

        package init(id: Int, logprob: Double) {
            self.id = id
            self.logprob = logprob
        }
    }

    /// The logarithm of the sum of the logits' exponentials; subtract it from a logit to get its
    /// logprob.
    ///
    /// NaN counts as minus infinity. Cost: two passes.
    package static func normaliser(_ logits: UnsafeBufferPointer<Float>) -> Double {
        var highest = -Float.infinity
        for index in logits.indices where unsafe logits[index] > highest {
            highest = unsafe logits[index]
        }
        guard highest.isFinite else { return Double(highest) }
        var sum = 0.0
        for index in logits.indices {
            let logit = unsafe logits[index]
            if logit > -.infinity { sum += exp(Double(logit - highest)) }
        }
        return Double(highest) + log(sum)
    }

    /// The logprob of one token; minus infinity for an id outside the vocabulary.
    package static func logprob(
        of id: Int,
        in logits: UnsafeBufferPointer<Float>,
        normaliser: Double
    ) -> Double {
        guard logits.indices.contains(id) else { return -.infinity }
        let logit = unsafe logits[id]
        return logit.isNaN || !normaliser.isFinite ? -.infinity : Double(logit) - normaliser
    }

    /// The k most probable tokens, most probable first, ties by lower id.
    package static func top(
        _ k: Int,
        in logits: UnsafeBufferPointer<Float>,
        normaliser: Double
    ) -> [Entry] {
        let limit = min(max(k, 0), logits.count)
        guard limit > 0 else { return [] }
        func value(_ id: Int) -> Float {
            let logit = unsafe logits[id]
            return logit.isNaN ? -.infinity : logit
        }
        // Few are asked for as a rule: keep a sorted list and look at what beats its last.
        var best: [Int] = []
        if limit > 64 {
            best = Array(logits.indices).sorted {
                let (left, right) = (value($0), value($1))
                return left > right || (left == right && $0 < $1)
            }
            best.removeLast(best.count - limit)
        } else {
            for id in logits.indices {
                if best.count == limit {
                    guard let last = best.last, value(id) > value(last) else { continue }
                    best.removeLast()
                }
                var place = best.count
                while place > 0, value(best[place - 1]) < value(id) { place -= 1 }
                best.insert(id, at: place)
            }
        }
        return best.map {
            Entry(id: $0, logprob: unsafe logprob(of: $0, in: logits, normaliser: normaliser))
        }
    }
}
