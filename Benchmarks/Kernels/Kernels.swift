import Benchmark
import CKernels
import Foundation

/// One kernel at one size: what it reads and computes, and how it is called.
struct Work {
    enum Arithmetic {
        case floats
        case bytes
    }

    var name: String
    /// Bytes from memory in a call; 0 where the operands fit the caches.
    var bytes = 0
    /// Products and sums of a call.
    var operations = 0
    var arithmetic = Arithmetic.floats
    /// Makes the operands and returns the call; it is given the number of the call.
    var prepare: () -> (Int) -> Void

    private var readingTime: Double { Double(bytes) / Peaks.measured.bandwidth }
    private var computingTime: Double {
        Double(operations) / (arithmetic == .floats ? Peaks.measured.floats : Peaks.measured.bytes)
    }

    /// Seconds that a call takes at least.
    var limit: Double { max(readingTime, computingTime) }
    /// What sets the limit.
    var bound: String {
        readingTime > computingTime
            ? "memory" : arithmetic == .floats ? "float FMA" : "byte products"
    }
}

/// A block format: its GGUF id, elements and bytes of a block.
struct Format {
    var name: String
    var type: ck_type
    var elements: Int
    var bytes: Int
    /// Products with stored floats are float work, with everything else byte work.
    var arithmetic: Work.Arithmetic { elements == 1 ? .floats : .bytes }
}

let formats = [
    Format(name: "F32", type: CK_F32, elements: 1, bytes: 4),
    Format(name: "F16", type: CK_F16, elements: 1, bytes: 2),
    Format(name: "BF16", type: CK_BF16, elements: 1, bytes: 2),
    Format(name: "Q4_0", type: CK_Q4_0, elements: 32, bytes: 18),
    Format(name: "Q4_1", type: CK_Q4_1, elements: 32, bytes: 20),
    Format(name: "Q5_0", type: CK_Q5_0, elements: 32, bytes: 22),
    Format(name: "Q5_1", type: CK_Q5_1, elements: 32, bytes: 24),
    Format(name: "Q8_0", type: CK_Q8_0, elements: 32, bytes: 34),
    Format(name: "Q2_K", type: CK_Q2_K, elements: 256, bytes: 84),
    Format(name: "Q3_K", type: CK_Q3_K, elements: 256, bytes: 110),
    Format(name: "Q4_K", type: CK_Q4_K, elements: 256, bytes: 144),
    Format(name: "Q5_K", type: CK_Q5_K, elements: 256, bytes: 176),
    Format(name: "Q6_K", type: CK_Q6_K, elements: 256, bytes: 210),
    Format(name: "IQ2_XXS", type: CK_IQ2_XXS, elements: 256, bytes: 66),
    Format(name: "IQ2_XS", type: CK_IQ2_XS, elements: 256, bytes: 74),
    Format(name: "IQ2_S", type: CK_IQ2_S, elements: 256, bytes: 82),
    Format(name: "IQ3_XXS", type: CK_IQ3_XXS, elements: 256, bytes: 98),
    Format(name: "IQ3_S", type: CK_IQ3_S, elements: 256, bytes: 110),
    Format(name: "IQ1_S", type: CK_IQ1_S, elements: 256, bytes: 50),
    Format(name: "IQ1_M", type: CK_IQ1_M, elements: 256, bytes: 56),
    Format(name: "IQ4_NL", type: CK_IQ4_NL, elements: 32, bytes: 18),
    Format(name: "IQ4_XS", type: CK_IQ4_XS, elements: 256, bytes: 136),
    Format(name: "MXFP4", type: CK_MXFP4, elements: 32, bytes: 17),
    Format(name: "NVFP4", type: CK_NVFP4, elements: 64, bytes: 36),
]

/// The gate of a feed-forward part of E2B.
let (columns, rows) = (1536, 6144)

func dequantize(_ format: Format) -> Work {
    let stored = columns / format.elements * format.bytes
    return Work(name: "dequantize \(format.name)", bytes: stored * 1024, operations: columns * 1024)
    {
        let destination = Pool.floats(columns)
        return { call in
            let matrix = part(call, size: stored * 1024)
            for row in 0..<1024 {
                kernels.dequantize(
                    format.type.rawValue,
                    matrix + row * stored,
                    destination,
                    Int64(columns)
                )
            }
        }
    }
}

func multiply(_ format: Format, by xRows: Int) -> Work {
    let stored = columns / format.elements * format.bytes
    return Work(
        name: "multiply \(format.name) x \(xRows)",
        bytes: stored * rows,
        operations: 2 * columns * rows * xRows,
        arithmetic: format.arithmetic
    ) {
        let (x, destination) = (Pool.floats(columns * xRows), Pool.floats(rows * xRows))
        return { call in
            kernels.multiply(
                format.type.rawValue,
                part(call, size: stored * rows),
                Int64(stored),
                Int64(columns),
                x,
                Int64(columns),
                nil,
                Int64(xRows),
                1,
                destination,
                Int64(rows),
                0,
                Int64(rows)
            )
        }
    }
}

/// Whole-number products: the form for few rows up to 16, the one for many beyond.
func multiplyQuantized(_ format: Format, by xRows: Int) -> Work {
    let stored = columns / format.elements * format.bytes
    let isFew = xRows <= 16
    return Work(
        name: "\(isFew ? "few" : "many") \(format.name) x \(xRows)",
        bytes: stored * rows,
        operations: 2 * columns * rows * xRows,
        arithmetic: .bytes
    ) {
        let (x, destination) = (Pool.floats(columns * xRows), Pool.floats(rows * xRows))
        // Four bytes a column are enough for either form.
        let quantized = UnsafeMutableRawPointer(Pool.floats(columns * xRows))
        let stride = columns * (isFew ? 4 : 2)
        for row in 0..<xRows {
            kernels.quantize(
                x + row * columns,
                Int64(columns),
                0,
                Int64(columns),
                isFew ? 1 : 0,
                quantized + row * stride
            )
        }
        let product = isFew ? kernels.multiply_few : kernels.multiply_many
        return { call in
            product?(
                format.type.rawValue,
                part(call, size: stored * rows),
                Int64(stored),
                Int64(columns),
                quantized,
                Int64(stride),
                nil,
                Int64(xRows),
                1,
                destination,
                Int64(rows),
                0,
                Int64(rows)
            )
        }
    }
}

