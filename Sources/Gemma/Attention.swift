import CKernels
import Tensors

extension TextModel {
    /// Writes the keys and values of a batch into the cache, for rows that will not attend.
    ///
    /// Reads `state.normed`; does nothing on layers that use another layer's.
    func writeKeysAndValues(_ index: Int, positions: [Int], cache: KVCache) {
        let weights = weights.layers[index]
        guard let key = weights.key else { return }
        unsafe MatrixGroup(key, weights.value, nil).multiply(
            state.normed,
            rows: positions.count,
            into: (state.keys.base, state.values.base, state.values.base),
            on: pool
        )
        prepareHeads(index, positions: positions, cache: cache, queries: false, keys: true)
    }

    /// Attends from every row and leaves the projected result in `state.update`.
    ///
    /// Reads `state.normed`. With `writesCache` the rows' keys and values are written first.
    func attend(_ index: Int, _ pass: PassRows, cache: KVCache, writesCache: Bool) {
        let weights = weights.layers[index]
        let positions = pass.positions
        let rows = positions.count
        let writes = writesCache && weights.key != nil
        let inputs = MatrixGroup(
            weights.query,
            writes ? weights.key : nil,
            writes ? weights.value : nil
        )
        unsafe inputs.multiply(
            state.normed,
            rows: rows,
            into: (state.queries.base, state.keys.base, state.values.base),
            on: pool
        )
        prepareHeads(index, positions: positions, cache: cache, queries: true, keys: writes)
        state.begin(
            state.attended,
            columns: weights.output.columns,
            rows: rows,
            for: weights.output.isQuantized
        )
        attendHeads(index, pass, cache: cache)
        unsafe weights.output.multiply(
            state.attended,
            rows: rows,
            into: state.update.base,
            on: pool
        )
    }

    /// Norms and rotates queries in place, and keys and values on their way into the cache.
    private func prepareHeads(
        _ index: Int,
        positions: [Int],
        cache: KVCache,
        queries: Bool,
        keys: Bool
    ) {
        let layer = configuration.layers[index]
        let queryHeads = configuration.queryHeads
        let queryNorm = weights.layers[index].queryNorm
        let keyNorm = weights.layers[index].keyNorm
        let copiesKeys = weights.layers[index].value == nil
        let normsValues = configuration.normsValues
        let epsilon = configuration.normEpsilon
        let size = Int64(layer.headSize)
        let type = cache.format.storageType
        let store = keys ? cache.store(index) : nil
        let state = state
        eachRow(positions.count) { [self] row in
            let kernels = unsafe Kernels.active
            if let store {
                let slot = positions[row] % store.slots
                for head in 0..<layer.keyValueHeads {
                    let offset = (row * layer.keyValueHeads + head) * layer.headSize
                    let key = unsafe state.keys.at(offset)
                    let value = unsafe state.values.at(offset)
                    // The value is then the raw key projection, before its norm and rope.
                    if copiesKeys { unsafe value.update(from: key, count: layer.headSize) }
                    unsafe turn(key, norm: keyNorm, layer: layer, row: row)
                    if normsValues {
                        unsafe kernels.pointee.rms_norm(value, nil, epsilon, value, size)
                    }
                    let place = (head * store.slots + slot) * store.rowSize
                    unsafe kernels.pointee.store(type, key, store.keys + place, size)
                    unsafe kernels.pointee.store(type, value, store.values + place, size)
                }
            }
            guard queries else { return }
            for head in 0..<queryHeads {
                let query = unsafe state.queries.at((row * queryHeads + head) * layer.headSize)
                unsafe turn(query, norm: queryNorm, layer: layer, row: row)
            }
        }
    }

    /// Norms a head in place and rotates it by the angles of its row.
    private func turn(
        _ head: UnsafeMutablePointer<Float>,
        norm: [Float],
        layer: Configuration.Layer,
        row: Int
    ) {
        let kernels = unsafe Kernels.active
        let rope = layer.isSliding ? state.slidingRope : state.globalRope
        let epsilon = configuration.normEpsilon
        unsafe norm.withUnsafeBufferPointer { norm in
            unsafe kernels.pointee.rms_norm(
                head,
                norm.baseAddress,
                epsilon,
                head,
                Int64(layer.headSize)
            )
        }
        unsafe kernels.pointee.rotate(
            head,
            rope.cosines.at(row * rope.half),
            rope.sines.at(row * rope.half),
            Int64(rope.half)
        )
    }

    /// Writes what every query head of every row sees into `state.attended`.
    ///
    /// A block of query rows that share a key-value head reads its keys once. Where there are too
    /// few blocks for the threads, they share the blocks' chunks; the bits are the same.
    private func attendHeads(_ index: Int, _ pass: PassRows, cache: KVCache) {
        let layer = configuration.layers[index]
        let positions = pass.positions
        let rows = AttentionRows(
            scratch: attentionScratch,
            state: state,
            layer: layer,
            queryHeads: configuration.queryHeads,
            scale: configuration.attentionScale,
            positions: positions.count,
            store: cache.store(layer.cacheLayer),
            type: cache.format.storageType
        )
        attentionScratch.see(pass, window: layer.isSliding ? configuration.slidingWindow : nil)
        let tasks = rows.blocks * layer.keyValueHeads
        let shares =
            pool.threadCount > 1 && tasks < 2 * pool.threadCount
            && positions.count <= AttentionScratch.splitLimit
        if shares {
            attendByChunk(rows)
        } else {
            eachTask(tasks) { task, worker in rows.attend(task, worker: worker) }
        }
    }

