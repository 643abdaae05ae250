import CKernels
import Foundation
import Testing

/// A small generator with a fixed seed, so that a failure can be met again.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}

@Suite("Kernels")
struct KernelTests {
    static let lengths = [1, 7, 17, 31, 255, 1023]

    private func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(state: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    private func multiply(
        _ kernels: ck_kernels,
        _ weights: [Float],
        columns: Int,
        _ x: [Float],
        rows: Int
    ) -> [Float] {
        let outputs = weights.count / columns
        var result = [Float](repeating: .nan, count: rows * outputs)
        unsafe weights.withUnsafeBytes { w in
            unsafe x.withUnsafeBufferPointer { x in
                unsafe result.withUnsafeMutableBufferPointer { y in
                    unsafe kernels.multiply(
                        CK_F32.rawValue,
                        w.baseAddress,
                        Int64(columns * 4),
                        Int64(columns),
                        x.baseAddress,
                        Int64(columns),
                        nil,
                        Int64(rows),
                        1,
                        y.baseAddress,
                        Int64(outputs),
                        0,
                        Int64(outputs)
                    )
                }
            }
        }
        return result
    }

    @Test("a product agrees with double arithmetic at awkward lengths", arguments: runnableTables)
    func product(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for columns in Self.lengths {
            let weights = numbers(7 * columns, seed: 1)
            let x = numbers(3 * columns, seed: 2)
            let result = unsafe multiply(kernels, weights, columns: columns, x, rows: 3)
            for m in 0..<3 {
                for r in 0..<7 {
                    let exact = (0..<columns).reduce(0.0) {
                        $0 + Double(weights[r * columns + $1]) * Double(x[m * columns + $1])
                    }
                    // Sixteen lanes round count / 16 times each; 1e-7 a step is generous.
                    let bound = 1e-6 + 1e-7 * Double(columns).squareRoot() * 4
                    #expect(abs(Double(result[m * 7 + r]) - exact) < bound)
                }
            }
        }
    }

    @Test(
        "a row's product has the same bits whatever rows are beside it",
        arguments: runnableTables
    )
    func rowInvariance(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for columns in Self.lengths {
            let weights = numbers(9 * columns, seed: 3)
            let x = numbers(67 * columns, seed: 4)
            let whole = unsafe multiply(kernels, weights, columns: columns, x, rows: 67)
            for rows in 1...16 {
                let part = unsafe multiply(
                    kernels,
                    weights,
                    columns: columns,
                    Array(x.prefix(rows * columns)),
                    rows: rows
                )
                #expect(part == Array(whole.prefix(rows * 9)))
            }
        }
    }

    @Test("half precision keeps every half and rounds the rest to even", arguments: runnableTables)
    func halves(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let halves = (UInt16.min...UInt16.max).filter { $0 & 0x7C00 != 0x7C00 }
        var floats = [Float](repeating: 0, count: halves.count)
        unsafe halves.withUnsafeBytes { source in
            unsafe floats.withUnsafeMutableBufferPointer {
                unsafe kernels.dequantize(
                    CK_F16.rawValue,
                    source.baseAddress,
                    $0.baseAddress,
                    Int64(halves.count)
                )
            }
        }
        #expect(floats == halves.map { Float(Float16(bitPattern: $0)) })
        let samples =
            numbers(4096, seed: 5).map { $0 * 7e4 } + numbers(4096, seed: 6).map { $0 * 1e-5 }
        var stored = [UInt16](repeating: 0, count: samples.count)
        unsafe samples.withUnsafeBufferPointer { source in
            unsafe stored.withUnsafeMutableBytes {
                unsafe kernels.store(
                    CK_F16.rawValue,
                    source.baseAddress,
                    $0.baseAddress,
                    Int64(samples.count)
                )
            }
        }
        #expect(stored == samples.map { Float16(min(max($0, -65504), 65504)).bitPattern })
    }

    @Test("GELU is the tanh form to within 1e-6", arguments: runnableTables)
    func gelu(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let inputs = (0..<403).map { Float($0 - 201) * 0.07 }
        var gate = inputs
        unsafe kernels.gelu_multiply(
            &gate,
            [Float](repeating: 1, count: gate.count),
            Int64(gate.count)
        )
        for (x, y) in zip(inputs.map(Double.init), gate.map(Double.init)) {
            let exact =
                0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
            #expect(abs(y - exact) < 1e-6 * max(1, abs(x)))
        }
    }

    @Test("a sum of words depends on every byte", arguments: runnableTables)
    func words(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for length in Self.lengths {
            var bytes = [UInt8](repeating: 0, count: length)
            for place in bytes.indices {
                bytes[place] = 1
                #expect(unsafe kernels.sum_words(bytes, Int64(length)) != 0)
                bytes[place] = 0
            }
            #expect(unsafe kernels.sum_words(bytes, Int64(length)) == 0)
        }
    }
}
