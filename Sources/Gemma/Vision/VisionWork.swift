import Media
import Tensors

/// The buffers of one picture on its way through the tower.
struct VisionWork {
    let grid: PatchGrid
    let products: EncoderProducts
    let attention: any VisionAttention
    /// The residual stream, `[patches, D]`.
    let stream: FloatBuffer
    /// `[rows of a block, D]`.
    let normed: FloatBuffer
    let update: FloatBuffer
    /// `[rows of a block, the widest input]`.
    let gate: FloatBuffer
    let up: FloatBuffer
    let pool: WorkerPool
    let isCancelled: () -> Bool

    init(
        _ tower: VisionTower,
        _ grid: PatchGrid,
        pool: WorkerPool,
        precision: Precision,
        isCancelled: @escaping () -> Bool
    ) {
        self.grid = grid
        self.pool = pool
        self.isCancelled = isCancelled
        let rows = min(grid.count, EncoderProducts.blockSize)
        products = EncoderProducts(
            pool: pool,
            precision: precision,
            rows: rows,
            columns: tower.widest
        )
        attention = tower.attention(
            rows: grid.count,
            threads: pool.threadCount,
            precision: precision
        )
        stream = FloatBuffer(count: grid.count * tower.width)
        normed = FloatBuffer(count: rows * tower.width)
        update = FloatBuffer(count: rows * tower.width)
        gate = FloatBuffer(count: rows * tower.widest)
        up = FloatBuffer(count: rows * tower.widest)
    }

    /// Calls `body` for blocks of consecutive rows; false when cancelled.
    func eachBlock(_ body: (Range<Int>) -> Void) -> Bool {
        var start = 0
        while start < grid.count {
            if isCancelled() { return false }
            let end = min(start + EncoderProducts.blockSize, grid.count)
            body(start..<end)
            start = end
        }
        return true
    }
}
