import CKernels
import Tensors

/// Multiplies rows with the matrices of an encoder, on all threads.
///
/// Thread-compatible: one product at a time. A row's result depends on no other row.
final class EncoderProducts {
    /// Rows that are multiplied at once.
    static let blockSize = 768
    let pool: WorkerPool
    let precision: Precision
    private let input: ActivationRows

    /// Makes the scratch for products of at most `rows` rows of at most `columns` numbers.
    init(pool: WorkerPool, precision: Precision, rows: Int, columns: Int) {
        self.pool = pool
        self.precision = precision
        input = ActivationRows(rows: min(rows, Self.blockSize), columns: columns)
    }

    /// Bytes of an instance.
    static func plannedBytes(rows: Int, columns: Int) -> Int {
        ActivationRows.plannedBytes(rows: min(rows, blockSize), columns: columns)
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
        let kernels = unsafe Kernels.active
        let (columns, outputs) = (linear.columns, linear.rows)
        var start = 0
        while start < count {
            let size = min(Self.blockSize, count - start)
            input.begin(columns: columns, rows: size, form: .floats)
            pool.run(size) { row in
                unsafe copy(
                    x.at((first + start + row) * columns),
                    linear.input,
                    into: input.row(row),
                    count: columns
                )
            }
            let target = (place + start) * outputs
            unsafe linear.matrix.multiply(input, rows: size, into: y.at(target), on: pool)
            if let output = linear.output {
                pool.run(size) { row in
                    let values = unsafe y.at(target + row * outputs)
                    let (low, high) = (output.lowerBound, output.upperBound)
                    unsafe kernels.pointee.clamp(values, low, high, values, Int64(outputs))
                }
            }
            start += size
        }
    }

    private func copy(
        _ x: UnsafePointer<Float>,
        _ bounds: ClosedRange<Float>?,
        into destination: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        guard let bounds else {
            unsafe destination.update(from: x, count: count)
            return
        }
        let (low, high) = (bounds.lowerBound, bounds.upperBound)
        unsafe Kernels.active.pointee.clamp(x, low, high, destination, Int64(count))
    }
}

/// The rows of an encoder's residual stream, and what is done to each alone.
enum EncoderRows {
    static let epsilon: Float = 1e-6

    /// `destination = x / rms(x) * weights`, one row; without weights they are ones.
    static func norm(
        _ x: UnsafePointer<Float>,
        _ weights: [Float]?,
        into destination: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        let norm = unsafe Kernels.active.pointee.rms_norm
        guard let weights else {
            unsafe norm?(x, nil, epsilon, destination, Int64(count))
            return
        }
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe norm?(x, weights.baseAddress, epsilon, destination, Int64(count))
        }
    }

    /// Adds `scale * norm(update) * weights` to a row of the stream; `update` is overwritten.
    static func add(
        _ update: UnsafeMutablePointer<Float>,
        _ weights: [Float],
        scale: Float = 1,
        to stream: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        unsafe norm(update, weights, into: update, count: count)
        unsafe Kernels.active.pointee.accumulate(stream, update, scale, Int64(count))
    }
}
