import CKernels
import Tensors

/// What a head of a row is to attention.
enum VisionPart {
    case queries
    case keys
    case values
}

/// Attention of all patches over all patches, without a square of them.
///
/// Thread-compatible: rows are stored by any thread, each by one, before `attend` is called.
protocol VisionAttention: AnyObject {
    /// Takes one head of a row.
    func store(_ head: UnsafePointer<Float>, _ part: VisionPart, head index: Int, row: Int)
    /// Attends from every row; false when cancelled.
    func attend(on pool: WorkerPool, isCancelled: () -> Bool) -> Bool
    /// Writes what all heads of a row found, `[heads * headSize]`.
    func read(_ row: Int, into destination: UnsafeMutablePointer<Float>)
}

/// Attention in float32.
@safe
final class ExactVisionAttention: VisionAttention {
    /// Query rows that share unpacked keys.
    private static let rowsPerTask = 32

    private let rows: Int
    private let heads: Int
    private let headSize: Int
    /// The head's size with zeros up to a multiple of 32, as the kernel wants it.
    private let padded: Int
    /// Rows of a head's keys: a multiple of the kernel's chunk.
    private let slots: Int
    /// Shape `[heads, rows, padded]`; attention leaves its results in place.
    private let queries: FloatBuffer
    /// Shape `[heads, slots, padded]`.
    private let keys: FloatBuffer
    private let values: FloatBuffer
    private let scratch: FloatBuffer
    private let scratchSize: Int
    private let from: [Int64]
    private let to: [Int64]
    private let workers = WorkerTasks()

    init(rows: Int, heads: Int, headSize: Int, threads: Int) {
        self.rows = rows
        self.heads = heads
        self.headSize = headSize
        padded = Self.padded(headSize)
        slots = Self.slots(rows)
        queries = FloatBuffer(count: heads * rows * padded)
        keys = FloatBuffer(count: heads * slots * padded)
        values = FloatBuffer(count: heads * slots * padded)
        scratchSize = Self.scratchSize(headSize)
        scratch = FloatBuffer(count: threads * scratchSize)
        from = Array(repeating: 0, count: Self.rowsPerTask)
        to = Array(repeating: Int64(rows), count: Self.rowsPerTask)
    }

    /// Bytes of an instance.
    static func plannedBytes(rows: Int, heads: Int, headSize: Int, threads: Int) -> Int {
        let floats =
            heads * padded(headSize) * (rows + 2 * slots(rows)) + threads * scratchSize(headSize)
        return floats * MemoryLayout<Float>.stride
    }

    private static func padded(_ headSize: Int) -> Int { (headSize + 31) / 32 * 32 }

    private static func slots(_ rows: Int) -> Int {
        let chunk = Int(CK_CHUNK)
        return (rows + chunk - 1) / chunk * chunk
    }

    private static func scratchSize(_ headSize: Int) -> Int {
        Int(ck_attention_scratch(Int64(rowsPerTask), Int64(padded(headSize))))
    }

    func store(_ head: UnsafePointer<Float>, _ part: VisionPart, head index: Int, row: Int) {
        let (buffer, count) =
            switch part {
            case .queries: (queries, rows)
            case .keys: (keys, slots)
            case .values: (values, slots)
            }
        let place = unsafe buffer.at((index * count + row) * padded)
        unsafe place.update(from: head, count: headSize)
        // Attention has left its results where queries stood before.
        unsafe (place + headSize).update(repeating: 0, count: padded - headSize)
    }

    func read(_ row: Int, into destination: UnsafeMutablePointer<Float>) {
        for head in 0..<heads {
            unsafe (destination + head * headSize).update(
                from: queries.at((head * rows + row) * padded),
                count: headSize
            )
        }
    }

    func attend(on pool: WorkerPool, isCancelled: () -> Bool) -> Bool {
        let tasks = (rows + Self.rowsPerTask - 1) / Self.rowsPerTask
        for head in 0..<heads {
            if isCancelled() { return false }
            workers.run(tasks, on: pool) { task, worker in attend(head, task, worker: worker) }
        }
        return true
    }

    private func attend(_ head: Int, _ task: Int, worker: Int) {
        let first = task * Self.rowsPerTask
        let place = unsafe queries.at((head * rows + first) * padded)
        unsafe from.withUnsafeBufferPointer { from in
            unsafe to.withUnsafeBufferPointer { to in
                var block = unsafe ck_attention(
                    type: CK_F32.rawValue,
                    head_size: Int64(padded),
                    group: 1,
                    positions: Int64(min(Self.rowsPerTask, rows - first)),
                    queries: place,
                    query_stride: Int64(padded),
                    from: from.baseAddress,
                    to: to.baseAddress,
                    keys: keys.at(head * slots * padded),
                    values: values.at(head * slots * padded),
                    slots: Int64(slots),
                    scale: 1
                )
                unsafe Kernels.active.pointee.attend(
                    &block,
                    scratch.at(worker * scratchSize),
                    place
                )
            }
        }
    }
}
