import CKernels
import Tensors

/// Products with matrices that are laid out anew for every block of rows, sixty-four rows at a time.
///
/// The layout costs about a hundredth of the product and leaves sums in registers throughout.
/// Thread-compatible: one product at a time.
@safe
final class EncoderPanels {
    /// Rows of results that are summed beside the matrix's last rows, when those fill no panel.
    private static let tileRows = 48
    private static let panelRows = Int(CK_PANEL_ROWS)

    /// The rows in hand, as the kernels want them: at most 4 bytes a number.
    private let prepared: FloatBuffer
    /// A panel for each thread.
    private let panels: FloatBuffer
    private let panelSize: Int
    private let tiles: FloatBuffer
    private let tasks = WorkerTasks()

    init(rows: Int, columns: Int, threads: Int) {
        prepared = FloatBuffer(count: rows * Self.padded(columns))
        panelSize = Self.panelRows * Self.padded(columns)
        panels = FloatBuffer(count: threads * panelSize)
        tiles = FloatBuffer(count: threads * Self.tileRows * Self.panelRows)
    }

    /// Bytes of an instance.
    static func plannedBytes(rows: Int, columns: Int, threads: Int) -> Int {
        let floats =
            (rows + threads * panelRows) * padded(columns) + threads * tileRows * panelRows
        return floats * MemoryLayout<Float>.stride
    }

    /// Columns filled up so that rows begin on lines of the cache.
    private static func padded(_ columns: Int) -> Int { (columns + 31) / 32 * 32 }

    /// `y[m, r] = sum_c W[r, c] * x[m, c]` with the linear's bounds around it.
    func multiply(
        _ linear: EncoderLinear,
        _ x: UnsafePointer<Float>,
        count: Int,
        into y: UnsafeMutablePointer<Float>,
        on pool: WorkerPool
    ) {
        let kernels = unsafe Kernels.active
        let columns = linear.columns
        let rounds = linear.matrix.type == CK_BF16.rawValue
        let size = unsafe rounds ? Int(kernels.pointee.rounded_size) : 4
        let stride = Self.padded(columns) * size
        let rows = unsafe UnsafeMutableRawPointer(prepared.base)
        pool.run(count) { row in
            unsafe kernels.pointee.prepare_row(
                x + row * columns,
                Int64(columns),
                linear.input?.lowerBound ?? -.infinity,
                linear.input?.upperBound ?? .infinity,
                rounds ? 1 : 0,
                rows + row * stride
            )
        }
        let panelCount = (linear.rows + Self.panelRows - 1) / Self.panelRows
        // Few panels for many threads: each is laid out more than once.
        let wanted = (3 * pool.threadCount + panelCount - 1) / panelCount
        let groups = max(1, min(wanted, count / 96))
        tasks.run(panelCount * groups, on: pool) { task, worker in
            let (panel, group) = (task / groups, task % groups)
            let first = group * count / groups
            let piece = unsafe Piece(
                linear: linear,
                rounds: rounds,
                first: panel * Self.panelRows,
                x: UnsafeRawPointer(rows + first * stride),
                stride: stride,
                count: (group + 1) * count / groups - first,
                y: y + first * linear.rows
            )
            multiply(piece, worker: worker)
        }
    }

    /// One panel and the rows that meet it.
    @safe
    private struct Piece {
        let linear: EncoderLinear
        let rounds: Bool
        /// The matrix's first row in the panel.
        let first: Int
        let x: UnsafeRawPointer
        let stride: Int
        let count: Int
        let y: UnsafeMutablePointer<Float>

        var outputs: Int { min(Int(CK_PANEL_ROWS), linear.rows - first) }
    }

    private func multiply(_ piece: Piece, worker: Int) {
        let kernels = unsafe Kernels.active
        let (linear, outputs) = (piece.linear, piece.outputs)
        let panel = unsafe panels.at(worker * panelSize)
        unsafe kernels.pointee.pack_panel(
            linear.matrix.type,
            linear.matrix.base + piece.first * linear.matrix.bytesPerRow,
            Int64(linear.matrix.bytesPerRow),
            Int64(linear.columns),
            Int64(outputs),
            piece.rounds ? 1 : 0,
            panel
        )
        let isWhole = outputs == Self.panelRows
        let step = isWhole ? piece.count : Self.tileRows
        var row = 0
        while row < piece.count {
            let size = min(step, piece.count - row)
            let target = unsafe piece.y + row * linear.rows + piece.first
            let tile = unsafe tiles.at(worker * Self.tileRows * Self.panelRows)
            let results = unsafe isWhole ? target : tile
            unsafe kernels.pointee.multiply_panel(
                panel,
                Int64(linear.columns),
                piece.rounds ? 1 : 0,
                piece.x + row * piece.stride,
                Int64(piece.stride),
                Int64(size),
                results,
                Int64(isWhole ? linear.rows : Self.panelRows)
            )
            for index in 0..<size {
                let line = unsafe target + index * linear.rows
                if !isWhole {
                    unsafe line.update(from: tile + index * Self.panelRows, count: outputs)
                }
                if linear.matrix.scale != 1 {
                    for column in 0..<outputs { unsafe line[column] *= linear.matrix.scale }
                }
                unsafe linear.output?.clamp(line, count: outputs)
            }
            row += size
        }
    }
}
