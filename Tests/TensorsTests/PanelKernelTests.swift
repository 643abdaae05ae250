import CKernels
import Foundation
import Testing

/// Products in panels and attention over everything, against double arithmetic.
@Suite("Panels")
struct PanelKernelTests {
    private static let panelRows = Int(CK_PANEL_ROWS)

    private func numbers(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(state: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    /// The nearest bfloat16, ties to even.
    private func nearest(_ x: Float) -> Float {
        let bits = x.bitPattern
        return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
    }

    /// Products of the first `rows` rows of x with a panel.
    private func multiply(
        _ kernels: ck_kernels,
        _ weights: [UInt16],
        _ x: [Float],
        columns: Int,
        rows: Int,
        rounded: Bool
    ) -> [Float] {
        let flag: Int32 = rounded ? 1 : 0
        let stride = (columns + 1) / 2 * 2 * (rounded ? unsafe Int(kernels.rounded_size) : 4)
        var panel = [Float](repeating: .nan, count: Self.panelRows * (columns + 1))
        var prepared = [UInt8](repeating: 0xFF, count: rows * stride)
        var results = [Float](repeating: .nan, count: rows * Self.panelRows)
        unsafe weights.withUnsafeBytes { weights in
            unsafe kernels.pack_panel(
                CK_BF16.rawValue,
                weights.baseAddress,
                Int64(2 * columns),
                Int64(columns),
                Int64(weights.count / 2 / columns),
                flag,
                &panel
            )
        }
        for row in 0..<rows {
            let numbers = Array(x[row * columns..<(row + 1) * columns])
            unsafe prepared.withUnsafeMutableBytes { prepared in
                unsafe kernels.prepare_row(
                    numbers,
                    Int64(columns),
                    -0.75,
                    0.5,
                    flag,
                    prepared.baseAddress.map { unsafe $0 + row * stride }
                )
            }
        }
        unsafe kernels.multiply_panel(
            panel,
            Int64(columns),
            flag,
            prepared,
            Int64(stride),
            Int64(rows),
            &results,
            Int64(Self.panelRows)
        )
        return results
    }

    @Test(
        "a product agrees with double arithmetic and depends on no other row",
        arguments: runnableTables,
        [false, true]
    )
    func product(table: String, rounded: Bool) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for columns in KernelTests.lengths {
            let weights = numbers(50 * columns, seed: 1).map(nearest)
            let stored = weights.map { UInt16($0.bitPattern >> 16) }
            let x = numbers(13 * columns, seed: 2)
            let found = unsafe multiply(
                kernels,
                stored,
                x,
                columns: columns,
                rows: 13,
                rounded: rounded
            )
            for m in 0..<13 {
                for r in 0..<Self.panelRows {
                    var exact = 0.0
                    for c in 0..<(r < 50 ? columns : 0) {
                        let bounded = min(max(x[m * columns + c], -0.75), 0.5)
                        exact +=
                            Double(weights[r * columns + c])
                            * Double(rounded ? nearest(bounded) : bounded)
                    }
                    // One lane rounds once for each column.
                    let bound = 1e-6 + 1e-7 * Double(columns)
                    #expect(abs(Double(found[m * Self.panelRows + r]) - exact) < bound)
                }
            }
            for rows in [1, 5, 6, 7] {
                let part = unsafe multiply(
                    kernels,
                    stored,
                    x,
                    columns: columns,
                    rows: rows,
                    rounded: rounded
                )
                #expect(part == Array(found.prefix(part.count)))
            }
        }
    }

    @Test(
        "attention over everything agrees with double arithmetic and depends on no other row",
        arguments: runnableTables,
        [16, 36, 64, 72]
    )
    func attention(table: String, size: Int) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let rowCount = 7
        for keyCount in [1, 63, 65, 512, 600] {
            let queries = numbers(rowCount * size, seed: 3).map { $0 * 1.5 }
            let keys = numbers(keyCount * size, seed: 4)
            let values = numbers(keyCount * size, seed: 5)
            let found = unsafe attend(kernels, queries, keys, values, size: size)
            for row in 0..<rowCount {
                let q = queries[row * size..<(row + 1) * size].map { Double(nearest($0)) }
                let powers = (0..<keyCount).map { key in
                    let k = keys[key * size..<(key + 1) * size].map { Double(nearest($0)) }
                    return exp(zip(q, k).reduce(0) { $0 + $1.0 * $1.1 })
                }
                let total = powers.reduce(0, +)
                for index in 0..<size {
                    let exact = powers.indices.reduce(0.0) {
                        $0 + powers[$1] * Double(nearest(values[$1 * size + index]))
                    }
                    // Shares are rounded to eight bits before they meet the values.
                    #expect(abs(Double(found[row * size + index]) - exact / total) < 4e-3)
                }
            }
            let alone = unsafe attend(
                kernels,
                Array(queries.prefix(size)),
                keys,
                values,
                size: size
            )
            #expect(alone == Array(found.prefix(size)))
        }
    }

