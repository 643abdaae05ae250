package import Conversation

/// Notices when an output repeats itself.
///
/// For each period it counts how many of the last ids equal the one a period before. Cost: one
/// comparison for each period a token.
package struct RepetitionWatch: Sendable {
    /// Ids after which a repetition may come at most.
    package static let longestPeriod = 256
    /// How often the same must stand there, and how many ids that must be.
    package static let leastTimes = 4
    package static let leastLength = 64

    /// The last ids, two stretches of them at most.
    private var ids: [Int32] = []
    /// For each period, less one, how many of the last ids equal the one a period before.
    private var runs = [Int](repeating: 0, count: longestPeriod)
    private var isSilent = false

    package init() {}

    /// Takes in the next id.
    ///
    /// - Returns: the repetition, when this id makes it one; only the first is reported.
    package mutating func append(_ id: Int) -> Repetition? {
        guard !isSilent else { return nil }
        let id = Int32(truncatingIfNeeded: id)
        var found: Repetition?
        for period in 1...Self.longestPeriod {
            guard period <= ids.count else { break }
            guard ids[ids.count - period] == id else {
                runs[period - 1] = 0
                continue
            }
            runs[period - 1] += 1
            let length = runs[period - 1] + period
            if found == nil, length >= Self.leastLength, length >= Self.leastTimes * period {
                found = Repetition(period: period, times: length / period)
            }
        }
        ids.append(id)
        if ids.count == 2 * Self.longestPeriod { ids.removeFirst(Self.longestPeriod) }
        isSilent = found != nil
        return found
    }
}
