import CKernels
import Foundation
import Testing

/// Query rows and a cache of random numbers for one key-value head.
@safe
private struct AttentionCase {
    let kernels: ck_kernels
    let type: UInt32
    let headSize: Int
    let group: Int
    let ranges: [Range<Int>]
    let slots: Int
    let queries: [Float]
    let keys: [UInt8]
    let values: [UInt8]

    private static let scale: Float = 0.3

    var positions: Int { ranges.count }
    var rows: Int { group * positions }
    var partialSize: Int { Int(ck_partial_size(Int64(headSize))) }

    init(
        _ kernels: ck_kernels,
        type: UInt32 = CK_F32.rawValue,
        headSize: Int,
        group: Int,
        ranges: [Range<Int>],
        slots: Int? = nil,
        magnified: Float = 1
    ) {
        unsafe self.kernels = unsafe kernels
        self.type = type
        self.headSize = headSize
        self.group = group
        self.ranges = ranges
        let end = ranges.map(\.upperBound).max() ?? 0
        self.slots = slots ?? (end + 255) / 256 * 256
        queries = randomNumbers(group * ranges.count * headSize, seed: 21).map { $0 * magnified }
        keys = unsafe Self.stored(kernels, type, headSize, slots: self.slots, seed: 22)
        values = unsafe Self.stored(kernels, type, headSize, slots: self.slots, seed: 23)
    }

    private static func stored(
        _ kernels: ck_kernels,
        _ type: UInt32,
        _ headSize: Int,
        slots: Int,
        seed: UInt64
    ) -> [UInt8] {
        let numbers = randomNumbers(slots * headSize, seed: seed)
        var bytes = [UInt8](repeating: 0, count: numbers.count * 4)
        unsafe bytes.withUnsafeMutableBytes {
            unsafe kernels.store(type, numbers, $0.baseAddress, Int64(numbers.count))
        }
        return bytes
    }

    /// The numbers that the stored bytes mean.
    func meaning(_ bytes: [UInt8]) -> [Float] {
        var numbers = [Float](repeating: .nan, count: slots * headSize)
        unsafe bytes.withUnsafeBytes { source in
            unsafe kernels.dequantize(type, source.baseAddress, &numbers, Int64(numbers.count))
        }
        return numbers
    }

    /// Calls `body` with the rows of some positions, their queries at `queries + offset`.
    private func withRows(
        _ places: Range<Int>,
        _ body: (inout ck_attention, UnsafeMutablePointer<Float>) -> Void
    ) {
        let from = ranges.map { Int64($0.lowerBound) }
        let to = ranges.map { Int64($0.upperBound) }
        let size = ck_attention_scratch(Int64(places.count * group), Int64(headSize))
        // Another thread's scratch follows: what is written there shows.
        var scratch = [Float](repeating: .nan, count: Int(size) + 64)
        defer { #expect(scratch.suffix(64).allSatisfy { $0.isNaN }, "written past the scratch") }
        unsafe queries.withUnsafeBufferPointer { queries in
            unsafe from.withUnsafeBufferPointer { from in
                unsafe to.withUnsafeBufferPointer { to in
                    unsafe keys.withUnsafeBytes { keys in
                        unsafe values.withUnsafeBytes { values in
                            var rows = unsafe ck_attention(
                                type: type,
                                head_size: Int64(headSize),
                                group: Int64(group),
                                positions: Int64(places.count),
                                queries: queries.baseAddress.unsafelyUnwrapped
                                    + places.lowerBound * group * headSize,
                                query_stride: Int64(group * headSize),
                                from: from.baseAddress.unsafelyUnwrapped + places.lowerBound,
                                to: to.baseAddress.unsafelyUnwrapped + places.lowerBound,
                                keys: keys.baseAddress,
                                values: values.baseAddress,
                                slots: Int64(slots),
                                scale: Self.scale
                            )
                            unsafe body(&rows, &scratch)
                        }
                    }
                }
            }
        }
    }

    /// The result of some positions, all of their chunks at once.
    func attend(_ places: Range<Int>? = nil) -> [Float] {
        let places = places ?? 0..<positions
        var found = [Float](repeating: .nan, count: places.count * group * headSize)
        unsafe withRows(places) { rows, scratch in
            unsafe kernels.attend(&rows, scratch, &found)
        }
        return found
    }

    /// The same through partial results that are merged afterwards.
    func attendByChunk() -> [Float] {
        let chunks = (ranges.map(\.upperBound).max() ?? 0) / 256 + 1
        var partials = [Float](repeating: .nan, count: chunks * rows * partialSize)
        unsafe withRows(0..<positions) { rows, scratch in
            for chunk in (0..<chunks).reversed() {
                unsafe partials.withUnsafeMutableBufferPointer {
                    let place = chunk * self.rows * partialSize
                    unsafe kernels.attend_chunk(
                        &rows,
                        Int64(chunk),
                        scratch,
                        $0.baseAddress.unsafelyUnwrapped + place
                    )
                }
            }
        }
        return (0..<rows).flatMap { row in
            var state = [Float](repeating: .nan, count: partialSize)
            state[headSize + 1] = 0
            for chunk in 0..<chunks {
                let start = (chunk * rows + row) * partialSize
                let partial = Array(partials[start..<start + partialSize])
                unsafe kernels.merge_partial(&state, partial, Int64(headSize))
            }
            var result = [Float](repeating: .nan, count: headSize)
            unsafe kernels.finish_partial(state, &result, Int64(headSize))
            return result
        }
    }

    /// The definition, in double arithmetic over what is stored.
    func exact() -> [Double] {
        let keys = meaning(keys)
        let values = meaning(values)
        return (0..<rows).flatMap { row in
            let places = ranges[row / group].map { $0 % slots }
            let scores = places.map { slot in
                Double(Self.scale)
                    * (0..<headSize).reduce(0.0) {
                        $0 + Double(queries[row * headSize + $1])
                            * Double(keys[slot * headSize + $1])
                    }
            }
            let top = scores.max() ?? 0
            let powers = scores.map { exp($0 - top) }
            let sum = powers.reduce(0, +)
            var result = [Double](repeating: 0, count: headSize)
            for (slot, power) in zip(places, powers) {
                for column in 0..<headSize {
                    result[column] += power / sum * Double(values[slot * headSize + column])
                }
            }
            return result
        }
    }
}

private func randomNumbers(_ count: Int, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(state: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
}

private func largestDifference(_ a: [Float], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).reduce(0) { largest, pair in
        let difference = abs(Double(pair.0) - pair.1)
        return difference.isNaN ? .infinity : max(largest, difference)
    }
}

@Suite("Attention kernels")
struct AttentionKernelTests {
    /// Scores of up to 512 products in sixteen lanes and sums of up to 1,023 values below 1.
    private static let bound = 5e-6

