package import GGUF

/// The numbers of a model, all read from its file.
package struct Configuration: Sendable, Hashable {
    package enum Family: String, Sendable, Hashable {
        case gemma3
        case gemma4
    }

    /// What one decoder layer is like.
    package struct Layer: Sendable, Hashable {
        /// Attends to the last `slidingWindow` positions only.
        package var isSliding: Bool
        package var headSize: Int
        package var keyValueHeads: Int
        package var feedForwardSize: Int
        /// The layer whose keys and values this one reads: itself, or an earlier one of its kind.
        package var cacheLayer: Int
    }

    package struct Experts: Sendable, Hashable {
        package var count: Int
        package var usedCount: Int
        package var feedForwardSize: Int
    }

    package var family: Family
    package var name: String
    package var contextLength: Int
    /// Width of the residual stream, d.
    package var embeddingSize: Int
    package var vocabularySize: Int
    package var queryHeads: Int
    package var layers: [Layer]
    package var normEpsilon: Float
    package var slidingWindow: Int
    package var ropeBaseGlobal: Double
    package var ropeBaseSliding: Double
    /// Positions on global layers are divided by this.
    package var ropeScaleGlobal: Double
    package var attentionScale: Float
    /// Values are normed per head before they enter the cache.
    package var normsValues: Bool
    /// 0 means none.
    package var logitSoftCap: Float
    /// Width of a layer's per-layer embedding, P; 0 means the model has none.
    package var perLayerSize: Int
    package var experts: Experts?

    /// Layers that fill the cache; the rest only read it.
    package var cachedLayerCount: Int {
        (layers.indices.last { layers[$0].cacheLayer == $0 } ?? -1) + 1
    }

    /// In sliding layers a picture's rows see each other whatever their order.
    ///
    /// Files do not say so: the models without per-layer embeddings were taught that way.
    package var spansSeeAhead: Bool { family == .gemma4 && perLayerSize == 0 }

    /// Bytes that keys and values of one token may take; the largest model takes 4 MB.
    ///
    /// With this and the limit of the context, what a cache takes is a number that an `Int` holds.
    private static let largestCacheRow = 1 << 28

    /// Four times Gemma's.
    private static let largestVocabulary = 1 << 20

    /// Reads a model's numbers.
    ///
    /// Tensor shapes are checked against them in `Weights`.
    /// - Throws: `ModelError` naming the key that is missing or wrong.
    package init(file: GGUFFile) throws(ModelError) {
        if let parts = file.metadata["split.count"]?.intValue, parts > 1 {
            let number = file.metadata["split.no"]?.intValue ?? 0
            throw .partOfModel(path: file.path, number: number &+ 1, count: parts)
        }
        let reader = KeyReader(file: file)
        guard let family = Family(rawValue: reader.architecture) else {
            throw .unsupportedArchitecture(path: file.path, name: reader.architecture)
        }
        self.family = family
        name = file.metadata["general.name"]?.stringValue ?? family.rawValue
        let layerCount = try reader.size("block_count", limit: 4096)
        contextLength = try reader.size("context_length", limit: 1 << 30)
        embeddingSize = try reader.size("embedding_length", limit: 1 << 20)
        guard let embedding = file.tensor("token_embd.weight"), embedding.shape.count == 2 else {
            throw .missingTensor(path: file.path, name: "token_embd.weight")
        }
        vocabularySize = embedding.shape[1]
        guard vocabularySize <= Self.largestVocabulary else {
            let reason = "has more rows than \(Self.largestVocabulary)"
            throw .badValue(path: file.path, key: "token_embd.weight", reason: reason)
        }
        queryHeads = try reader.size("attention.head_count", limit: 4096)
        normEpsilon = Float(try reader.real("attention.layer_norm_rms_epsilon"))
        slidingWindow = try reader.size("attention.sliding_window", limit: 1 << 24)
        ropeBaseGlobal = try reader.real("rope.freq_base", absent: 1_000_000)
        ropeBaseSliding = try reader.real("rope.freq_base_swa", absent: 10_000)
        ropeScaleGlobal = 1
        guard ropeBaseGlobal > 0, ropeBaseSliding > 0 else {
            throw reader.bad("rope.freq_base", "is not positive")
        }
        perLayerSize = 0
        experts = nil

        let headSize = try reader.size("attention.key_length", limit: 1 << 16)
        guard try reader.size("attention.value_length", limit: 1 << 16) == headSize else {
            throw reader.bad("attention.value_length", "differs from attention.key_length")
        }
        let keyValueHeads = try reader.perLayer(
            "attention.head_count_kv",
            count: layerCount,
            limit: 4096
        )
        let feedForward = try reader.perLayer(
            "feed_forward_length",
            count: layerCount,
            limit: 1 << 22
        )
        var slidingHeadSize = headSize
        var shared = 0
        let sliding: [Bool]
        switch family {
        case .gemma4:
            slidingHeadSize = try reader.size("attention.key_length_swa", limit: 1 << 16)
            shared = try reader.count("attention.shared_kv_layers", absent: 0)
            guard shared < layerCount else {
                throw reader.bad("attention.shared_kv_layers", "leaves no layer to share from")
            }
            perLayerSize = try reader.count("embedding_length_per_layer_input", absent: nil)
            guard perLayerSize <= 1 << 16 else {
                throw reader.bad("embedding_length_per_layer_input", "is too large")
            }
            sliding = try reader.slidingPattern(count: layerCount)
            attentionScale = 1
            normsValues = true
            logitSoftCap = Float(try reader.real("final_logit_softcapping", absent: 30))
            if file.tensor("blk.0.ffn_gate_inp.weight") != nil {
                experts = Experts(
                    count: try reader.size("expert_count", limit: 1 << 16),
                    usedCount: try reader.size("expert_used_count", limit: 1 << 16),
                    feedForwardSize: try reader.perLayer(
                        "expert_feed_forward_length",
                        count: layerCount,
                        limit: 1 << 22
                    )[0]
                )
                if let experts, experts.usedCount > experts.count {
                    throw reader.bad("expert_used_count", "is more than expert_count")
                }
            }
        case .gemma3:
            sliding = try reader.slidingPattern(count: layerCount, absentPeriod: 6)
            // The 27B model alone scales by the width a head would have, d / H, not by its own.
            let scaleSize =
                layerCount == 62 ? embeddingSize / queryHeads : headSize
            attentionScale = 1 / Float(max(scaleSize, 1)).squareRoot()
            normsValues = false
            logitSoftCap = Float(try reader.real("final_logit_softcapping", absent: 0))
            if file.metadata["gemma3.rope.scaling.type"]?.stringValue == "linear" {
                ropeScaleGlobal = try reader.real("rope.scaling.factor", absent: 1)
                guard ropeScaleGlobal > 0 else {
                    throw reader.bad("rope.scaling.factor", "is not positive")
                }
            }
        }

        let producers = layerCount - shared
        var layers: [Layer] = []
        for index in 0..<layerCount {
            var source = index
            if index >= producers {
                guard let last = sliding[..<producers].lastIndex(of: sliding[index]) else {
                    throw reader.bad(
                        "attention.shared_kv_layers",
                        "leaves layer \(index) nothing to share"
                    )
                }
                source = last
            }
            layers.append(
                Layer(
                    isSliding: sliding[index],
                    headSize: sliding[index] ? slidingHeadSize : headSize,
                    keyValueHeads: keyValueHeads[index],
                    feedForwardSize: feedForward[index],
                    cacheLayer: source
                )
            )
        }
        for (index, layer) in layers.enumerated() {
            let source = layers[layer.cacheLayer]
            guard layer.headSize % 32 == 0, layer.headSize > 0 else {
                throw reader.bad("attention.key_length", "is not a multiple of 32")
            }
            guard layer.keyValueHeads > 0, queryHeads % source.keyValueHeads == 0 else {
                throw reader.bad(
                    "attention.head_count_kv",
                    "does not divide the query heads of layer \(index)"
                )
            }
        }
        let rowBytes = layers.reduce(0) { $0 + 2 * $1.keyValueHeads * $1.headSize * 4 }
        guard rowBytes <= Self.largestCacheRow else {
            throw reader.bad(
                "attention.head_count_kv",
                "makes a cache of \(rowBytes) bytes a token"
            )
        }
        self.layers = layers
        // Shared layers follow their producer's head count, whatever the file says of them.
        for index in layers.indices {
            self.layers[index].keyValueHeads = layers[layers[index].cacheLayer].keyValueHeads
        }
    }
}
