import CKernels
import Tensors

extension AudioTower {
    /// Attends from every position over the last twelve and adds the result to the stream.
    func attend(_ layer: Layer, _ work: AudioWork) {
        norm(work.stream, layer.attentionNorm, into: work.normed, work)
        work.products.multiply(layer.query, work.normed, count: work.count, into: work.queries)
        work.products.multiply(layer.key, work.normed, count: work.count, into: work.keys)
        work.products.multiply(layer.value, work.normed, count: work.count, into: work.values)
        work.products.multiply(
            layer.relativeKey,
            work.waves,
            count: Self.reach,
            into: work.relative
        )
        work.pool.run(work.count) { row in
            let queries = unsafe work.queries.at(row * width)
            let keys = unsafe work.keys.at(row * width)
            for head in 0..<headCount {
                for index in 0..<headSize {
                    unsafe queries[head * headSize + index] *= layer.queryScale[index]
                    unsafe keys[head * headSize + index] *= layer.keyScale[index]
                }
            }
        }
        work.pool.run(work.count) { row in
            let count = min(row + 1, Self.reach)
            for head in 0..<headCount {
                let start = (row - count + 1) * width + head * headSize
                unsafe Kernels.active.pointee.attend_near(
                    work.queries.at(row * width + head * headSize),
                    work.keys.at(start),
                    work.values.at(start),
                    Int64(width),
                    work.relative.at(head * headSize),
                    Int64(width),
                    Int64(count),
                    Int64(headSize),
                    Self.softCap,
                    work.normed.at(row * width + head * headSize)
                )
            }
        }
        work.products.multiply(layer.output, work.normed, count: work.count, into: work.update)
        add(layer.attentionPostNorm, scale: 1, work)
    }
}
