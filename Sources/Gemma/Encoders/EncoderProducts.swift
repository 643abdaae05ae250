import CKernels
import Tensors

/// Multiplies rows with the matrices of an encoder, on all threads.
///
/// `exact` multiplies floats. `fast` rounds activations where that is quicker: to bfloat16 for BF16
/// matrices, to whole numbers for quantised ones; F32 and F16 matrices meet floats. Weights are never
/// rounded. Thread-compatible: one product at a time. A row's result depends on no other row.
final class EncoderProducts {
    /// Rows that are multiplied at once.
    static let blockSize = 768
    let pool: WorkerPool
    let precision: Precision
    private let rows: Int
    private let columns: Int
    private lazy var activations = ActivationRows(rows: rows, columns: columns)
    private lazy var panels = EncoderPanels(rows: rows, columns: columns, threads: pool.threadCount)

    /// Makes the scratch for products of at most `rows` rows at once of at most `columns` numbers.
    init(pool: WorkerPool, precision: Precision, rows: Int, columns: Int) {
        self.pool = pool
        self.precision = precision
        self.rows = min(rows, Self.blockSize)
        self.columns = columns
    }

    /// Bytes of an instance at most.
    static func plannedBytes(rows: Int, columns: Int, threads: Int) -> Int {
        let rows = min(rows, blockSize)
        return ActivationRows.plannedBytes(rows: rows, columns: columns)
            + EncoderPanels.plannedBytes(rows: rows, columns: columns, threads: threads)
    }

    /// `y[m, r] = sum_c W[r, c] * x[m, c]` with the linear's bounds around it.
    ///
    /// - Parameters:
    ///   - linear: W, `[rows, columns]`.
    ///   - x: holds `[count, columns]`.
    ///   - first: the row of `x` where they begin.
    ///   - count: how many rows.
    ///   - y: receives `[count, rows]`.
    ///   - place: the row of `y` where they begin.
    func multiply(
        _ linear: EncoderLinear,
        _ x: FloatBuffer,
        from first: Int = 0,
        count: Int,
        into y: FloatBuffer,
        at place: Int = 0
    ) {
        var start = 0
        while start < count {
            let size = min(rows, count - start)
            let source = unsafe UnsafePointer(x.at((first + start) * linear.columns))
            let target = unsafe y.at((place + start) * linear.rows)
            if precision == .fast, !linear.matrix.isQuantized {
                unsafe panels.multiply(linear, source, count: size, into: target, on: pool)
            } else {
                unsafe multiplyRows(linear, source, count: size, into: target)
            }
            start += size
        }
    }

    private func multiplyRows(
        _ linear: EncoderLinear,
        _ x: UnsafePointer<Float>,
        count: Int,
        into y: UnsafeMutablePointer<Float>
    ) {
        let (columns, outputs) = (linear.columns, linear.rows)
        activations.begin(
            columns: columns,
            rows: count,
            form: precision == .exact ? .floats : .many
        )
        pool.run(count) { row in
            let target = unsafe activations.row(row)
            unsafe target.update(from: x + row * columns, count: columns)
            unsafe linear.input?.clamp(target, count: columns)
            activations.quantize(row)
        }
        unsafe linear.matrix.multiply(activations, rows: count, into: y, on: pool)
        guard let output = linear.output else { return }
        pool.run(count) { row in unsafe output.clamp(y + row * outputs, count: outputs) }
    }
}

extension ClosedRange<Float> {
    /// Brings numbers within the range.
    func clamp(_ x: UnsafeMutablePointer<Float>, count: Int) {
        unsafe Kernels.active.pointee.clamp(x, lowerBound, upperBound, x, Int64(count))
    }
}
