import CKernels
import Tensors

/// Attention of all patches over all patches whose inputs are rounded to bfloat16.
///
/// Thread-compatible: rows are stored by any thread, each by one, before `attend` is called.
@safe
final class RoundedVisionAttention: VisionAttention {
    private static let rowsPerTask = Int(CK_ALL_ROWS)

    private let rows: Int
    private let heads: Int
    private let headSize: Int
    /// Rows filled up to what the kernel reads at once.
    private let slots: Int
    /// Floats that a number of keys, values and queries takes: one, or half of one.
    private let numberSize: Int
    /// Shape `[heads, rows, headSize]`.
    private let queries: FloatBuffer
    /// Shape `[heads, slots / 64, headSize, 64]`, columns in the order of the kernel.
    private let keys: FloatBuffer
    /// Shape `[heads, slots, width]`, likewise.
    private let values: FloatBuffer
    private let width: Int
    /// Shape `[rows, heads * headSize]`.
    private let attended: FloatBuffer
    private let scratch: FloatBuffer
    private let scratchSize: Int
    private let tasks = WorkerTasks()

    init(rows: Int, heads: Int, headSize: Int, threads: Int) {
        self.rows = rows
        self.heads = heads
        self.headSize = headSize
        numberSize = unsafe Int(Kernels.active.pointee.rounded_size)
        slots = Self.slots(rows)
        width = Self.width(headSize)
        let size = numberSize
        func numbers(_ count: Int) -> FloatBuffer { FloatBuffer(count: (count * size + 3) / 4) }
        queries = numbers(heads * rows * headSize)
        keys = numbers(heads * slots * headSize)
        values = numbers(heads * slots * width)
        attended = FloatBuffer(count: rows * heads * headSize)
        scratchSize = Int(ck_attend_all_scratch(Int64(headSize)))
        scratch = FloatBuffer(count: threads * scratchSize)
    }

    /// Bytes of an instance.
    static func plannedBytes(rows: Int, heads: Int, headSize: Int, threads: Int) -> Int {
        let size = unsafe Int(Kernels.active.pointee.rounded_size)
        let numbers = heads * (rows * headSize + slots(rows) * (headSize + width(headSize)))
        let floats =
            rows * heads * headSize + threads * Int(ck_attend_all_scratch(Int64(headSize)))
        return numbers * size + floats * MemoryLayout<Float>.stride
    }

    private static func slots(_ rows: Int) -> Int {
        let step = Int(CK_ALL_KEYS)
        return (rows + step - 1) / step * step
    }

    private static func width(_ headSize: Int) -> Int { (headSize + 15) / 16 * 16 }

    /// The address of number `index` of a buffer.
    private func place(_ buffer: FloatBuffer, _ index: Int) -> UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(buffer.base) + index * numberSize
    }

    func store(_ head: UnsafePointer<Float>, _ part: VisionPart, head index: Int, row: Int) {
        let kernels = unsafe Kernels.active
        let size = Int64(headSize)
        switch part {
        case .queries:
            let target = unsafe place(queries, (index * rows + row) * headSize)
            unsafe kernels.pointee.prepare_row(head, size, -.infinity, .infinity, 1, target)
        case .keys:
            let target = unsafe place(keys, index * slots * headSize)
            unsafe kernels.pointee.place_key(head, size, Int64(row), target)
        case .values:
            let target = unsafe place(values, index * slots * width)
            unsafe kernels.pointee.place_value(head, size, Int64(row), target)
        }
    }

    func read(_ row: Int, into destination: UnsafeMutablePointer<Float>) {
        let count = heads * headSize
        unsafe destination.update(from: attended.at(row * count), count: count)
    }

    func attend(on pool: WorkerPool, isCancelled: () -> Bool) -> Bool {
        for head in 0..<heads {
            if isCancelled() { return false }
            let count = (rows + Self.rowsPerTask - 1) / Self.rowsPerTask
            tasks.run(count, on: pool) { task, worker in
                let first = task * Self.rowsPerTask
                unsafe Kernels.active.pointee.attend_all(
                    place(queries, (head * rows + first) * headSize),
                    Int64(headSize * numberSize),
                    Int64(min(Self.rowsPerTask, rows - first)),
                    Int64(headSize),
                    place(keys, head * slots * headSize),
                    place(values, head * slots * width),
                    Int64(rows),
                    scratch.at(worker * scratchSize),
                    attended.at((first * heads + head) * headSize),
                    Int64(heads * headSize)
                )
            }
        }
        return true
    }
}
