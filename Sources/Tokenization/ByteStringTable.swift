/// Finds an entry of a packed list of byte strings by its bytes.
///
/// Keys are compared byte by byte: as Swift strings, hundreds of different tokens would be equal.
/// Open addressing with linear probing at most half full; a look-up hashes the key once.
struct ByteStringTable: Sendable {
    /// Entry index, or -1 for an empty slot.
    private var slots: [Int32]
    private let mask: Int

    /// Builds the table; of equal strings the first is kept.
    ///
    /// Cost: one pass over the bytes.
    init(bytes: [UInt8], offsets: [Int32]) {
        let count = max(offsets.count - 1, 0)
        var size = 16
        while size < count * 2 { size *= 2 }
        mask = size - 1
        slots = Array(repeating: -1, count: size)
        for index in 0..<count {
            let start = Int(offsets[index])
            let end = Int(offsets[index + 1])
            var hash = Self.seed
            for place in start..<end { Self.add(bytes[place], to: &hash) }
            var slot = Self.finish(hash) & mask
            var isNew = true
            while slots[slot] >= 0 {
                let other = Int(slots[slot])
                let otherStart = Int(offsets[other])
                if Int(offsets[other + 1]) - otherStart == end - start,
                    (0..<(end - start)).allSatisfy({ bytes[otherStart + $0] == bytes[start + $0] })
                {
                    isNew = false
                    break
                }
                slot = (slot + 1) & mask
            }
            if isNew { slots[slot] = Int32(index) }
        }
    }

    /// The entry whose bytes are those of `first` followed by those of `second`, both in `text`.
    func index(
        of text: [UInt8],
        _ first: Range<Int>,
        _ second: Range<Int> = 0..<0,
        bytes: [UInt8],
        offsets: [Int32]
    ) -> Int? {
        var hash = Self.seed
        for place in first { Self.add(text[place], to: &hash) }
        for place in second { Self.add(text[place], to: &hash) }
        let length = first.count + second.count
        var slot = Self.finish(hash) & mask
        while slots[slot] >= 0 {
            let candidate = Int(slots[slot])
            let start = Int(offsets[candidate])
            if Int(offsets[candidate + 1]) - start == length {
                var place = start
                var isEqual = true
                for source in first where isEqual {
                    isEqual = bytes[place] == text[source]
                    place += 1
                }
                for source in second where isEqual {
                    isEqual = bytes[place] == text[source]
                    place += 1
                }
                if isEqual { return candidate }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    // FNV-1a, followed by a mix so that the low bits depend on all of the hash.
    private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

    @inline(__always)
    private static func add(_ byte: UInt8, to hash: inout UInt64) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }

    @inline(__always)
    private static func finish(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0x7FFF_FFFF)
    }
}
