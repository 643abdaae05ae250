import Decoding
import Testing

@Suite struct LookingUp {
    /// What the lookup must find: the earlier place that agrees longest with the end, the latest
    /// among equals, among the latest places where the last `order` ids stand.
    private func search(_ ids: [Int], order: Int) -> (end: Int, length: Int)? {
        guard ids.count > order else { return nil }
        var best: (end: Int, length: Int)?
        var seen = 0
        for end in (order..<ids.count).reversed() where seen < PromptLookup.occurrences {
            var length = 0
            while length < min(end, PromptLookup.longestMatch),
                ids[end - 1 - length] == ids[ids.count - 1 - length]
            { length += 1 }
            guard length >= order else { continue }
            seen += 1
            if length > best?.length ?? 0 { best = (end, length) }
        }
        return best
    }

    private func naive(_ ids: [Int], count: Int) -> (rank: Int, draft: [Int])? {
        let found =
            search(ids, order: PromptLookup.firstOrder)
            ?? search(ids, order: PromptLookup.shortestMatch)
        guard let found else { return nil }
        var all = ids
        for place in found.end..<found.end + count { all.append(all[place]) }
        return (found.length, Array(all[ids.count...]))
    }

    private func draft(_ lookup: inout PromptLookup, _ count: Int) -> [Int] {
        var draft: [Int32] = []
        lookup.propose(count, into: &draft)
        return draft.map { Int($0) }
    }

    @Test(
        "what it proposes is what a search from the end finds, also after going back",
        arguments: [2, 5, 40, 1000]
    )
    func randomSequences(vocabulary: Int) {
        var random = RandomSource(seed: UInt64(vocabulary))
        var lookup = PromptLookup()
        var ids: [Int] = []
        var found = 0
        for _ in 0..<3000 {
            switch random.next() % 20 {
            case 0:
                // Further than a gram, and at times everything.
                let count = Int(random.next() % UInt64(ids.count + 1))
                let kept = random.next() % 4 == 0 ? count : max(count, ids.count - 9)
                ids.removeLast(ids.count - kept)
                lookup.truncate(to: kept)
            case 1 where ids.count > 12, 2 where ids.count > 12:
                // A passage again, so that large vocabularies repeat themselves too.
                let start = Int(random.next() % UInt64(ids.count - 10))
                for id in ids[start..<start + 10] {
                    ids.append(id)
                    lookup.append(id)
                }
            default:
                ids.append(Int(random.next() % UInt64(vocabulary)))
                lookup.append(ids[ids.count - 1])
            }
            #expect(lookup.count == ids.count)
            let count = Int(random.next() % 16)
            let expected = naive(ids, count: count)
            let rank = lookup.seek()
            #expect(rank == expected?.rank)
            #expect(draft(&lookup, count) == expected?.draft ?? [])
            if rank != nil { found += 1 }
        }
        #expect(found > 250)
    }

    @Test("a repetition is carried on past the end")
    func repetition() {
        var lookup = PromptLookup()
        for id in [9, 1, 2, 3, 1, 2, 3, 1, 2] { lookup.append(id) }
        #expect(lookup.seek() == 5)
        #expect(draft(&lookup, 7) == [3, 1, 2, 3, 1, 2, 3])
    }

    @Test("the place that agrees longest goes before a later one")
    func longest() {
        var lookup = PromptLookup()
        let passage = [1, 2, 3, 4, 5, 6, 7]
        for id in passage + [100, 0, 2, 3, 4, 5, 6, 7, 200] + passage { lookup.append(id) }
        #expect(lookup.seek() == 7)
        #expect(draft(&lookup, 2) == [100, 0])
    }

    @Test("nothing is proposed where nothing was found, or after the conversation changed")
    func nothing() {
        var lookup = PromptLookup()
        #expect(lookup.seek() == nil)
        for id in [1, 2, 3, 1, 2] { lookup.append(id) }
        #expect(lookup.seek() == 2)
        lookup.append(7)
        #expect(draft(&lookup, 3) == [])
        #expect(lookup.seek() == nil)
        lookup.truncate(to: 0)
        #expect(lookup.count == 0)
        #expect(lookup.seek() == nil)
    }
}
