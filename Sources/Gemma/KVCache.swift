import CKernels
import Foundation
import Tensors

/// The keys and values of one conversation.
///
/// Global layers keep every position. Sliding layers keep a ring of `ringSize` positions: slot =
/// position mod ring size. Rope is baked into the keys, so the order of slots means nothing. Slots
/// are a multiple of the chunk that attention works on, so that no chunk wraps.
///
/// A conversation that changes goes back with `rewind`: exactly within the ring's slack, else to
/// a checkpoint, which holds a copy of the rings' windows.
///
/// Thread-compatible: owned by one context, read by the workers while a layer runs.
@safe
package final class KVCache {
    /// Keys and values of one layer, `[heads, slots, head size]` each.
    @safe
    struct Store {
        var keys: UnsafeMutableRawPointer
        var values: UnsafeMutableRawPointer
        /// Bytes of one of the two.
        var size: Int
        var heads: Int
        var slots: Int
        /// Bytes of one key or value of one head.
        var rowSize: Int
        var isRing: Bool
    }

    /// The sliding layers' windows as they were after `position` tokens.
    package struct Checkpoint: Sendable {
        package let position: Int
        let windows: [[UInt8]]
    }

    package let capacity: Int
    package let ringSize: Int
    package let precision: Precision
    package let format: KVFormat
    /// Positions held.
    package internal(set) var count = 0
    /// The most that were ever held: memory is taken as positions are first written.
    var mostHeld = 0
    /// Added to every position for the rope, so that tests can move a text far out.
    package let firstPosition: Int
    package internal(set) var checkpoints: [Checkpoint] = []
    /// Oldest checkpoints are dropped beyond this many.
    package let checkpointLimit: Int

    private let configuration: Configuration
    private let batchSize: Int
    let window: Int
    /// The lowest position whose ring slot has not been overwritten.
    var ringStart = 0
    /// One entry a layer; nil on layers that read another's.
    let stores: [Store?]

    package init(
        configuration: Configuration,
        capacity: Int,
        batchSize: Int,
        precision: Precision,
        format: KVFormat? = nil,
        checkpointLimit: Int = 2,
        firstPosition: Int = 0
    ) {
        self.capacity = capacity
        self.configuration = configuration
        self.batchSize = batchSize
        self.precision = precision
        let format = format ?? precision.kvFormat
        self.format = format
        self.firstPosition = firstPosition
        self.checkpointLimit = checkpointLimit
        window = configuration.slidingWindow
        let ring = Self.ringSize(configuration, capacity: capacity, batchSize: batchSize)
        ringSize = ring
        stores = configuration.layers.enumerated().map { index, layer in
            guard layer.cacheLayer == index else { return nil }
            let slots = layer.isSliding ? ring : Self.wholeChunks(capacity)
            let rowSize = format.bytes(layer.headSize)
            let size = layer.keyValueHeads * slots * rowSize
            return unsafe Store(
                keys: Self.pages(size),
                values: Self.pages(size),
                size: size,
                heads: layer.keyValueHeads,
                slots: slots,
                rowSize: rowSize,
                isRing: layer.isSliding
            )
        }
    }

    deinit {
        for store in stores.compactMap({ $0 }) {
            unsafe munmap(store.keys, store.size)
            unsafe munmap(store.values, store.size)
        }
    }

    /// Bytes a cache of this capacity takes when full, checkpoints included.
    package static func plannedBytes(
        _ configuration: Configuration,
        capacity: Int,
        batchSize: Int,
        format: KVFormat,
        checkpointLimit: Int = 2
    ) -> Int {
        let ring = ringSize(configuration, capacity: capacity, batchSize: batchSize)
        let window = min(capacity, configuration.slidingWindow)
        return configuration.layers.enumerated().reduce(0) { sum, entry in
            let (index, layer) = entry
            guard layer.cacheLayer == index else { return sum }
            let slots =
                layer.isSliding ? ring + checkpointLimit * window : wholeChunks(capacity)
            return sum + 2 * layer.keyValueHeads * slots * format.bytes(layer.headSize)
        }
    }

    /// Bytes taken so far.
    package var usedBytes: Int {
        guard mostHeld > 0 else { return 0 }
        return Self.plannedBytes(
            configuration,
            capacity: mostHeld,
            batchSize: batchSize,
            format: format,
            checkpointLimit: checkpoints.count
        )
    }

    private static func ringSize(
        _ configuration: Configuration,
        capacity: Int,
        batchSize: Int
    ) -> Int {
        wholeChunks(min(capacity, configuration.slidingWindow + batchSize))
    }

    /// Slots for at least `positions` that hold whole chunks.
    private static func wholeChunks(_ positions: Int) -> Int {
        let chunk = Int(CK_CHUNK)
        return (positions + chunk - 1) / chunk * chunk
    }

    /// Whether the process may map so many bytes more.
    ///
    /// `ulimit -v` and strict accounting of memory refuse what no page was taken of yet.
    package static func hasAddressSpace(for bytes: Int) -> Bool {
        guard let address = unsafe mapped(bytes) else { return false }
        unsafe munmap(address, max(bytes, 1))
        return true
    }

    private static func pages(_ size: Int) -> UnsafeMutableRawPointer {
        guard let address = unsafe mapped(size) else {
            preconditionFailure("no address space for a cache of \(size) bytes")
        }
        return unsafe address
    }

    /// Zeroed pages that cost nothing until written; nil where the process may not have them.
    private static func mapped(_ size: Int) -> UnsafeMutableRawPointer? {
        let address = unsafe mmap(
            nil,
            max(size, 1),
            PROT_READ | PROT_WRITE,
            MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
            -1,
            0
        )
        return unsafe address == MAP_FAILED ? nil : address
    }

    func store(_ layer: Int) -> Store {
        guard let store = stores[layer] else {
            preconditionFailure("layer \(layer) keeps no keys and values")
        }
        return store
    }

    /// Counts `added` new positions whose keys and values have been written.
    func advance(by added: Int) {
        count += added
        mostHeld = max(mostHeld, count)
        ringStart = max(ringStart, count - ringSize)
    }

    /// Keeps a copy of the sliding windows at the present position.
    package func makeCheckpoint() {
        guard checkpointLimit > 0, checkpoints.last?.position != count else { return }
        // First: a copy more than the limit would be more memory than was planned.
        if checkpoints.count >= checkpointLimit { checkpoints.removeFirst() }
        checkpoints.append(
            Checkpoint(position: count, windows: ringStores.map { copyWindow($0) })
        )
    }

    /// Forgets positions from `position` on, or further back where the rings no longer reach.
    ///
    /// - Returns: the positions still held; what lies between must be read again.
    @discardableResult
    package func rewind(to position: Int) -> Int {
        guard position < count else { return count }
        checkpoints.removeAll { $0.position > position }
        if isWithinRings(position) {
            count = position
        } else if let checkpoint = checkpoints.last {
            restore(checkpoint)
        } else {
            count = 0
            ringStart = 0
        }
        return count
    }

    /// The positions that would still be held after `rewind(to: position)`.
    package func reach(_ position: Int) -> Int {
        if position >= count { return count }
        if isWithinRings(position) { return position }
        return checkpoints.last { $0.position <= position }?.position ?? 0
    }

    func isWithinRings(_ position: Int) -> Bool {
        max(0, position - window + 1) >= ringStart || ringStores.isEmpty
    }

    var ringStores: [Store] { stores.compactMap { $0 }.filter { $0.isRing } }

    private func copyWindow(_ store: Store) -> [UInt8] {
        let positions = max(0, count - window)..<count
        let rowSize = store.rowSize
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * store.heads * positions.count * rowSize)
        for part in 0..<2 {
            let base = unsafe part == 0 ? store.keys : store.values
            for head in 0..<(store.heads) {
                for position in positions {
                    let row = head * store.slots + position % ringSize
                    unsafe bytes.append(
                        contentsOf: UnsafeRawBufferPointer(
                            start: base + row * rowSize,
                            count: rowSize
                        )
                    )
                }
            }
        }
        return bytes
    }

    private func restore(_ checkpoint: Checkpoint) {
        let positions = max(0, checkpoint.position - window)..<checkpoint.position
        for (index, store) in ringStores.enumerated() {
            let rowSize = store.rowSize
            unsafe checkpoint.windows[index].withUnsafeBytes { bytes in
                var offset = 0
                for part in 0..<2 {
                    let base = unsafe part == 0 ? store.keys : store.values
                    for head in 0..<(store.heads) {
                        for position in positions {
                            let row = head * store.slots + position % ringSize
                            unsafe (base + row * rowSize).copyMemory(
                                from: bytes.baseAddress.unsafelyUnwrapped + offset,
                                byteCount: rowSize
                            )
                            offset += rowSize
                        }
                    }
                }
            }
        }
        count = checkpoint.position
        ringStart = positions.lowerBound
    }
}
