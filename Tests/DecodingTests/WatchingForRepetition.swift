import Conversation
import Decoding
import Testing

@Suite("Watching for repetition") struct WatchingForRepetition {
    /// Every repetition reported, with the place of the id that made it one.
    private func found(in ids: [Int]) -> [(place: Int, Repetition)] {
        var watch = RepetitionWatch()
        return ids.enumerated().compactMap { place, id in watch.append(id).map { (place, $0) } }
    }

    @Test(
        "the smallest period is reported once, when there are enough ids of it",
        arguments: [1, 2, 3, 15, 16, 17, 64, 100, 255, 256]
    )
    func periods(period: Int) throws {
        let opening = Array(9_000..<9_040)
        let ids = opening + (0..<2_000).map { $0 % period }
        let all = found(in: ids)
        let first = try #require(all.first)
        #expect(all.count == 1)
        let length = max(RepetitionWatch.leastLength, RepetitionWatch.leastTimes * period)
        #expect(first.place == opening.count + length - 1)
        #expect(first.1 == Repetition(period: period, times: length / period))
    }

    @Test("a period that is too long, and ids that never repeat, are nothing")
    func nothing() {
        #expect(found(in: (0..<3_000).map { $0 % 257 }).isEmpty)
        #expect(found(in: Array(0..<3_000)).isEmpty)
        // A counter within a sentence makes each one another.
        #expect(found(in: (0..<3_000).map { $0 % 12 == 0 ? 100 + $0 : $0 % 12 }).isEmpty)
    }

    @Test("three times are not enough, and a break starts anew")
    func breaks() {
        let sentence = Array(1...30)
        #expect(found(in: sentence + sentence + sentence + [99]).isEmpty)
        let broken = (0..<10).flatMap { _ in sentence + sentence + sentence + [99] }
        // The whole with its break comes again after 91 ids.
        #expect(found(in: broken).map(\.1.period) == [91])
    }
}
