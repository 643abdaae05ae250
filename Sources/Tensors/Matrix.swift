import CKernels

/// A weight matrix `[rows, columns]` that stays where its file is mapped.
///
/// Plain numbers and an address, so that threads copy it without counting references: whoever hands
/// matrices out keeps the file mapped. Bounds were checked when the file was opened.
@safe
package struct Matrix: @unchecked Sendable {
    // Proof of `Sendable`: the pointer leads to read-only pages.
    package let base: UnsafeRawPointer
    /// GGUF's type id, as the kernels take it.
    package let type: UInt32
    package let rows: Int
    package let columns: Int
    package let bytesPerRow: Int
    /// Multiplied onto every product (the second-level scale of some formats).
    package let scale: Float

    package init(
        base: UnsafeRawPointer,
        type: UInt32,
        rows: Int,
        columns: Int,
        bytesPerRow: Int,
        scale: Float = 1
    ) {
        unsafe self.base = base
        self.type = type
        self.rows = rows
        self.columns = columns
        self.bytesPerRow = bytesPerRow
        self.scale = scale
    }

    /// Whether products with it can run in whole numbers.
    package var isQuantized: Bool {
        type != CK_F32.rawValue && type != CK_F16.rawValue && type != CK_BF16.rawValue
    }

    package var byteCount: Int { rows * bytesPerRow }

    /// Columns that are stored together.
    package var blockSize: Int { Int(ck_block_size(type)) }

    /// The matrix of these rows, over the same bytes.
    package func slice(_ range: Range<Int>, scale: Float? = nil) -> Matrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows outside the matrix")
        return unsafe Matrix(
            base: base + range.lowerBound * bytesPerRow,
            type: type,
            rows: range.count,
            columns: columns,
            bytesPerRow: bytesPerRow,
            scale: scale ?? self.scale
        )
    }

    /// Writes row `index` as floats; `destination` holds `columns` of them.
    package func readRow(_ index: Int, into destination: UnsafeMutablePointer<Float>) {
        unsafe readRow(index, columns: 0..<columns, into: destination)
    }

    /// Writes some columns of a row as floats.
    ///
    /// The range starts and ends at multiples of `blockSize`.
    package func readRow(
        _ index: Int,
        columns range: Range<Int>,
        into destination: UnsafeMutablePointer<Float>
    ) {
        precondition(index >= 0 && index < rows, "row outside the matrix")
        precondition(range.lowerBound >= 0 && range.upperBound <= columns, "outside the row")
        unsafe Kernels.active.pointee.dequantize(
            type,
            base + index * bytesPerRow + bytesPerRow * range.lowerBound / columns,
            destination,
            Int64(range.count)
        )
        guard scale != 1 else { return }
        for index in 0..<range.count { unsafe destination[index] *= scale }
    }

    /// Products of a range of this matrix's rows: `destination[m, r] = sum_c self[r, c] * x[m, c]`.
    ///
    /// - Parameters:
    ///   - x: what `ActivationRows.begin` described; its width is `columns`.
    ///   - xRows: how many rows take part.
    ///   - firstRow: the first of them.
    ///   - index: which rows of `x` are meant, counted from `firstRow`; consecutive ones if nil.
    ///   - range: of the matrix's rows.
    ///   - destination: `[xRows, rows]`; column r belongs to row r of the matrix.
    package func multiply(
        _ x: ActivationRows,
        rows xRows: Int,
        firstRow: Int = 0,
        index: UnsafePointer<Int32>? = nil,
        range: Range<Int>,
        into destination: UnsafeMutablePointer<Float>
    ) {
        let kernels = unsafe Kernels.active
        guard x.form != .floats, isQuantized else {
            unsafe kernels.pointee.multiply(
                type,
                base,
                Int64(bytesPerRow),
                Int64(columns),
                x.row(firstRow),
                Int64(columns),
                index,
                Int64(xRows),
                scale,
                destination,
                Int64(rows),
                Int64(range.lowerBound),
                Int64(range.upperBound)
            )
            return
        }
        let product =
            unsafe x.form == .few ? kernels.pointee.multiply_few : kernels.pointee.multiply_many
        unsafe product?(
            type,
            base,
            Int64(bytesPerRow),
            Int64(columns),
            x.quantizedRow(firstRow),
            Int64(x.stride),
            index,
            Int64(xRows),
            scale,
            destination,
            Int64(rows),
            Int64(range.lowerBound),
            Int64(range.upperBound)
        )
    }

    /// Rows that make a piece of work: small enough that threads end together, whole tiles of 32.
    package func pieceRows(_ form: ActivationRows.Form) -> Int {
        let wanted = form == .few ? Self.pieceBytes / max(bytesPerRow, 1) : 32
        return max(32, wanted / 32 * 32)
    }

    // Some microseconds at the memory's speed.
    private static let pieceBytes = 48 << 10

    /// `destination[m, r] = sum_c self[r, c] * x[m, c]`, the rows shared among the pool's threads.
    package func multiply(
        _ x: ActivationRows,
        rows xRows: Int,
        into destination: UnsafeMutablePointer<Float>,
        on pool: WorkerPool
    ) {
        let perPiece = pieceRows(x.form)
        pool.run((rows + perPiece - 1) / perPiece) { piece in
            let first = piece * perPiece
            unsafe multiply(
                x,
                rows: xRows,
                range: first..<min(first + perPiece, rows),
                into: destination
            )
        }
    }
}

/// Up to three matrices over the same activations, multiplied in one loop of the pool.
package struct MatrixGroup {
    private let first: Matrix
    private let second: Matrix?
    private let third: Matrix?

    package init(_ first: Matrix, _ second: Matrix?, _ third: Matrix?) {
        self.first = first
        self.second = second
        self.third = third
    }

    package var isQuantized: Bool {
        first.isQuantized || second?.isQuantized == true || third?.isQuantized == true
    }

    /// Each product goes where its matrix stands: `[xRows, rows]` of it.
    package func multiply(
        _ x: ActivationRows,
        rows xRows: Int,
        into destinations: (
            UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
        ),
        on pool: WorkerPool
    ) {
        let perPiece = first.pieceRows(x.form)
        func pieces(_ matrix: Matrix?) -> Int { ((matrix?.rows ?? 0) + perPiece - 1) / perPiece }
        let firstEnd = pieces(first)
        let secondEnd = firstEnd + pieces(second)
        pool.run(secondEnd + pieces(third)) { piece in
            let (matrix, local, destination) =
                unsafe piece < firstEnd
                ? (first, piece, destinations.0)
                : piece < secondEnd
                    ? (second ?? first, piece - firstEnd, destinations.1)
                    : (third ?? first, piece - secondEnd, destinations.2)
            let start = local * perPiece
            unsafe matrix.multiply(
                x,
                rows: xRows,
                range: start..<min(start + perPiece, matrix.rows),
                into: destination
            )
        }
    }
}
