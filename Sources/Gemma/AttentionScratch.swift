import CKernels
import Tensors

/// What attention needs beside the rows of a batch, made once.
///
/// Thread-compatible: used by one layer at a time, whose workers write disjoint parts.
@safe
final class AttentionScratch: @unchecked Sendable {
    // Proof of `Sendable`: buffers never move; `tasks` is Sendable, and everything else is written
    // before a parallel region begins or by the one worker whose part it is.

    /// Query rows that share unpacked keys, unless one position alone has more.
    private static let rowsPerBlock = 32
    /// Chunks whose partial results of one position fit `partials`.
    private static let chunksAtOnce = 128
    /// Positions up to which the chunks are shared among the threads.
    static let splitLimit = 32

    /// The positions each row sees: `from[row] <= t < to[row]`.
    let from: UnsafeMutablePointer<Int64>
    let to: UnsafeMutablePointer<Int64>
    /// Partial results of a wave of chunks, and what they are merged into.
    let partials: FloatBuffer
    let states: FloatBuffer

    let tasks = WorkerTasks()

    private let workers: FloatBuffer
    private let workerSize: Int
    private let batchSize: Int

    init(configuration: Configuration, batchSize: Int, threads: Int) {
        self.batchSize = batchSize
        unsafe from = .allocate(capacity: batchSize)
        unsafe to = .allocate(capacity: batchSize)
        workerSize = Self.workerSize(configuration)
        workers = FloatBuffer(count: workerSize * threads)
        partials = FloatBuffer(count: Self.chunksAtOnce * Self.positionSize(configuration))
        states = FloatBuffer(count: Self.splitLimit * Self.positionSize(configuration))
    }

    deinit {
        unsafe from.deallocate()
        unsafe to.deallocate()
    }

    /// Bytes of an instance.
    static func plannedBytes(_ configuration: Configuration, batchSize: Int, threads: Int) -> Int {
        let floats =
            workerSize(configuration) * threads
            + (chunksAtOnce + splitLimit) * positionSize(configuration)
        return floats * MemoryLayout<Float>.stride + 2 * batchSize * MemoryLayout<Int64>.stride
    }

    /// Positions whose query rows make a block.
    static func positionsPerBlock(group: Int) -> Int { max(1, rowsPerBlock / group) }

    /// The scratch of one of the threads.
    func worker(_ index: Int) -> UnsafeMutablePointer<Float> {
        unsafe workers.at(index * workerSize)
    }

    /// Notes what the rows see: their own position and all earlier ones, or a window of them and
    /// what follows up to their horizon.
    func see(_ pass: PassRows, window: Int?) {
        precondition(pass.positions.count <= batchSize, "more rows than a batch holds")
        for (row, position) in pass.positions.enumerated() {
            unsafe from[row] = Int64(window.map { max(0, position + 1 - $0) } ?? 0)
            let horizon = window == nil ? nil : pass.horizons?[row]
            unsafe to[row] = Int64(horizon ?? position + 1)
        }
    }

    private static func workerSize(_ configuration: Configuration) -> Int {
        configuration.layers.map { layer in
            let group = configuration.queryHeads / layer.keyValueHeads
            return Int(
                ck_attention_scratch(
                    Int64(positionsPerBlock(group: group) * group),
                    Int64(layer.headSize)
                )
            )
        }.max() ?? 0
    }

    /// Floats of the partial results of all query heads at one position.
    private static func positionSize(_ configuration: Configuration) -> Int {
        let headSize = configuration.layers.map(\.headSize).max() ?? 0
        return configuration.queryHeads * Int(ck_partial_size(Int64(headSize)))
    }
}
