internal import CKernels

/// Activation rows on their way into products, as floats and, where asked, quantised beside them.
///
/// Rows are packed at the width in use. Thread-compatible: one owner calls `begin`, then several
/// threads may write disjoint rows or columns.
@safe
package final class ActivationRows {
    /// What products read.
    package enum Form: Sendable {
        /// The floats: the reference.
        case floats
        /// Whole numbers, laid out for 1 to 16 rows.
        case few
        /// Whole numbers, laid out for prompts.
        case many
    }

    /// The most rows of the form `few`: their products have the same bits whatever their number.
    package static let fewRows = 16

    package let floats: FloatBuffer
    package private(set) var form = Form.floats
    package private(set) var columns = 0
    private let quantized: UnsafeMutableRawPointer
    private let quantizedBytes: Int

    /// Room for `rows` rows of `columns`; quantised ones take at most four bytes a column.
    package init(rows: Int, columns: Int) {
        floats = FloatBuffer(count: rows * columns)
        quantizedBytes = Self.quantizedBytes(rows: rows, columns: columns)
        unsafe quantized = UnsafeMutableRawPointer.allocate(
            byteCount: max(quantizedBytes, 1),
            alignment: 64
        )
        // Padding is read by the kernels.
        unsafe quantized.initializeMemory(as: UInt8.self, repeating: 0, count: quantizedBytes)
    }

    deinit { unsafe quantized.deallocate() }

    /// Bytes of both forms, for the memory plan.
    package static func plannedBytes(rows: Int, columns: Int) -> Int {
        rows * columns * MemoryLayout<Float>.stride + quantizedBytes(rows: rows, columns: columns)
    }

    private static func quantizedBytes(rows: Int, columns: Int) -> Int {
        let padded = (columns + 63) / 64 * 64
        return max(min(rows, fewRows) * 4, rows * 2) * padded
    }

    /// Sets the width and form of the rows that follow.
    package func begin(columns: Int, rows: Int, form: Form) {
        self.columns = columns
        self.form = form
        precondition(
            rows * columns <= floats.count && (form == .floats || rows * stride <= quantizedBytes),
            "more rows than there is room for"
        )
    }

    /// Bytes of a quantised row.
    var stride: Int { (columns + 63) / 64 * 64 * (form == .few ? 4 : 2) }

    /// The floats of row `index`.
    package func row(_ index: Int) -> UnsafeMutablePointer<Float> {
        unsafe floats.at(index * columns)
    }

    /// The quantised form of row `index`.
    func quantizedRow(_ index: Int) -> UnsafeRawPointer {
        unsafe UnsafeRawPointer(quantized + index * stride)
    }

    /// Quantises a row whose floats are complete, or a range of its columns.
    ///
    /// A range starts at a multiple of 32 and ends at one, or at the row's end.
    package func quantize(_ index: Int, columns range: Range<Int>? = nil) {
        guard form != .floats else { return }
        let range = range ?? 0..<columns
        unsafe Kernels.active.pointee.quantize(
            row(index),
            Int64(columns),
            Int64(range.lowerBound),
            Int64(range.upperBound),
            form == .few ? 1 : 0,
            quantized + index * stride
        )
    }
}
