import CKernels
import Foundation
import Testing

@Suite("Whole-number products")
struct QuantizedProductTests {
    /// Activation rows as a table quantises them, with what they stand for.
    struct Rows {
        var columns: Int
        var isFew: Bool
        var bytes: [UInt8]
        var values: [[Double]]

        var padded: Int { (columns + 63) / 64 * 64 }
        var stride: Int { padded * (isFew ? 4 : 2) }

        init(_ x: [Float], columns: Int, isFew: Bool, kernels: ck_kernels) {
            self.columns = columns
            self.isFew = isFew
            bytes = []
            values = []
            let count = x.count / columns
            bytes = [UInt8](repeating: 0, count: count * stride)
            for row in 0..<count {
                let source = Array(x[row * columns..<(row + 1) * columns])
                let start = row * stride
                unsafe bytes.withUnsafeMutableBytes { bytes in
                    unsafe kernels.quantize(
                        source,
                        Int64(columns),
                        0,
                        Int64(columns),
                        isFew ? 1 : 0,
                        bytes.baseAddress.map { unsafe $0 + start }
                    )
                }
                values.append(
                    (0..<columns).map { column in
                        let value = Int8(bitPattern: bytes[start + column])
                        return Double(value) * Double(scale(row, column))
                    }
                )
            }
        }

        func scale(_ row: Int, _ column: Int) -> Float {
            let place = row * stride + padded + 4 * (isFew ? column / 4 : column / 32)
            return unsafe bytes.withUnsafeBytes {
                unsafe $0.loadUnaligned(fromByteOffset: place, as: Float.self)
            }
        }
    }

    private func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(state: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    private func multiply(
        _ kernels: ck_kernels,
        _ sample: BlockFormatTests.Sample,
        _ weights: [UInt8],
        _ x: Rows,
        outputs: Int,
        rows: Range<Int>
    ) -> [Float] {
        var result = [Float](repeating: .nan, count: rows.count * outputs)
        let index = rows.map { Int32($0) }
        let product = unsafe x.isFew ? kernels.multiply_few : kernels.multiply_many
        unsafe product?(
            sample.type,
            weights,
            Int64(weights.count / outputs),
            Int64(x.columns),
            x.bytes,
            Int64(x.stride),
            index,
            Int64(rows.count),
            1,
            &result,
            Int64(outputs),
            0,
            Int64(outputs)
        )
        return result
    }

    /// Rows of blocks of a sample, drawn by lot so that no two are alike, and what they mean.
    ///
    /// A row is `repeats` times as long as the sample.
    private func weights(
        _ sample: BlockFormatTests.Sample,
        repeats: Int,
        outputs: Int
    ) -> (bytes: [UInt8], values: [Float]) {
        let length = Int(ck_block_size(sample.type))
        let blocks = sample.values.count / length
        let size = sample.bytes.count / blocks
        var generator = SeededGenerator(state: 13)
        var (bytes, values): ([UInt8], [Float]) = ([], [])
        for _ in 0..<outputs * repeats * blocks {
            let block = Int.random(in: 0..<blocks, using: &generator)
            bytes += sample.bytes[block * size..<(block + 1) * size]
            values += sample.values[block * length..<(block + 1) * length]
        }
        return (bytes, values)
    }

    @Test("activations keep seven bits and their sign", arguments: runnableTables)
    func quantization(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for columns in [1, 7, 17, 31, 32, 96, 255, 1023] {
            for isFew in [true, false] {
                let x = numbers(columns, seed: UInt64(columns))
                let rows = unsafe Rows(x, columns: columns, isFew: isFew, kernels: kernels)
                for column in 0..<columns {
                    let error = abs(rows.values[0][column] - Double(x[column]))
                    #expect(error <= Double(rows.scale(0, column)) * 0.5001)
                    // And the scale is no larger than the numbers beside it ask for.
                    let begin = column / 32 * 32
                    let most = x[begin..<min(begin + 32, columns)].map { abs($0) }.max() ?? 0
                    #expect(rows.scale(0, column) <= most / 127 * 1.0001)
                }
            }
        }
    }

    @Test("zeros and infinities do not trap", arguments: runnableTables)
    func extremes(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for filler in [0, -0.0, Float.infinity, -.infinity, .nan, .greatestFiniteMagnitude] {
            let x = [Float](repeating: filler, count: 64)
            let rows = unsafe Rows(x, columns: 64, isFew: true, kernels: kernels)
            if filler == 0 { #expect(rows.values[0].allSatisfy { $0 == 0 }) }
        }
    }

    @Test(
        "products of every format are those of the numbers that its blocks and the rows mean",
        arguments: runnableTables
    )
    func products(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for sample in BlockFormatTests.samples {
            for (repeats, outputs) in [(1, 1), (1, 17), (3, 35)] {
                let columns = sample.values.count * repeats
                let (weights, values) = weights(sample, repeats: repeats, outputs: outputs)
                for isFew in [true, false] {
                    let x = unsafe Rows(
                        numbers(9 * columns, seed: 11),
                        columns: columns,
                        isFew: isFew,
                        kernels: kernels
                    )
                    let found = unsafe multiply(
                        kernels,
                        sample,
                        weights,
                        x,
                        outputs: outputs,
                        rows: 0..<9
                    )
                    for row in 0..<9 {
                        let x = x.values[row]
                        for output in 0..<outputs {
                            var (exact, size) = (0.0, 0.0)
                            for column in 0..<columns {
                                let term = Double(values[output * columns + column]) * x[column]
                                exact += term
                                size += abs(term)
                            }
                            // Whole numbers are exact; groups and minima round a few times each.
                            let error = abs(Double(found[row * outputs + output]) - exact)
                            #expect(
                                error <= 2e-6 * size,
                                "\(sample.name), \(columns) columns, \(isFew)"
                            )
                        }
                    }
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
        for sample in BlockFormatTests.samples {
            let columns = sample.values.count * 3
            let weights = weights(sample, repeats: 3, outputs: 9).bytes
            for isFew in [true, false] {
                let x = unsafe Rows(
                    numbers(17 * columns, seed: 12),
                    columns: columns,
                    isFew: isFew,
                    kernels: kernels
                )
                let whole = unsafe multiply(kernels, sample, weights, x, outputs: 9, rows: 0..<17)
                for count in 1...16 {
                    let part = unsafe multiply(
                        kernels,
                        sample,
                        weights,
                        x,
                        outputs: 9,
                        rows: 17 - count..<17
                    )
                    #expect(part == Array(whole.suffix(count * 9)), "\(sample.name) \(count)")
                }
            }
        }
    }
}
