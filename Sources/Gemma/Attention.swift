import CKernels
import Tensors

extension TextModel {
    /// Projects, norms and rotates the keys and values of a batch into the cache.
    ///
    /// Reads `state.normed`; does nothing on layers that use another layer's.
    func writeKeysAndValues(_ index: Int, positions: [Int], cache: KVCache) {
        guard let keyWeights = weights.layers[index].key else { return }
        let layer = configuration.layers[index]
        let weights = weights.layers[index]
        let state = state
        let headSize = layer.headSize
        let heads = layer.keyValueHeads
        let rows = positions.count
        unsafe keyWeights.multiply(state.normed.base, rows: rows, into: state.keys.base, on: pool)
        if let valueWeights = weights.value {
            unsafe valueWeights.multiply(
                state.normed.base,
                rows: rows,
                into: state.values.base,
                on: pool
            )
        } else {
            // The value is the raw key projection, before its norm and rope.
            unsafe state.values.base.update(from: state.keys.base, count: rows * heads * headSize)
        }
        let rope = layer.isSliding ? state.slidingRope : state.globalRope
        let epsilon = configuration.normEpsilon
        let normsValues = configuration.normsValues
        let store = cache.store(index)
        let type = cache.precision.storageType
        let rowSize = headSize * cache.precision.bytesPerElement
        eachRow(rows) { row in
            let slot = positions[row] % store.slots
            for head in 0..<heads {
                let offset = (row * heads + head) * headSize
                let kernels = unsafe Kernels.active.pointee
                let key = unsafe state.keys.at(offset)
                let value = unsafe state.values.at(offset)
                unsafe weights.keyNorm.withUnsafeBufferPointer { norm in
                    unsafe kernels.rms_norm(key, norm.baseAddress, epsilon, key, Int64(headSize))
                }
                unsafe kernels.rotate(
                    key,
                    rope.cosines.at(row * rope.half),
                    rope.sines.at(row * rope.half),
                    Int64(rope.half)
                )
                if normsValues {
                    unsafe kernels.rms_norm(value, nil, epsilon, value, Int64(headSize))
                }
                let place = (head * store.slots + slot) * rowSize
                unsafe kernels.store(type, key, store.keys + place, Int64(headSize))
                unsafe kernels.store(type, value, store.values + place, Int64(headSize))
            }
        }
    }

    /// Attends from every row and leaves the projected result in `state.update`.
    ///
    /// Reads `state.normed`. The work is shared by row and query head.
    func attend(_ index: Int, positions: [Int], cache: KVCache) {
        let layer = configuration.layers[index]
        let weights = weights.layers[index]
        let state = state
        let headSize = layer.headSize
        let heads = configuration.queryHeads
        let group = heads / layer.keyValueHeads
        let rows = positions.count
        unsafe weights.query.multiply(
            state.normed.base,
            rows: rows,
            into: state.queries.base,
            on: pool
        )
        let rope = layer.isSliding ? state.slidingRope : state.globalRope
        let epsilon = configuration.normEpsilon
        let scale = configuration.attentionScale
        let store = cache.store(layer.cacheLayer)
        let type = cache.precision.storageType
        let headBytes = store.slots * headSize * cache.precision.bytesPerElement
        pool.run(rows * heads) { task in
            let row = task / heads
            let head = task % heads
            let kernels = unsafe Kernels.active.pointee
            let query = unsafe state.queries.at((row * heads + head) * headSize)
            unsafe weights.queryNorm.withUnsafeBufferPointer { norm in
                unsafe kernels.rms_norm(query, norm.baseAddress, epsilon, query, Int64(headSize))
            }
            unsafe kernels.rotate(
                query,
                rope.cosines.at(row * rope.half),
                rope.sines.at(row * rope.half),
                Int64(rope.half)
            )
            let (older, newer) = cache.visible(store, at: positions[row])
            let offset = head / group * headBytes
            unsafe withUnsafeTemporaryAllocation(
                of: Float.self,
                capacity: Int(older.count + newer.count)
            ) { scores in
                unsafe kernels.attend(
                    type,
                    query,
                    1,
                    Int64(headSize),
                    store.keys + offset,
                    store.values + offset,
                    older,
                    newer,
                    scale,
                    scores.baseAddress,
                    state.attended.at((row * heads + head) * headSize)
                )
            }
        }
        unsafe weights.output.multiply(
            state.attended.base,
            rows: rows,
            into: state.update.base,
            on: pool
        )
    }
}