    @Test(
        "attention agrees with double arithmetic at awkward numbers of keys and rows",
        arguments: runnableTables
    )
    func definition(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for headSize in [32, 64, 256, 512] {
            for keys in [1, 7, 17, 31, 255, 1023] {
                for group in 1...9 where headSize == 64 || group == 3 {
                    let test = unsafe AttentionCase(
                        kernels,
                        headSize: headSize,
                        group: group,
                        ranges: [0..<keys]
                    )
                    #expect(largestDifference(test.attend(), test.exact()) < Self.bound)
                }
            }
        }
    }

    /// Windows, ranges that are empty in a chunk, and ranges past their own position.
    private static let ranges = [
        0..<1, 3..<4, 0..<256, 255..<257, 256..<512, 250..<770, 767..<768, 0..<770, 513..<530,
    ]

    @Test("every row sees exactly its own range", arguments: runnableTables)
    func visibleRanges(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for type in [CK_F32, CK_F16, CK_Q8_0] {
            for (headSize, group) in [(32, 1), (96, 4), (256, 3)] {
                let test = unsafe AttentionCase(
                    kernels,
                    type: type.rawValue,
                    headSize: headSize,
                    group: group,
                    ranges: Self.ranges
                )
                #expect(largestDifference(test.attend(), test.exact()) < Self.bound)
            }
        }
    }

    @Test("nothing is written past the scratch, wherever ranges begin", arguments: runnableTables)
    func scratchBounds(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for first in 237...244 {
            let rows = unsafe AttentionCase(
                kernels,
                headSize: 256,
                group: 4,
                ranges: (0..<8).map { first + $0..<300 + $0 }
            )
            _ = rows.attend()
        }
    }

    @Test("a ring of slots holds the positions modulo its size", arguments: runnableTables)
    func ring(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let test = unsafe AttentionCase(
            kernels,
            headSize: 64,
            group: 2,
            ranges: [700..<1100, 701..<1101, 760..<1180],
            slots: 512
        )
        #expect(largestDifference(test.attend(), test.exact()) < Self.bound)
    }

    @Test(
        "a row has the same bits whatever rows are beside it and however chunks are shared",
        arguments: runnableTables
    )
    func rowInvariance(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for type in [CK_F32, CK_F16, CK_Q8_0] {
            for group in [1, 3, 8] {
                let ranges = (0..<16).map { max(0, 520 + $0 - 300)..<(520 + $0) }
                let test = unsafe AttentionCase(
                    kernels,
                    type: type.rawValue,
                    headSize: 96,
                    group: group,
                    ranges: ranges
                )
                let whole = test.attend()
                #expect(test.attendByChunk() == whole)
                let width = group * test.headSize
                for count in 1...16 {
                    #expect(test.attend(0..<count) == Array(whole.prefix(count * width)))
                    let rest = Array(whole.suffix((17 - count) * width))
                    #expect(test.attend((count - 1)..<16) == rest)
                }
            }
        }
    }

