/// Joins the characters of one stretch of text to tokens.
///
/// A linked list of pieces and a heap of possible merges, strongest first and leftmost among equals:
/// n pieces cost n log n steps whatever the text, without recursion. Its buffers are kept between
/// stretches.
struct PieceMerger {
    private let vocabulary: Vocabulary
    // Pieces in order of their start: where each ends, its neighbours, and its token or -1.
    private var starts: [Int32] = []
    private var ends: [Int32] = []
    private var previous: [Int32] = []
    private var next: [Int32] = []
    private var tokens: [Int32] = []
    private var heap: [Merge] = []

    private struct Merge {
        /// Rank in the upper half, left piece in the lower: the smallest goes first.
        var order: UInt64
        /// Bytes of both pieces together: tells a merge whose pieces have changed since.
        var length: Int32
        var token: Int32
    }

    init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// Appends the tokens of `text[start ..< end]`, whose spaces are already marks.
    mutating func encode(_ text: [UInt8], _ start: Int, _ end: Int, into ids: inout [Int]) {
        split(text, start, end)
        let count = starts.count
        if count > 1 { for piece in 0..<(count - 1) { propose(piece, piece + 1, text) } }
        while let merge = popFirst() {
            let left = Int(merge.order & 0xFFFF_FFFF)
            let right = Int(next[left])
            guard ends[left] >= 0, right >= 0, ends[right] - starts[left] == merge.length else {
                continue
            }
            let after = next[right]
            ends[left] = ends[right]
            tokens[left] = merge.token
            ends[right] = -1
            next[left] = after
            if after >= 0 {
                previous[Int(after)] = Int32(left)
                propose(left, Int(after), text)
            }
            if previous[left] >= 0 { propose(Int(previous[left]), left, text) }
        }
        var piece = count > 0 ? 0 : -1
        while piece >= 0 {
            if tokens[piece] >= 0 {
                ids.append(Int(tokens[piece]))
            } else {
                for place in starts[piece]..<ends[piece] {
                    ids.append(Int(vocabulary.byteTokens[Int(text[Int(place)])]))
                }
            }
            piece = Int(next[piece])
        }
    }

    /// One piece for each character.
    private mutating func split(_ text: [UInt8], _ start: Int, _ end: Int) {
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        previous.removeAll(keepingCapacity: true)
        next.removeAll(keepingCapacity: true)
        tokens.removeAll(keepingCapacity: true)
        heap.removeAll(keepingCapacity: true)
        var place = start
        while place < end {
            var stop = place + 1
            while stop < end, text[stop] & 0xC0 == 0x80 { stop += 1 }
            let piece = Int32(starts.count)
            starts.append(Int32(place))
            ends.append(Int32(stop))
            previous.append(piece - 1)
            next.append(stop < end ? piece + 1 : -1)
            tokens.append(Int32(token(text, place..<stop) ?? -1))
            place = stop
        }
    }

    private func token(_ text: [UInt8], _ range: Range<Int>) -> Int? {
        vocabulary.table.index(
            of: text,
            range,
            bytes: vocabulary.bytes,
            offsets: vocabulary.offsets
        )
    }

    /// Puts the merge of two neighbours on the heap, if there is one.
    private mutating func propose(_ left: Int, _ right: Int, _ text: [UInt8]) {
        let rank: UInt32
        let id: Int
        switch vocabulary.algorithm {
        case .mergeRanks:
            guard tokens[left] >= 0, tokens[right] >= 0,
                let found = vocabulary.merges.find(
                    left: Int(tokens[left]),
                    right: Int(tokens[right])
                )
            else { return }
            (rank, id) = found
        case .scores:
            guard let found = token(text, Int(starts[left])..<Int(ends[right])),
                vocabulary.types[found] == 1, vocabulary.specials.token(of: found) == nil
            else { return }
            (rank, id) = (Self.rank(ofScore: vocabulary.scores[found]), found)
        }
        push(
            Merge(
                order: UInt64(rank) << 32 | UInt64(left),
                length: ends[right] - starts[left],
                token: Int32(id)
            )
        )
    }

    /// A number that is smaller the higher the score.
    private static func rank(ofScore score: Float) -> UInt32 {
        let bits = score.bitPattern
        return bits >> 31 == 1 ? bits : ~(bits | 0x8000_0000)
    }

    private mutating func push(_ merge: Merge) {
        var hole = heap.count
        heap.append(merge)
        while hole > 0 {
            let parent = (hole - 1) / 2
            guard merge.order < heap[parent].order else { break }
            heap[hole] = heap[parent]
            hole = parent
        }
        heap[hole] = merge
    }

    private mutating func popFirst() -> Merge? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        guard !heap.isEmpty else { return first }
        var hole = 0
        while true {
            var child = hole * 2 + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].order < heap[child].order { child += 1 }
            guard heap[child].order < last.order else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = last
        return first
    }
}
