internal import CKernels

/// A weight matrix `[rows, columns]` that stays where its file is mapped.
///
/// `owner` keeps the mapping alive. Bounds were checked when the file was opened.
@safe
package struct Matrix: @unchecked Sendable {
    // Proof of `Sendable`: the pointer leads to read-only pages that `owner` keeps mapped.
    package let base: UnsafeRawPointer
    /// GGUF's type id, as the kernels take it.
    package let type: UInt32
    package let rows: Int
    package let columns: Int
    package let bytesPerRow: Int
    /// Multiplied onto every product (the second-level scale of some formats).
    package let scale: Float
    private let owner: any Sendable

    package init(
        base: UnsafeRawPointer,
        type: UInt32,
        rows: Int,
        columns: Int,
        bytesPerRow: Int,
        scale: Float = 1,
        owner: any Sendable
    ) {
        unsafe self.base = base
        self.type = type
        self.rows = rows
        self.columns = columns
        self.bytesPerRow = bytesPerRow
        self.scale = scale
        self.owner = owner
    }

    package var byteCount: Int { rows * bytesPerRow }

    /// The matrix of these rows, over the same bytes.
    package func slice(_ range: Range<Int>, scale: Float? = nil) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the matrix")
        return unsafe Matrix(
            base: base + range.lowerBound * bytesPerRow,
            type: type,
            rows: range.count,
            columns: columns,
            bytesPerRow: bytesPerRow,
            scale: scale ?? self.scale,
            owner: owner
        )
    }

    /// Writes row `index` as floats; `destination` holds `columns` of them.
    package func readRow(_ index: Int, into destination: UnsafeMutablePointer<Float>) {
        precondition(index >= 0 && index < rows, "row outside the matrix")
        unsafe Kernels.active.pointee.dequantize(
            type,
            base + index * bytesPerRow,
            destination,
            Int64(columns)
        )
    }

    /// `destination[m, r] = sum_c self[r, c] * x[m, c]`, the rows shared among the pool's threads.
    ///
    /// - Parameters:
    ///   - x: `[xRows, columns]`.
    ///   - xRows: rows of `x` and of the result.
    ///   - destination: `[xRows, rows]`.
    ///   - pool: whose threads share the work.
    package func multiply(
        _ x: UnsafePointer<Float>,
        rows xRows: Int,
        into destination: UnsafeMutablePointer<Float>,
        on pool: WorkerPool
    ) {
        // Pieces of a multiple of four rows, several a thread so that a slow core is helped out.
        let pieces = max(1, min(rows / 16, pool.threadCount * 8))
        let rowsPerPiece = ((rows + pieces - 1) / pieces + 3) / 4 * 4
        let matrix = self
        pool.run((rows + rowsPerPiece - 1) / rowsPerPiece) { piece in
            let first = piece * rowsPerPiece
            unsafe Kernels.active.pointee.multiply(
                matrix.type,
                matrix.base,
                Int64(matrix.bytesPerRow),
                Int64(matrix.columns),
                x,
                Int64(matrix.columns),
                Int64(xRows),
                matrix.scale,
                destination,
                Int64(matrix.rows),
                Int64(first),
                Int64(min(first + rowsPerPiece, matrix.rows))
            )
        }
    }
}