    @Test("scores far apart neither overflow nor vanish", arguments: runnableTables)
    func extremes(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let test = unsafe AttentionCase(
            kernels,
            headSize: 32,
            group: 1,
            ranges: [0..<600],
            magnified: 1e4
        )
        let found = test.attend()
        #expect(largestDifference(found, test.exact()) < 1e-3)
        #expect(test.attendByChunk() == found)
    }
}

@Suite("Storing and turning")
struct StoringTests {
    @Test("Q8_0 is off by at most half a step of its block", arguments: runnableTables)
    func q8(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for scale: Float in [1e-7, 1e-3, 1, 300, 1e6] {
            let numbers = randomNumbers(512, seed: 31).map { $0 * scale }
            var bytes = [UInt8](repeating: 0, count: 512 / 32 * 34)
            var found = [Float](repeating: .nan, count: 512)
            unsafe bytes.withUnsafeMutableBytes {
                unsafe kernels.store(CK_Q8_0.rawValue, numbers, $0.baseAddress, 512)
            }
            unsafe bytes.withUnsafeBytes {
                unsafe kernels.dequantize(CK_Q8_0.rawValue, $0.baseAddress, &found, 512)
            }
            for block in stride(from: 0, to: 512, by: 32) {
                let top = numbers[block..<block + 32].map { abs($0) }.max() ?? 0
                // The scale is a half: 11 bits of it are kept, fewer below 6e-5, none below 3e-8.
                let step = top / 127 * (1 + 0x1p-11) + 0x1p-25
                for i in block..<block + 32 {
                    #expect(abs(found[i] - numbers[i]) <= step / 2 + 127 * 0x1p-25)
                }
            }
        }
    }

    @Test("what is too large for a half is stored as the largest", arguments: runnableTables)
    func saturation(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let numbers: [Float] = (0..<37).map { $0 % 2 == 0 ? 1e30 : -.infinity }
        var halves = [UInt16](repeating: 0, count: 37)
        unsafe halves.withUnsafeMutableBytes {
            unsafe kernels.store(CK_F16.rawValue, numbers, $0.baseAddress, 37)
        }
        let top = Float16.greatestFiniteMagnitude
        #expect(halves.map { Float16(bitPattern: $0) } == numbers.map { $0 > 0 ? top : -top })
        var bytes = [UInt8](repeating: 0, count: 34)
        unsafe bytes.withUnsafeMutableBytes {
            unsafe kernels.store(CK_Q8_0.rawValue, numbers, $0.baseAddress, 32)
        }
        var found = [Float](repeating: .nan, count: 32)
        unsafe bytes.withUnsafeBytes {
            unsafe kernels.dequantize(CK_Q8_0.rawValue, $0.baseAddress, &found, 32)
        }
        #expect(found == numbers.prefix(32).map { $0 > 0 ? 127 * Float(top) : -127 * Float(top) })
    }

    @Test("pairs of any number are turned by their angles", arguments: runnableTables)
    func rotation(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for half in [1, 7, 16, 17, 31, 255] {
            let x = randomNumbers(2 * half, seed: 41)
            let angles = randomNumbers(half, seed: 42).map { Double($0) * 3 }
            var turned = x
            unsafe kernels.rotate(
                &turned,
                angles.map { Float(cos($0)) },
                angles.map { Float(sin($0)) },
                Int64(half)
            )
            for j in 0..<half {
                let (u, v) = (Double(x[j]), Double(x[j + half]))
                #expect(abs(Double(turned[j]) - (u * cos(angles[j]) - v * sin(angles[j]))) < 4e-7)
                let second = v * cos(angles[j]) + u * sin(angles[j])
                #expect(abs(Double(turned[j + half]) - second) < 4e-7)
            }
        }
    }

    @Test("norms of any length agree with double arithmetic", arguments: runnableTables)
    func norms(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for count in KernelTests.lengths {
            let x = randomNumbers(count, seed: 51)
            let weights = randomNumbers(count, seed: 52)
            let mean = x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(count)
            let factor = 1 / (mean + 1e-6).squareRoot()
            var weighted = [Float](repeating: .nan, count: count)
            var plain = x
            unsafe kernels.rms_norm(x, weights, 1e-6, &weighted, Int64(count))
            unsafe plain.withUnsafeMutableBufferPointer {
                unsafe kernels.rms_norm($0.baseAddress, nil, 1e-6, $0.baseAddress, Int64(count))
            }
            for i in 0..<count {
                let exact = Double(x[i]) * factor
                #expect(abs(Double(plain[i]) - exact) < 2e-6)
                #expect(abs(Double(weighted[i]) - exact * Double(weights[i])) < 2e-6)
            }
        }
    }
}
