/// Scratch of floats on 64-byte alignment, zeroed when made and freed with its owner.
///
/// Thread-compatible: one owner writes, or several write disjoint ranges.
@safe
package final class FloatBuffer {
    package let base: UnsafeMutablePointer<Float>
    package let count: Int

    package init(count: Int) {
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        unsafe base = unsafe memory.bindMemory(to: Float.self, capacity: max(count, 1))
        unsafe base.initialize(repeating: 0, count: max(count, 1))
        self.count = count
    }

    deinit { unsafe base.deallocate() }

    /// The numbers from `offset` on.
    package func at(_ offset: Int) -> UnsafeMutablePointer<Float> {
        precondition(offset >= 0 && offset <= count, "outside the buffer")
        return unsafe base + offset
    }

    package func array(_ range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "outside the buffer")
        return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }
}
