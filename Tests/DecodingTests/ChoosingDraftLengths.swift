import Decoding
import Testing

@Suite struct ChoosingDraftLengths {
    /// A machine whose passes take what `cost` says, in plain passes, and answers whose guesses come
    /// true with this chance; gives the tokens a plain pass's time has brought.
    private func yield(
        tokens: Int,
        rank: Int,
        chance: Double,
        share: Double = 1,
        cost: (Int) -> Double
    ) -> (speed: Double, guesses: [Int]) {
        var random = RandomSource(seed: 3)
        var length = DraftLength()
        var (made, time) = (0, 0.0)
        var chosen: [Int] = []
        while made < tokens {
            // Guesses are there for a share of the passes.
            let guesses =
                random.unit() < share
                ? length.guesses(rank: rank, limit: DraftLength.maxRows - 1) : 0
            #expect((0..<DraftLength.maxRows).contains(guesses))
            chosen.append(guesses)
            var accepted = 0
            while accepted < guesses, random.unit() < chance { accepted += 1 }
            let passes = cost(guesses + 1)
            let seconds = passes * 0.01
            length.notePass(rows: guesses + 1, seconds: seconds)
            length.noteOutcome(
                accepted: accepted,
                wasRefuted: accepted < guesses,
                rank: rank,
                rows: guesses + 1,
                seconds: seconds
            )
            made += accepted + 1
            time += passes
        }
        return (Double(made) / time, chosen)
    }

    @Test(
        "guesses that never come true cost at most two parts in a hundred",
        arguments: [0.02, 0.1, 0.5, 1, 3]
    )
    func neverTrue(row: Double) {
        for rank in [2, 4, 8, 16, 32] {
            let (speed, _) = yield(tokens: 1000, rank: rank, chance: 0) { 1 + row * Double($0 - 1) }
            #expect(speed > 0.98)
        }
    }

    @Test("guesses that come true are used to the full, wherever rows are cheaper than passes")
    func alwaysTrue() {
        let cheap = yield(tokens: 1000, rank: 12, chance: 1) { 1 + 0.05 * Double($0 - 1) }
        #expect(cheap.guesses.suffix(10).allSatisfy { $0 == 15 })
        #expect(cheap.speed > 8)
        let dear = yield(tokens: 1000, rank: 12, chance: 1) { 1 + 0.5 * Double($0 - 1) }
        #expect(dear.speed > 1.6)
    }

    @Test("where each row takes a whole pass, nothing is guessed")
    func dearRows() {
        let (speed, guesses) = yield(tokens: 1000, rank: 32, chance: 0.9) { Double($0) }
        #expect(speed > 0.98)
        #expect(guesses.count { $0 == 0 } > 900)
    }

    @Test("a pass that takes longer from eight rows on is not asked for more")
    func steps() {
        let (speed, guesses) = yield(tokens: 4000, rank: 32, chance: 0.98) {
            $0 <= 8 ? 1.2 : 12
        }
        #expect(guesses.suffix(100).count { $0 == 7 } > 90)
        #expect(speed > 4)
    }

    @Test("a longer pass that was held up the first time is tried again")
    func heldUp() {
        var longest = 0
        let (_, guesses) = yield(tokens: 4000, rank: 32, chance: 1) { rows in
            // The first pass of each length takes thrice its time.
            defer { longest = max(longest, rows) }
            return (1 + 0.1 * Double(rows - 1)) * (rows > max(longest, 8) ? 3 : 1)
        }
        #expect(guesses.suffix(50).allSatisfy { $0 == 15 })
    }

    @Test("guesses that come true now and then are fewer")
    func unsure() {
        let (speed, guesses) = yield(tokens: 3000, rank: 2, chance: 0.5, share: 0.5) {
            1 + 0.1 * Double($0 - 1)
        }
        #expect(speed > 1.15)
        #expect(guesses.max() ?? 0 < 15)
    }

    @Test("nothing is guessed before a plain pass was measured, nor beyond the limit")
    func beginning() {
        var length = DraftLength()
        #expect(length.guesses(rank: 32, limit: 15) == 0)
        length.notePass(rows: 1, seconds: 0.01)
        #expect(length.guesses(rank: 32, limit: 15) == 1)
        #expect(length.guesses(rank: 32, limit: 0) == 0)
        #expect(length.guesses(rank: 32, limit: -1) == 0)
    }
}
