/// Which two neighbouring tokens join, how strongly, and into what.
///
/// Open addressing over one word an entry: left id (20 bits), right id (20), rank (24).
struct MergeTable: Sendable {
    static let tokenLimit = 1 << 20 - 1
    static let mergeLimit = 1 << 24 - 1
    private static let empty = UInt64.max

    private var slots: [UInt64]
    /// The joined token, by rank.
    private var joined: [Int32]
    private let mask: Int

    init(capacity: Int) {
        var size = 16
        while size < capacity * 2 { size *= 2 }
        slots = Array(repeating: Self.empty, count: size)
        mask = size - 1
        joined = []
        joined.reserveCapacity(capacity)
    }

    /// Adds the next weaker merge; of two merges of the same pair the stronger stays.
    mutating func append(left: Int, right: Int, joined id: Int) {
        let rank = joined.count
        joined.append(Int32(id))
        let key = UInt64(left) << 20 | UInt64(right)
        var slot = place(of: key)
        while slots[slot] != Self.empty {
            if slots[slot] >> 24 == key { return }
            slot = (slot + 1) & mask
        }
        slots[slot] = key << 24 | UInt64(rank)
    }

    /// Keeps the numbering of ranks where a merge is left out.
    mutating func skip() { joined.append(-1) }

    func find(left: Int, right: Int) -> (rank: UInt32, id: Int)? {
        let key = UInt64(left) << 20 | UInt64(right)
        var slot = place(of: key)
        while slots[slot] != Self.empty {
            if slots[slot] >> 24 == key {
                let rank = Int(slots[slot] & 0xFF_FFFF)
                return (UInt32(rank), Int(joined[rank]))
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    @inline(__always)
    private func place(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 33) & mask
    }
}
