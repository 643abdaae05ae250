/// Guesses that a passage of the conversation is being repeated.
///
/// Looks for earlier places where the last ids already stood, takes the one that agrees furthest
/// back (the latest among equals), and proposes what followed there. Where that runs into the
/// present, it goes on with its own proposals, as a repetition would.
///
/// Cost: constant time a token and a lookup, about 28 bytes a token.
package struct PromptLookup: Drafter {
    /// Ids compared at most, and so the highest rank.
    package static let longestMatch = 32
    /// Ids that must agree at least.
    package static let shortestMatch = 2
    /// Places looked at, the latest ones first.
    package static let occurrences = 16
    /// Ids that the first search asks for.
    ///
    /// Common pairs stand everywhere: asking for more first reaches further back in the same time.
    package static let firstOrder = 5

    private var ids: [Int32] = []
    private var long = GramIndex(order: firstOrder)
    private var short = GramIndex(order: shortestMatch)
    /// Where the passage found by `seek` goes on.
    private var source: Int?

    package init() {}

    package var count: Int { ids.count }

    /// Bytes the lookup takes for so many tokens.
    package static func plannedBytes(capacity: Int) -> Int {
        let id = MemoryLayout<Int32>.stride
        return capacity * id + 2 * GramIndex.plannedBytes(capacity: capacity)
    }

    package mutating func append(_ id: Int) {
        ids.append(Int32(truncatingIfNeeded: id))
        long.append(ids)
        short.append(ids)
        source = nil
    }

    package mutating func truncate(to count: Int) {
        long.truncate(to: count, of: ids)
        short.truncate(to: count, of: ids)
        ids.removeLast(max(0, ids.count - max(count, 0)))
        source = nil
    }

    package mutating func seek() -> Int? {
        guard let (end, length) = longest(in: long) ?? longest(in: short) else {
            source = nil
            return nil
        }
        source = end
        return length
    }

    package mutating func propose(_ count: Int, into draft: inout [Int32]) {
        guard let source else { return }
        for place in source..<source + max(count, 0) {
            draft.append(place < ids.count ? ids[place] : draft[place - ids.count])
        }
    }

    /// The earlier place that agrees longest with the end of the conversation: where it goes on, and
    /// how many ids agree.
    private func longest(in index: GramIndex) -> (end: Int, length: Int)? {
        var best: (end: Int, length: Int)?
        var seen = 0
        // Other grams may share a chain, hardly ever many.
        var steps = 4 * Self.occurrences
        var end = index.place(before: ids.count)
        while let place = end, seen < Self.occurrences, steps > 0 {
            let length = agreement(place)
            if length >= index.order {
                seen += 1
                if length > best?.length ?? 0 { best = (place, length) }
                if length == Self.longestMatch { break }
            }
            steps -= 1
            end = index.place(before: place)
        }
        return best
    }

    /// How many ids before `end` equal the last ones.
    private func agreement(_ end: Int) -> Int {
        let limit = min(Self.longestMatch, end)
        var length = 0
        while length < limit, ids[end - 1 - length] == ids[ids.count - 1 - length] { length += 1 }
        return length
    }
}

/// Chains the places where the same `order` ids end, the latest first.
///
/// A place is the count of ids up to there. Grams are told apart by a hash: whoever walks a chain
/// compares.
private struct GramIndex: Sendable {
    let order: Int
    /// The latest place of each slot, 0 for none; a power of two of them.
    private var heads = [Int32](repeating: 0, count: 256)
    /// For each place from `order` on, the place before it in its chain, 0 at the end.
    private var previous: [Int32] = []

    init(order: Int) { self.order = order }

    static func plannedBytes(capacity: Int) -> Int {
        // Slots are doubled when there are more places than slots.
        3 * capacity * MemoryLayout<Int32>.stride
    }

    /// The next older place of the chain that `place` is in.
    func place(before place: Int) -> Int? {
        guard place >= order, place - order < previous.count else { return nil }
        let earlier = previous[place - order]
        return earlier > 0 ? Int(earlier) : nil
    }

    /// Takes in the place at the end of `ids`, which have grown by one.
    mutating func append(_ ids: [Int32]) {
        guard ids.count >= order else { return }
        if previous.count == heads.count { grow(ids) }
        link(ids.count, of: ids)
    }

    private mutating func link(_ place: Int, of ids: [Int32]) {
        let slot = slot(of: place, in: ids)
        previous.append(heads[slot])
        heads[slot] = Int32(truncatingIfNeeded: place)
    }

    private mutating func grow(_ ids: [Int32]) {
        let places = previous.count
        heads = Array(repeating: 0, count: 2 * heads.count)
        previous.removeAll(keepingCapacity: true)
        for place in order..<order + places { link(place, of: ids) }
    }

    mutating func truncate(to count: Int, of ids: [Int32]) {
        // Backwards, so that each place is the head of its chain when it goes.
        while let earlier = previous.last, previous.count + order - 1 > count {
            heads[slot(of: previous.count + order - 1, in: ids)] = earlier
            previous.removeLast()
        }
    }

    private func slot(of place: Int, in ids: [Int32]) -> Int {
        var hash: UInt64 = 0
        for index in place - order..<place {
            hash = (hash ^ UInt64(truncatingIfNeeded: ids[index])) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        return Int(truncatingIfNeeded: hash >> 20) & (heads.count - 1)
    }
}