    private func attend(
        _ kernels: ck_kernels,
        _ queries: [Float],
        _ keys: [Float],
        _ values: [Float],
        size: Int
    ) -> [Float] {
        let rows = queries.count / size
        let slots = (keys.count / size + Int(CK_ALL_KEYS) - 1) / Int(CK_ALL_KEYS) * Int(CK_ALL_KEYS)
        let bytes = unsafe Int(kernels.rounded_size)
        var prepared = [UInt8](repeating: 0, count: queries.count * bytes)
        var panels = [UInt8](repeating: 0, count: slots * size * bytes)
        var panel = [UInt8](repeating: 0, count: slots * ((size + 15) / 16 * 16) * bytes)
        for row in 0..<rows {
            let query = Array(queries[row * size..<(row + 1) * size])
            unsafe prepared.withUnsafeMutableBytes { prepared in
                let place = unsafe prepared.baseAddress.map { unsafe $0 + row * size * bytes }
                unsafe kernels.prepare_row(query, Int64(size), -.infinity, .infinity, 1, place)
            }
        }
        for key in 0..<keys.count / size {
            let range = key * size..<(key + 1) * size
            unsafe kernels.place_key(Array(keys[range]), Int64(size), Int64(key), &panels)
            unsafe kernels.place_value(Array(values[range]), Int64(size), Int64(key), &panel)
        }
        var scratch = [Float](repeating: .nan, count: Int(ck_attend_all_scratch(Int64(size))))
        var results = [Float](repeating: .nan, count: rows * size)
        unsafe kernels.attend_all(
            prepared,
            Int64(size * bytes),
            Int64(rows),
            Int64(size),
            panels,
            panel,
            Int64(keys.count / size),
            &scratch,
            &results,
            Int64(size)
        )
        return results
    }

    @Test("norms, gates and bounds agree with double arithmetic", arguments: runnableTables)
    func rows(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        for count in KernelTests.lengths {
            let (x, y, z) = (
                numbers(count, seed: 6), numbers(count, seed: 7), numbers(count, seed: 8)
            )
            let mean = x.reduce(0.0) { $0 + Double($1) } / Double(count)
            let square = x.reduce(0.0) { $0 + pow(Double($1) - mean, 2) } / Double(count)
            var found = [Float](repeating: .nan, count: count)
            unsafe kernels.layer_norm(x, y, z, 1e-5, &found, Int64(count))
            for i in 0..<count {
                let normed = (Double(x[i]) - mean) / (square + 1e-5).squareRoot()
                let exact = normed * Double(y[i]) + Double(z[i])
                #expect(abs(Double(found[i]) - exact) < 2e-5)
            }
            unsafe kernels.sigmoid_multiply(x, y, &found, Int64(count))
            for i in 0..<count {
                #expect(abs(Double(found[i]) - Double(x[i]) / (1 + exp(-Double(y[i])))) < 1e-6)
            }
            unsafe kernels.clamp(x, -0.25, 0.5, &found, Int64(count))
            #expect(found == x.map { min(max($0, -0.25), 0.5) })
        }
    }

    @Test("attention over the last few agrees with double arithmetic", arguments: runnableTables)
    func near(table: String) throws {
        let kernels = try unsafe #require(ck_kernels_named(table)).pointee
        let (size, stride) = (67, 150)
        let query = numbers(size, seed: 9)
        let keys = numbers(12 * stride, seed: 10)
        let values = numbers(12 * stride, seed: 11)
        let relative = numbers(12 * stride, seed: 12)
        for count in 1...12 {
            var found = [Float](repeating: .nan, count: size)
            unsafe kernels.attend_near(
                query,
                keys,
                values,
                Int64(stride),
                relative,
                Int64(stride),
                Int64(count),
                Int64(size),
                3,
                &found
            )
            let powers = (0..<count).map { key in
                let score = (0..<size).reduce(0.0) {
                    let place = relative[(count - 1 - key) * stride + $1]
                    return $0 + Double(query[$1])
                        * (Double(keys[key * stride + $1]) + Double(place))
                }
                return exp(3 * tanh(score / 3))
            }
            let total = powers.reduce(0, +)
            for index in 0..<size {
                let exact = (0..<count).reduce(0.0) {
                    $0 + powers[$1] * Double(values[$1 * stride + index])
                }
                #expect(abs(Double(found[index]) - exact / total) < 1e-5)
            }
        }
    }
}
