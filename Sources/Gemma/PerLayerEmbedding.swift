import CKernels
import Foundation
import Tensors

/// e^x in single precision.
func exponential(_ x: Float) -> Float { exp(x) }

extension TextModel {
    /// Computes the per-layer embeddings of these layers for every row, `[rows, layers * P]`.
    ///
    /// `ple = (rms(projection(x) / sqrt(d), norm) + table[token] * sqrt(P)) / sqrt(2)`, x being the
    /// scaled token embedding.
    func preparePerLayer(_ ids: [Int32], layers: Range<Int>) {
        let c = configuration
        let p = c.perLayerSize
        guard p > 0, !layers.isEmpty, let table = weights.perLayerTable,
            let projection = weights.perLayerProjection
        else { return }
        let width = layers.count * p
        let slice = projection.slice(layers.lowerBound * p..<layers.upperBound * p)
        state.begin(
            state.normed,
            columns: c.embeddingSize,
            rows: ids.count,
            for: slice.isQuantized
        )
        eachRow(ids.count) { row in
            unsafe state.normed.row(row).update(
                from: state.embedded.at(row * c.embeddingSize),
                count: c.embeddingSize
            )
            state.normed.quantize(row)
        }
        unsafe slice.multiply(state.normed, rows: ids.count, into: state.perLayer.base, on: pool)
        let inverseRoot = 1 / Float(c.embeddingSize).squareRoot()
        eachRow(ids.count) { row in
            let token = Int(ids[row]) < table.rows ? Int(ids[row]) : 0
            for layer in layers {
                let place = unsafe state.perLayer.at(row * width + (layer - layers.lowerBound) * p)
                for column in 0..<p { unsafe place[column] *= inverseRoot }
                unsafe addTableEntry(table, token, layer, to: place)
            }
        }
    }

    /// `x = (rms(x, norm) + table[token, layer] * sqrt(P)) / sqrt(2)`, x being `[P]`.
    private func addTableEntry(
        _ table: Matrix,
        _ token: Int,
        _ layer: Int,
        to x: UnsafeMutablePointer<Float>
    ) {
        let p = configuration.perLayerSize
        let scale = Float(p).squareRoot()
        let half = Float(0.5).squareRoot()
        unsafe weights.perLayerNorm.withUnsafeBufferPointer { norm in
            unsafe Kernels.active.pointee.rms_norm(
                x,
                norm.baseAddress,
                configuration.normEpsilon,
                x,
                Int64(p)
            )
        }
        // Whole blocks are read; where a layer's part begins inside one, from the block's start.
        let block = table.blockSize
        let start = layer * p / block * block
        let end = ((layer + 1) * p + block - 1) / block * block
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: end - start) { buffer in
            guard let base = buffer.baseAddress else { return }
            unsafe table.readRow(token, columns: start..<end, into: base)
            let entry = unsafe base + (layer * p - start)
            for column in 0..<p { unsafe x[column] = (x[column] + entry[column] * scale) * half }
        }
    }

    /// Adds `rms(projection(gelu(gate y) * ple), postNorm)` to the stream y.
    func applyPerLayer(_ gate: Weights.PerLayerGate, _ index: Int, rows: Int) {
        let p = configuration.perLayerSize
        // The buffer holds the layers of one phase: those that fill the cache, or the rest.
        let producers = configuration.cachedLayerCount
        let (first, count) =
            index < producers ? (0, producers) : (producers, configuration.layers.count - producers)
        let d = configuration.embeddingSize
        state.begin(state.normed, columns: d, rows: rows, for: gate.gate.isQuantized)
        eachRow(rows) { row in
            unsafe state.normed.row(row).update(from: state.stream.at(row * d), count: d)
            state.normed.quantize(row)
        }
        state.begin(state.perLayerGate, columns: p, rows: rows, for: gate.projection.isQuantized)
        unsafe gate.gate.multiply(
            state.normed,
            rows: rows,
            into: state.perLayerGate.floats.base,
            on: pool
        )
        eachRow(rows) { row in
            unsafe Kernels.active.pointee.gelu_multiply(
                state.perLayerGate.row(row),
                state.perLayer.at((row * count + index - first) * p),
                Int64(p)
            )
            state.perLayerGate.quantize(row)
        }
        unsafe gate.projection.multiply(
            state.perLayerGate,
            rows: rows,
            into: state.update.base,
            on: pool
        )
        addNormed(gate.postNorm, rows: rows)
    }
}
