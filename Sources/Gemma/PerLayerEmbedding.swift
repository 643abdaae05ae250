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
        unsafe slice.multiply(
            state.embedded.base,
            rows: ids.count,
            into: state.perLayer.base,
            on: pool
        )
        let inverseRoot = 1 / Float(c.embeddingSize).squareRoot()
        let tableScale = Float(p).squareRoot()
        let half = Float(0.5).squareRoot()
        let norm = weights.perLayerNorm
        let epsilon = c.normEpsilon
        let first = layers.lowerBound * p
        eachRow(ids.count) { [state] row in
            let token = Int(ids[row]) < table.rows ? Int(ids[row]) : 0
            unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: table.columns) {
                buffer in
                guard let stored = buffer.baseAddress else { return }
                unsafe table.readRow(token, into: stored)
                for layer in 0..<(width / p) {
                    let slice = unsafe state.perLayer.at(row * width + layer * p)
                    for place in 0..<p { unsafe slice[place] *= inverseRoot }
                    unsafe norm.withUnsafeBufferPointer { norm in
                        unsafe Kernels.active.pointee.rms_norm(
                            slice,
                            norm.baseAddress,
                            epsilon,
                            slice,
                            Int64(p)
                        )
                    }
                    for place in 0..<p {
                        let entry = unsafe stored[first + layer * p + place] * tableScale
                        unsafe slice[place] = (slice[place] + entry) * half
                    }
                }
            }
        }
    }

    /// Adds `rms(projection(gelu(gate y) * ple), postNorm)` to the stream y.
    func applyPerLayer(_ gate: Weights.PerLayerGate, _ index: Int, rows: Int) {
        let p = configuration.perLayerSize
        // The buffer holds the layers of one phase: those that fill the cache, or the rest.
        let producers = configuration.cachedLayerCount
        let (first, count) =
            index < producers ? (0, producers) : (producers, configuration.layers.count - producers)
        unsafe gate.gate.multiply(
            state.stream.base,
            rows: rows,
            into: state.perLayerGate.base,
            on: pool
        )
        eachRow(rows) { [state] row in
            unsafe Kernels.active.pointee.gelu_multiply(
                state.perLayerGate.at(row * p),
                state.perLayer.at((row * count + index - first) * p),
                Int64(p)
            )
        }
        unsafe gate.projection.multiply(
            state.perLayerGate.base,
            rows: rows,
            into: state.update.base,
            on: pool
        )
        norm(state.update, gate.postNorm, into: state.update, rows: rows)
        add(state.update, rows: rows)
    }
}
