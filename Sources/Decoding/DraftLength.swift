/// Decides how many guesses of a drafter are worth checking, from what passes took and how often
/// guesses came true.
///
/// A pass over a token and k guesses takes longer than one over the token alone, and yields a token
/// more for each guess that comes true before the first that does not. The k of the highest expected
/// tokens a second is taken, and may be 0.
///
/// What is spent on guesses is accounted for: a pass that brought less than plain passes would have
/// in its time is paid from a credit, which time won fills and which otherwise grows by a hundredth
/// of each token. So a conversation in which nothing repeats loses about one part in a hundred.
///
/// Only speed depends on this, never the answer.
package struct DraftLength: Sendable {
    /// Rows of a pass at most: the last token and its guesses.
    package static let maxRows = 16

    private static let creditAtStart = 1.0
    private static let creditATokenEarns = 0.01
    /// Time won long ago is no reason to waste much now.
    private static let maxCredit = 16.0
    /// What a further row takes of a plain pass, until it was measured.
    private static let assumedRowCost = 0.1

    /// Seconds of a pass by its rows, 0 where none was measured.
    private var measured = [Double](repeating: 0, count: maxRows + 1)
    private var mostRows = 0
    private var records = TrustClass.allCases.map { Record(trust: $0) }
    /// In plain passes.
    private var credit = creditAtStart
    /// Passes with guesses until a longer draft is tried, and what that number is next time.
    private var untilTrial = 8
    private var trialGap = 16

    package init() {}

    /// Ranks that come true about equally often.
    private enum TrustClass: Int, CaseIterable {
        case pair, few, several, many, passage

        init(rank: Int) {
            self =
                switch rank {
                case ...2: .pair
                case ...4: .few
                case ...8: .several
                case ...16: .many
                default: .passage
                }
        }

        /// The share that comes true, until it was seen.
        var assumed: Double {
            switch self {
            case .pair: 0.3
            case .few: 0.4
            case .several: 0.6
            case .many: 0.75
            case .passage: 0.9
            }
        }
    }

    /// How often guesses of a class came true of late.
    private struct Record {
        let trust: TrustClass
        var checked = 0.0
        var came = 0.0

        var share: Double { (came + 4 * trust.assumed) / (checked + 4) }

        mutating func note(_ isTrue: Bool) {
            fade(0.95)
            checked += 1
            if isTrue { came += 1 }
        }

        mutating func fade(_ factor: Double) {
            checked *= factor
            came *= factor
        }
    }

    /// How many guesses to check, at most `limit`, when the first has this rank.
    package func guesses(rank: Int, limit: Int) -> Int {
        let plain = measured[1]
        guard plain > 0 else { return 0 }
        // What a larger pass takes is found out by doubling.
        let limit = min(limit, Self.maxRows - 1, 2 * mostRows - 1)
        var (best, bestYield) = (0, 1.0)
        var (chance, tokens) = (1.0, 1.0)
        for guesses in 1..<max(limit + 1, 1) {
            chance *= records[TrustClass(rank: rank + guesses - 1).rawValue].share
            tokens += chance
            let cost = seconds(rows: guesses + 1) / plain
            guard cost - 1 <= credit else { continue }
            if tokens / cost > bestYield { (best, bestYield) = (guesses, tokens / cost) }
        }
        // A longer pass that was held up when it was measured is given another chance, ever less often,
        // where time was won.
        guard untilTrial <= 0, best > 0, credit > Self.maxCredit / 2 else { return best }
        return max(best, min(2 * best + 1, limit))
    }

    /// Takes in what a pass took.
    package mutating func notePass(rows: Int, seconds: Double) {
        guard (1...Self.maxRows).contains(rows), seconds > 0 else { return }
        let before = measured[rows]
        // A pass may be held up but never be hurried: lower values count for more.
        let share = before == 0 ? 1 : seconds < before ? 0.5 : 0.1
        measured[rows] = before + share * (seconds - before)
        mostRows = max(mostRows, rows)
        for other in 2...Self.maxRows where other != rows && measured[other] > 0 {
            // What was measured long ago is forgotten, so that a pass held up once is tried again.
            let assumed = measured[1] * (1 + Self.assumedRowCost * Double(other - 1))
            if measured[other] > assumed { measured[other] *= 0.9998 }
        }
        for index in records.indices { records[index].fade(0.998) }
    }

    /// Takes in what came of the guesses of the pass noted last.
    ///
    /// - Parameters:
    ///   - accepted: how many came true.
    ///   - wasRefuted: whether the one after them did not; otherwise the rest, if any, went
    ///     unchecked.
    ///   - rank: that of the first guess.
    ///   - rows: those of the pass.
    ///   - seconds: what the pass took.
    package mutating func noteOutcome(
        accepted: Int,
        wasRefuted: Bool,
        rank: Int,
        rows: Int,
        seconds: Double
    ) {
        for place in 0..<max(accepted, 0) {
            records[TrustClass(rank: rank + place).rawValue].note(true)
        }
        if wasRefuted { records[TrustClass(rank: rank + accepted).rawValue].note(false) }
        if rows > 1 {
            if untilTrial <= 0 { (untilTrial, trialGap) = (trialGap, min(2 * trialGap, 512)) }
            untilTrial -= 1
        }
        guard measured[1] > 0 else { return }
        let tokens = Double(accepted + 1)
        var change = tokens * Self.creditATokenEarns
        if rows > 1 { change += tokens - seconds / measured[1] }
        credit = min(credit + change, Self.maxCredit)
    }

    /// What a pass takes: measured, or between and beyond what was measured.
    private func seconds(rows: Int) -> Double {
        let plain = measured[1]
        var below = rows
        while below > 1, measured[below] == 0 { below -= 1 }
        // Never more than passes of fewer rows one after another.
        var bound = Double(rows) * plain
        for fewer in 2..<max(rows, 2) where measured[fewer] > 0 {
            bound = min(bound, measured[fewer] * Double((rows + fewer - 1) / fewer))
        }
        if below == rows { return min(measured[rows], bound) }
        let low = measured[below]
        if let above = (rows...Self.maxRows).first(where: { measured[$0] > 0 }) {
            let share = Double(rows - below) / Double(above - below)
            return min(low + share * (measured[above] - low), bound)
        }
        let row =
            below > 1
            ? max(0, low - plain) / Double(below - 1) : Self.assumedRowCost * plain
        return min(low + Double(rows - below) * row, bound)
    }
}