    private func attendByChunk(_ rows: AttentionRows) {
        let chunks = rows.chunks
        let tasks = rows.blocks * rows.layer.keyValueHeads
        let chunksAtOnce = rows.chunksAtOnce
        var first = chunks.lowerBound
        rows.clearStates()
        while first < chunks.upperBound {
            let wave = first..<min(first + chunksAtOnce, chunks.upperBound)
            eachTask(tasks * wave.count) { task, worker in
                rows.attend(
                    task % tasks,
                    chunk: wave.lowerBound + task / tasks,
                    in: wave,
                    worker: worker
                )
            }
            let isLast = wave.upperBound == chunks.upperBound
            // A handful of short rows is merged sooner than threads are told of it.
            if rows.count * wave.count <= 64 {
                for row in 0..<rows.count { rows.merge(row, wave: wave, finishing: isLast) }
            } else {
                pool.run(rows.count) { row in rows.merge(row, wave: wave, finishing: isLast) }
            }
            first = wave.upperBound
        }
    }

    /// Shares tasks among the threads; `body` is told the task and whose scratch to use.
    private func eachTask(_ count: Int, _ body: (Int, Int) -> Void) {
        attentionScratch.tasks.run(count, on: pool, body)
    }
}

/// The query rows of one layer's attention, cut into tasks.
///
/// A task is a block of positions for one key-value head; its rows are the head's group of query
/// heads at each position. Row `(head * positions + position) * group + query head of the group`.
@safe
private struct AttentionRows {
    let scratch: AttentionScratch
    let state: RunState
    let layer: Configuration.Layer
    let queryHeads: Int
    let scale: Float
    let positions: Int
    let store: KVCache.Store
    let type: UInt32

    var count: Int { positions * queryHeads }
    var group: Int { queryHeads / layer.keyValueHeads }
    var blocks: Int {
        let size = AttentionScratch.positionsPerBlock(group: group)
        return (positions + size - 1) / size
    }
    var partialSize: Int { Int(ck_partial_size(Int64(layer.headSize))) }
    /// Chunks whose partial results fit the scratch.
    var chunksAtOnce: Int { scratch.partials.count / (count * partialSize) }

    /// The chunks that any row sees.
    var chunks: Range<Int> {
        var (first, end) = (Int64.max, Int64(0))
        for position in 0..<positions {
            first = unsafe min(first, scratch.from[position])
            end = unsafe max(end, scratch.to[position])
        }
        let chunk = Int64(CK_CHUNK)
        return Int(first / chunk)..<Int((end + chunk - 1) / chunk)
    }

    /// Attends from the rows of a task over all they see.
    func attend(_ task: Int, worker: Int) {
        var block = unsafe block(task)
        let offset = unsafe block.queries - UnsafePointer(state.queries.base)
        unsafe Kernels.active.pointee.attend(
            &block,
            scratch.worker(worker),
            state.attended.floats.at(offset)
        )
        let columns = head(task) * group * layer.headSize
        for position in unsafe firstPosition(task)..<firstPosition(task) + Int(block.positions) {
            state.attended.quantize(
                position,
                columns: columns..<columns + group * layer.headSize
            )
        }
    }

    /// Leaves the partial results of a task's rows for one chunk of a wave in the scratch.
    func attend(_ task: Int, chunk: Int, in wave: Range<Int>, worker: Int) {
        var block = unsafe block(task)
        let row = head(task) * positions * group + firstPosition(task) * group
        let place = (chunk - wave.lowerBound) * count + row
        unsafe Kernels.active.pointee.attend_chunk(
            &block,
            Int64(chunk),
            scratch.worker(worker),
            scratch.partials.at(place * partialSize)
        )
    }

    func clearStates() {
        for row in 0..<count {
            unsafe scratch.states.at(row * partialSize + layer.headSize)[1] = 0
        }
    }

    /// Merges a row's partial results of a wave in ascending order.
    func merge(_ row: Int, wave: Range<Int>, finishing: Bool) {
        let size = Int64(layer.headSize)
        let kernels = unsafe Kernels.active
        let merged = unsafe scratch.states.at(row * partialSize)
        for chunk in 0..<wave.count {
            let partial = unsafe scratch.partials.at((chunk * count + row) * partialSize)
            unsafe kernels.pointee.merge_partial(merged, partial, size)
        }
        guard finishing else { return }
        let member = row % group
        let position = row / group % positions
        let head = row / group / positions * group + member
        unsafe kernels.pointee.finish_partial(
            merged,
            state.attended.row(position) + head * layer.headSize,
            size
        )
        state.attended.quantize(
            position,
            columns: head * layer.headSize..<(head + 1) * layer.headSize
        )
    }

    private func head(_ task: Int) -> Int { task / blocks }

    private func firstPosition(_ task: Int) -> Int {
        task % blocks * AttentionScratch.positionsPerBlock(group: group)
    }

    private func block(_ task: Int) -> ck_attention {
        let first = firstPosition(task)
        let size = min(AttentionScratch.positionsPerBlock(group: group), positions - first)
        let offset = head(task) * store.slots * store.rowSize
        return unsafe ck_attention(
            type: type,
            head_size: Int64(layer.headSize),
            group: Int64(group),
            positions: Int64(size),
            queries: state.queries.at(
                (first * queryHeads + head(task) * group) * layer.headSize
            ),
            query_stride: Int64(queryHeads * layer.headSize),
            from: scratch.from + first,
            to: scratch.to + first,
            keys: store.keys + offset,
            values: store.values + offset,
            slots: Int64(store.slots),
            scale: scale
        )
    }
}
