import Foundation

/// What a cache holds, in numbers: with its rows, enough to fill another one.
package struct CacheOutline: Sendable, Hashable {
    /// Positions held.
    package var count: Int
    /// The lowest position whose rows the rings still hold.
    package var ringStart: Int
    /// Positions of the checkpoints, oldest first.
    package var checkpoints: [Int]

    package init(count: Int, ringStart: Int, checkpoints: [Int]) {
        self.count = count
        self.ringStart = ringStart
        self.checkpoints = checkpoints
    }
}

/// The keys and values as bytes in one order, wherever a ring holds them: layer by layer keys, then
/// values, head by head, position by position; then the windows of the checkpoints.
extension KVCache {
    package var outline: CacheOutline {
        CacheOutline(count: count, ringStart: ringStart, checkpoints: checkpoints.map(\.position))
    }

    /// Whether this cache could hold what an outline from outside says.
    package func fits(_ outline: CacheOutline) -> Bool {
        let (count, start) = (outline.count, outline.ringStart)
        guard (1...capacity).contains(count), (0...count).contains(start),
            start <= max(0, count - window + 1), count - start <= ringSize,
            outline.checkpoints.count <= checkpointLimit
        else { return false }
        var last = 0
        for position in outline.checkpoints {
            guard position > last, position <= count else { return false }
            last = position
        }
        return true
    }

    /// Bytes of the rows of an outline that fits.
    package func rowBytes(_ outline: CacheOutline) -> Int {
        stretches(outline).reduce(0) { $0 + $1.size }
            + outline.checkpoints.reduce(0) { sum, position in
                sum + ringStores.reduce(0) { $0 + windowBytes($1, position) }
            }
    }

    /// Up to `limit` bytes of the rows, from a place of their order on.
    package func rows(from offset: Int, limit: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(limit)
        var skipped = offset
        func take(_ part: UnsafeRawBufferPointer) {
            let room = limit - bytes.count
            guard room > 0 else { return }
            guard skipped < part.count else {
                skipped -= part.count
                return
            }
            let end = min(part.count, skipped + room)
            unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: part[skipped..<end]))
            skipped = 0
        }
        for stretch in stretches(outline) {
            unsafe take(UnsafeRawBufferPointer(start: stretch.start, count: stretch.size))
        }
        for checkpoint in checkpoints {
            for window in checkpoint.windows { unsafe window.withUnsafeBytes { unsafe take($0) } }
        }
        return bytes
    }

    /// Takes rows over in place of what is held.
    ///
    /// - Parameters:
    ///   - outline: one that fits.
    ///   - fill: writes the next bytes of the rows into each buffer it is given; false when it cannot.
    /// - Returns: false when `fill` could not go on; nothing is held then.
    package func restore(
        _ outline: CacheOutline,
        fill: (UnsafeMutableRawBufferPointer) -> Bool
    ) -> Bool {
        precondition(fits(outline), "an outline that was not checked")
        clear()
        let isWhole = unsafe fillRows(outline, fill) && fillWindows(outline, fill)
        guard isWhole else {
            clear()
            return false
        }
        count = outline.count
        mostHeld = count
        ringStart = outline.ringStart
        return true
    }

    private func fillRows(
        _ outline: CacheOutline,
        _ fill: (UnsafeMutableRawBufferPointer) -> Bool
    ) -> Bool {
        for stretch in stretches(outline) {
            let buffer = unsafe UnsafeMutableRawBufferPointer(
                start: stretch.start,
                count: stretch.size
            )
            guard unsafe fill(buffer) else { return false }
        }
        return true
    }

    private func fillWindows(
        _ outline: CacheOutline,
        _ fill: (UnsafeMutableRawBufferPointer) -> Bool
    ) -> Bool {
        for position in outline.checkpoints {
            var windows: [[UInt8]] = []
            for store in ringStores {
                var window = [UInt8](repeating: 0, count: windowBytes(store, position))
                guard unsafe window.withUnsafeMutableBytes({ unsafe fill($0) }) else {
                    return false
                }
                windows.append(window)
            }
            checkpoints.append(Checkpoint(position: position, windows: windows))
        }
        return true
    }

    /// Forgets everything and gives the memory back, so that no number of it is left behind.
    package func clear() {
        count = 0
        ringStart = 0
        mostHeld = 0
        checkpoints = []
        for store in stores.compactMap({ $0 }) {
            unsafe madvise(store.keys, store.size, MADV_DONTNEED)
            unsafe madvise(store.values, store.size, MADV_DONTNEED)
        }
    }

    /// Memory that holds rows of following positions.
    @safe
    private struct Stretch {
        let start: UnsafeMutableRawPointer
        let size: Int
    }

    private func stretches(_ outline: CacheOutline) -> [Stretch] {
        var found: [Stretch] = []
        for store in stores.compactMap({ $0 }) {
            for part in 0..<2 {
                let base = unsafe part == 0 ? store.keys : store.values
                for head in 0..<(store.heads) {
                    for slots in Self.slots(of: outline, in: store) {
                        let row = head * store.slots + slots.lowerBound
                        found.append(
                            unsafe Stretch(
                                start: base + row * store.rowSize,
                                size: slots.count * store.rowSize
                            )
                        )
                    }
                }
            }
        }
        return found
    }

    /// The slots of an outline's positions, in the positions' order.
    private static func slots(of outline: CacheOutline, in store: Store) -> [Range<Int>] {
        guard store.isRing else { return [0..<outline.count] }
        let first = outline.ringStart % store.slots
        let count = outline.count - outline.ringStart
        let straight = min(count, store.slots - first)
        return [first..<first + straight, 0..<count - straight].filter { !$0.isEmpty }
    }

    private func windowBytes(_ store: Store, _ position: Int) -> Int {
        2 * store.heads * min(position, window) * store.rowSize
    }
}
