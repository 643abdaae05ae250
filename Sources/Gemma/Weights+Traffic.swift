import Tensors

extension Weights {
    /// Bytes of weights that one generated token reads.
    ///
    /// Every matrix counts once, of the experts as many as a token uses, and of the embedding tables
    /// the token's row. Norms are a few kilobytes and not counted.
    package func bytesPerToken(_ configuration: Configuration) -> Int {
        var bytes = embedding.bytesPerRow + (perLayerTable?.bytesPerRow ?? 0)
        for matrix in [head, perLayerProjection].compactMap({ $0 }) { bytes += matrix.byteCount }
        let used = configuration.experts?.usedCount ?? 0
        for layer in layers {
            for matrix in Self.matrices(layer) { bytes += matrix.byteCount }
            guard let experts = layer.experts else { continue }
            bytes += experts.router.byteCount
            for stack in [experts.gates, experts.ups, experts.downs] {
                bytes += used * (stack.first?.byteCount ?? 0)
            }
        }
        return bytes
    }

    /// GGUF's type id of most bytes in the layers, which is what a file is called by.
    package var predominantType: UInt32 {
        var bytes: [UInt32: Int] = [:]
        for layer in layers {
            var matrices = Self.matrices(layer)
            if let experts = layer.experts {
                matrices += experts.gates + experts.ups + experts.downs
            }
            for matrix in matrices { bytes[matrix.type, default: 0] += matrix.byteCount }
        }
        return bytes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? head.type
    }

    /// The matrices of a layer that every token goes through.
    private static func matrices(_ layer: Layer) -> [Matrix] {
        let optional = [layer.key, layer.value, layer.perLayer?.gate, layer.perLayer?.projection]
        return [layer.query, layer.output, layer.gate, layer.up, layer.down]
            + optional.compactMap { $0 }
    }
}
