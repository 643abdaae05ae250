import CKernels
import CPeaks

/// What one core can do at most, measured at the first use.
struct Peaks {
    /// Bytes a second from memory.
    let bandwidth: Double
    /// Products and sums a second.
    let floats: Double
    let bytes: Double

    static let measured = Peaks()

    private init() {
        let name = String(cString: kernels.name)
        let rounds: Int64 = 1_000_000
        floats = Self.best { peak_float(name, rounds) }
        let bytes = Self.best { peak_bytes(name, rounds) }
        self.bytes = bytes > 0 ? bytes : floats
        bandwidth = Self.best {
            _ = kernels.sum_words(Pool.weights.baseAddress, Int64(Pool.weights.count))
            return Double(Pool.weights.count)
        }
    }

    /// The best rate of several tries.
    private static func best(_ work: () -> Double) -> Double {
        let clock = ContinuousClock()
        return (0..<5).map { _ in
            var done = 0.0
            let time = clock.measure { done = work() }
            return done / (time / .seconds(1))
        }.max() ?? 0
    }
}

/// The table that FACET_CPU names, or the best one here.
// A table is constant data; the compiler cannot know.
nonisolated(unsafe) let kernels = ck_kernels().pointee

/// Operands, made once: weights far larger than the caches, of which each call takes the next part.
enum Pool {
    // Written once, before the first benchmark reads it.
    nonisolated(unsafe) static let weights: UnsafeRawBufferPointer = {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 20, alignment: 64)
        // Bytes from 0x30 to 0x3F make usable numbers of every type: no infinity, no subnormal.
        for index in bytes.indices {
            bytes[index] = UInt8(truncatingIfNeeded: index &* 37) & 15 | 48
        }
        return UnsafeRawBufferPointer(bytes)
    }()

    static func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
        let floats = UnsafeMutablePointer<Float>.allocate(capacity: count)
        for index in 0..<count { floats[index] = Float(index % 17 - 8) * 0.125 }
        return floats
    }
}