/// Quantising an activation row for products of few rows.
func quantize() -> Work {
    Work(name: "quantize", operations: 4 * columns) {
        let (x, quantized) = (Pool.floats(columns), Pool.floats(columns))
        return { _ in
            kernels.quantize(x, Int64(columns), 0, Int64(columns), 1, quantized)
        }
    }
}

/// One query token of E2B: eight heads share one key-value head.
func attend(positions: Int, headSize: Int) -> Work {
    let size = 2 * positions * headSize
    return Work(
        name: "attend F16 \(positions) positions, head \(headSize)",
        bytes: 2 * size,
        operations: 4 * 8 * positions * headSize
    ) {
        let (queries, destination) = (Pool.floats(8 * headSize), Pool.floats(8 * headSize))
        let scratch = Pool.floats(Int(ck_attention_scratch(8, Int64(headSize))))
        let range = UnsafeMutablePointer<Int64>.allocate(capacity: 2)
        range[0] = 0
        range[1] = Int64(positions)
        return { call in
            var rows = ck_attention(
                type: CK_F16.rawValue,
                head_size: Int64(headSize),
                group: 8,
                positions: 1,
                queries: queries,
                query_stride: Int64(8 * headSize),
                from: range,
                to: range + 1,
                keys: part(2 * call, size: size),
                values: part(2 * call + 1, size: size),
                slots: Int64(positions),
                scale: 1 / Float(headSize)
            )
            kernels.attend(&rows, scratch, destination)
        }
    }
}

/// A function of `count` numbers in the caches; `operations` for each of them.
func elementwise(
    _ name: String,
    _ count: Int,
    operations: Int,
    _ body: @escaping (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int64) -> Void
) -> Work {
    Work(name: name, operations: operations * count) {
        let (x, y) = (Pool.floats(count), Pool.floats(count))
        return { _ in body(x, y, Int64(count)) }
    }
}

/// Every kernel that is measured.
var works: [Work] {
    formats.map(dequantize)
        + formats.filter { $0.arithmetic == .floats }.flatMap { format in
            [1, 4, 16, 256].map { multiply(format, by: $0) }
        }
        + formats.filter { $0.arithmetic == .bytes }.flatMap { format in
            [1, 4, 16, 256].map { multiplyQuantized(format, by: $0) }
        }
        + [
            quantize(),
            attend(positions: 512, headSize: 256),
            attend(positions: 4096, headSize: 512),
            elementwise("rms_norm", columns, operations: 4) { x, y, count in
                kernels.rms_norm(x, y, 1e-6, y, count)
            },
            elementwise("gelu_multiply", rows, operations: 32) { x, y, count in
                kernels.gelu_multiply(x, y, count)
            },
            elementwise("soft_cap", 8192, operations: 25) { x, _, count in
                kernels.soft_cap(x, 30, count)
            },
        ]
}

/// The operand of this call: calls walk through the pool, so that memory is read and not a cache.
func part(_ call: Int, size: Int) -> UnsafeRawPointer {
    guard let base = Pool.weights.baseAddress else { fatalError("the pool is empty") }
    return base + call % (Pool.weights.count / size) * size
}

let share = BenchmarkMetric.custom("% of limit", polarity: .prefersLarger, useScalingFactor: false)

/// A line of the summary: the median call's time, what it read and computed a second, and the limit's
/// part of its time.
func summary(_ work: Work, _ seconds: [Double]) -> String {
    guard !seconds.isEmpty else { return "" }
    let median = seconds.sorted()[seconds.count / 2]
    func column(_ value: Double, _ digits: Int, _ unit: String) -> String {
        let text = value == 0 ? "" : String(format: "%.\(digits)f ", value) + unit
        return String(repeating: " ", count: max(1, 15 - text.count)) + text
    }
    return work.name.padding(toLength: 34, withPad: " ", startingAt: 0)
        + column(median * 1e6, 1, "us") + column(Double(work.bytes) / median / 1e9, 2, "GB/s")
        + column(Double(work.operations) / median / 1e9, 1, "GOP/s")
        + column(work.limit / median * 100, 0, "%") + " of \(work.bound)"
}

let benchmarks: @Sendable () -> Void = {
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, share],
        warmupIterations: 2,
        maxDuration: .milliseconds(400),
        maxIterations: 10_000
    )
    for work in works {
        var run: (Int) -> Void = { _ in }
        var calls = 0
        var seconds: [Double] = []
        // Short calls are repeated within a sample, or reading the clock would be measured.
        let repeats = max(1, 2_000_000 / max(1, work.operations))
        Benchmark(work.name) { benchmark in
            let clock = ContinuousClock()
            benchmark.startMeasurement()
            let time = clock.measure {
                for _ in 0..<repeats {
                    run(calls)
                    calls += 1
                }
            }
            benchmark.stopMeasurement()
            seconds.append(time / .seconds(1) / Double(repeats))
            benchmark.measurement(
                share,
                Int(work.limit / (time / .seconds(1)) * Double(repeats) * 100)
            )
        } setup: {
            _ = Peaks.measured
            run = work.prepare()
        } teardown: {
            print(summary(work, seconds))
        }
    }
}
