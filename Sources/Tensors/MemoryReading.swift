internal import CKernels

/// Reading memory and nothing else, with the threads that products use.
package enum MemoryReading {
    private static let pieceSize = 2 << 20

    /// Reads bytes once, so that a mapped file is in memory before something is timed.
    package static func touch(_ base: UnsafeRawPointer, count: Int, on pool: WorkerPool) {
        // The counter of a loop has room for a million pieces.
        let piece = max(pieceSize, (count + 999_999) / 1_000_000)
        pool.run((count + piece - 1) / piece) { index in
            let start = index * piece
            _ = unsafe Kernels.active.pointee.sum_words(
                base + start,
                Int64(min(piece, count - start))
            )
        }
    }

    /// Measures how fast memory is read in order, in bytes a second.
    ///
    /// The best of several passes over a buffer far larger than any cache; it is freed again.
    package static func bandwidth(bufferSize: Int, passes: Int, on pool: WorkerPool) -> Double {
        let buffer = FloatBuffer(count: bufferSize / MemoryLayout<Float>.stride)
        let bytes = buffer.count * MemoryLayout<Float>.stride
        let clock = ContinuousClock()
        var best = Duration.seconds(Int64.max)
        for _ in 0..<max(passes, 1) {
            let time = clock.measure { unsafe touch(buffer.base, count: bytes, on: pool) }
            best = min(best, time)
        }
        return Double(bytes) / (best / .seconds(1))
    }
}
