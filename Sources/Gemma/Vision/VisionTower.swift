import GGUF
import Media
import Tensors

/// Gemma 4's picture tower (gemma4v): patches of 16 pixels through layers in which all see all.
final class VisionTower {
    struct Layer {
        var attentionNorm: [Float]
        var query: EncoderLinear
        var key: EncoderLinear
        var value: EncoderLinear
        var output: EncoderLinear
        var queryNorm: [Float]
        var keyNorm: [Float]
        var attentionPostNorm: [Float]
        var feedForwardNorm: [Float]
        var gate: EncoderLinear
        var up: EncoderLinear
        var down: EncoderLinear
        var feedForwardPostNorm: [Float]
        /// One factor, or one for each number of the stream; multiplied onto what the layer leaves.
        var scale: [Float]?
    }

    /// Pixels of a patch's side.
    static let patchSide = 16
    /// Patches of a soft token's side.
    static let pool = 3
    static let ropeBase = 100.0

    /// Width of the stream, D.
    let width: Int
    let headSize: Int
    let feedForwardSize: Int
    let patches: EncoderLinear
    /// Shape `[2 * positions, D]`: columns, then rows.
    let positions: Matrix
    let layers: [Layer]
    /// What pooled patches are standardised with, in the large towers.
    let standardBias: [Float]?
    let standardScale: [Float]?
    let projector: EncoderLinear
    let projectorNorm: [Float]?

    var headCount: Int { width / headSize }

    init(_ reader: EncoderReader, textWidth: Int) throws(ModelError) {
        let patches = try reader.patches(side: Self.patchSide)
        let width = patches.rows
        try reader.check("patch_size", is: Self.patchSide)
        try reader.check("projector.scale_factor", is: Self.pool)
        let headSize = try reader.shape("v.blk.0.attn_q_norm.weight", axes: 1)[0]
        guard width % headSize == 0, headSize % 4 == 0, headSize <= 1024 else {
            throw reader.keys.bad(
                "vision.attention.head_count",
                "cannot be known: heads of \(headSize) do not make a width of \(width)"
            )
        }
        try reader.check("attention.head_count", is: width / headSize)
        let feedForward = try reader.shape("v.blk.0.ffn_gate.weight", axes: 2)[1]
        try reader.check("feed_forward_length", is: feedForward)
        self.width = width
        self.headSize = headSize
        feedForwardSize = feedForward
        self.patches = EncoderLinear(matrix: patches)
        positions = try reader.positions(width: width)
        let count = try reader.blockCount("v", knownBy: "ln1.weight")
        var layers: [Layer] = []
        for index in 0..<count {
            layers.append(
                try Self.layer(reader, index, width, headSize: headSize, inner: feedForward)
            )
        }
        self.layers = layers
        standardBias = try reader.optionalVector("v.std_bias", width)
        standardScale = try reader.optionalVector("v.std_scale", width)
        let name = "mm.input_projection"
        projector = try reader.projector(name, width, textWidth: textWidth)
        projectorNorm = try reader.optionalVector("mm.soft_emb_norm.weight", width)
    }

    private static func layer(
        _ reader: EncoderReader,
        _ index: Int,
        _ width: Int,
        headSize: Int,
        inner: Int
    ) throws(ModelError) -> Layer {
        let block = "v.blk.\(index)"
        var scale = reader.file.tensor("\(block).out_scale.weight")?.elementCount
        if scale != 1, scale != nil { scale = width }
        return Layer(
            attentionNorm: try reader.vector("\(block).ln1.weight", width),
            query: try reader.linear("\(block).attn_q", width, width),
            key: try reader.linear("\(block).attn_k", width, width),
            value: try reader.linear("\(block).attn_v", width, width),
            output: try reader.linear("\(block).attn_out", width, width),
            queryNorm: try reader.vector("\(block).attn_q_norm.weight", headSize),
            keyNorm: try reader.vector("\(block).attn_k_norm.weight", headSize),
            attentionPostNorm: try reader.vector("\(block).attn_post_norm.weight", width),
            feedForwardNorm: try reader.vector("\(block).ln2.weight", width),
            gate: try reader.linear("\(block).ffn_gate", width, inner),
            up: try reader.linear("\(block).ffn_up", width, inner),
            down: try reader.linear("\(block).ffn_down", inner, width),
            feedForwardPostNorm: try reader.vector("\(block).ffn_post_norm.weight", width),
            scale: try reader.optionalVector("\(block).out_scale.weight", scale ?? 1)
        )
    }
}
