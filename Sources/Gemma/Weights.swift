package import GGUF
package import Tensors

/// Every tensor of a model, checked against its configuration and left where the file is mapped.
package struct Weights: Sendable {
    /// The per-layer-embedding gate of one layer.
    package struct PerLayerGate: Sendable {
        /// Shape `[P, d]`.
        package var gate: Matrix
        /// Shape `[d, P]`.
        package var projection: Matrix
        /// Shape `[d]`.
        package var postNorm: [Float]
    }

    /// The mixture of experts that stands beside a layer's dense branch.
    package struct ExpertBlock: Sendable {
        /// Shape `[experts, d]`.
        package var router: Matrix
        /// Shape `[d]`, already divided by sqrt(d).
        package var routerScale: [Float]
        /// `[ff, d]` and `[d, ff]` an expert.
        package var gates: [Matrix]
        package var ups: [Matrix]
        package var downs: [Matrix]
        package var preNorm: [Float]
        package var densePostNorm: [Float]
        package var postNorm: [Float]
    }

    package struct Layer: Sendable {
        package var attentionNorm: [Float]
        /// Shape `[H * hd, d]`.
        package var query: Matrix
        /// `[Hkv * hd, d]`; nil on layers that read another layer's cache.
        package var key: Matrix?
        /// Nil where the value is the raw key projection.
        package var value: Matrix?
        /// Shape `[d, H * hd]`.
        package var output: Matrix
        package var queryNorm: [Float]
        package var keyNorm: [Float]
        package var postAttentionNorm: [Float]
        package var feedForwardNorm: [Float]
        package var gate: Matrix
        package var up: Matrix
        package var down: Matrix
        package var postFeedForwardNorm: [Float]
        package var experts: ExpertBlock?
        package var perLayer: PerLayerGate?
        package var outputScale: Float
    }

    /// Keeps mapped what every matrix points into.
    private let file: GGUFFile
    /// `[V, d]`, also the output head unless the file has one of its own.
    package var embedding: Matrix
    package var head: Matrix
    package var outputNorm: [Float]
    /// `[V, L * P]`, `[L * P, d]` and `[P]` where the model has per-layer embeddings.
    package var perLayerTable: Matrix?
    package var perLayerProjection: Matrix?
    package var perLayerNorm: [Float]
    /// Divisors of the global layers' rope frequencies, `[hd / 2]`.
    package var ropeFactors: [Float]
    package var layers: [Layer]

    /// Looks every tensor up and checks its shape.
    /// - Throws: `ModelError` naming the tensor that is missing or misshapen.
    package init(file: GGUFFile, configuration c: Configuration) throws(ModelError) {
        self.file = file
        let reader = TensorReader(file: file)
        let d = c.embeddingSize
        embedding = try reader.matrix("token_embd.weight", d, c.vocabularySize)
        head = try reader.optionalMatrix("output.weight", d, c.vocabularySize) ?? embedding
        outputNorm = try reader.vector("output_norm.weight", d)
        perLayerTable = nil
        perLayerProjection = nil
        perLayerNorm = []
        let p = c.perLayerSize
        if p > 0 {
            let width = p * c.layers.count
            guard let info = file.tensor("per_layer_token_embd.weight"), info.shape.count == 2
            else {
                throw .missingTensor(path: file.path, name: "per_layer_token_embd.weight")
            }
            // Rows of the table may be fewer than the vocabulary; missing ones read as the pad row.
            perLayerTable = try reader.matrix(
                "per_layer_token_embd.weight",
                width,
                info.shape[1]
            )
            perLayerProjection = try reader.matrix("per_layer_model_proj.weight", d, width)
            perLayerNorm = try reader.vector("per_layer_proj_norm.weight", p)
        }
        let globalSize = c.layers.first { !$0.isSliding }?.headSize
        ropeFactors = Array(repeating: 1, count: (globalSize ?? 0) / 2)
        if let globalSize, file.tensor("rope_freqs.weight") != nil {
            ropeFactors = try reader.vector("rope_freqs.weight", globalSize / 2)
        }
        var layers: [Layer] = []
        for index in c.layers.indices {
            layers.append(try Self.layer(reader, c, index))
        }
        self.layers = layers
    }

    private static func layer(
        _ reader: TensorReader,
        _ c: Configuration,
        _ index: Int
    ) throws(ModelError) -> Layer {
        let layer = c.layers[index]
        let d = c.embeddingSize
        let ff = layer.feedForwardSize
        let queryWidth = c.queryHeads * layer.headSize
        let cacheWidth = layer.keyValueHeads * layer.headSize
        let caches = layer.cacheLayer == index
        func name(_ suffix: String) -> String { "blk.\(index).\(suffix)" }

        let query: Matrix
        var key: Matrix?
        var value: Matrix?
        if let fused = try reader.optionalMatrix(
            name("attn_qkv.weight"),
            d,
            queryWidth + 2 * cacheWidth
        ) {
            query = fused.slice(0..<queryWidth)
            key = fused.slice(queryWidth..<(queryWidth + cacheWidth))
            value = fused.slice((queryWidth + cacheWidth)..<fused.rows)
        } else {
            query = try reader.matrix(name("attn_q.weight"), d, queryWidth)
            if caches {
                key = try reader.matrix(name("attn_k.weight"), d, cacheWidth)
                value = try reader.optionalMatrix(name("attn_v.weight"), d, cacheWidth)
                if value == nil, c.family == .gemma3 || layer.isSliding {
                    throw .missingTensor(path: reader.file.path, name: name("attn_v.weight"))
                }
            }
        }
        var perLayer: PerLayerGate?
        if c.perLayerSize > 0 {
            perLayer = PerLayerGate(
                gate: try reader.matrix(name("inp_gate.weight"), d, c.perLayerSize),
                projection: try reader.matrix(name("proj.weight"), c.perLayerSize, d),
                postNorm: try reader.vector(name("post_norm.weight"), d)
            )
        }
        return Layer(
            attentionNorm: try reader.vector(name("attn_norm.weight"), d),
            query: query,
            key: caches ? key : nil,
            value: caches ? value : nil,
            output: try reader.matrix(name("attn_output.weight"), queryWidth, d),
            queryNorm: try reader.vector(name("attn_q_norm.weight"), layer.headSize),
            keyNorm: caches ? try reader.vector(name("attn_k_norm.weight"), layer.headSize) : [],
            postAttentionNorm: try reader.vector(name("post_attention_norm.weight"), d),
            feedForwardNorm: try reader.vector(name("ffn_norm.weight"), d),
            gate: try reader.matrix(name("ffn_gate.weight"), d, ff),
            up: try reader.matrix(name("ffn_up.weight"), d, ff),
            down: try reader.matrix(name("ffn_down.weight"), ff, d),
            postFeedForwardNorm: try reader.vector(name("post_ffw_norm.weight"), d),
            experts: try experts(reader, c, index),
            perLayer: perLayer,
            outputScale: try reader.optionalVector(name("layer_output_scale.weight"), 1)?[0] ?? 1
        )
    }

    private static func experts(
        _ reader: TensorReader,
        _ c: Configuration,
        _ index: Int
    ) throws(ModelError) -> ExpertBlock? {
        guard let experts = c.experts else { return nil }
        let d = c.embeddingSize
        let ff = experts.feedForwardSize
        let count = experts.count
        func name(_ suffix: String) -> String { "blk.\(index).\(suffix)" }
        var gates: [Matrix]
        var ups: [Matrix]
        if let fused = try reader.optionalStack(name("ffn_gate_up_exps"), d, 2 * ff, count) {
            gates = fused.map { $0.slice(0..<ff) }
            ups = fused.map { $0.slice(ff..<(2 * ff)) }
        } else {
            gates = try reader.stack(name("ffn_gate_exps"), d, ff, count)
            ups = try reader.stack(name("ffn_up_exps"), d, ff, count)
        }
        let inverseRoot = 1 / Float(d).squareRoot()
        return ExpertBlock(
            router: try reader.matrix(name("ffn_gate_inp.weight"), d, count, scaled: false),
            routerScale: try reader.vector(name("ffn_gate_inp.scale"), d).map { $0 * inverseRoot },
            gates: gates,
            ups: ups,
            downs: try reader.stack(name("ffn_down_exps"), ff, d, count),
            preNorm: try reader.vector(name("pre_ffw_norm_2.weight"), d),
            densePostNorm: try reader.vector(name("post_ffw_norm_1.weight"), d),
            postNorm: try reader.vector(name("post_ffw_norm_2.weight"), d)
        )
    }
}
