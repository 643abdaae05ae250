import Foundation
import GGUF
import Tensors

/// Gemma 4's sound tower (gemma4a): log-mel frames, thinned out four times, through conformer layers.
final class AudioTower {
    struct FeedForward {
        var norm: [Float]
        var up: EncoderLinear
        var down: EncoderLinear
        var postNorm: [Float]
    }

    struct Layer {
        var first: FeedForward
        var second: FeedForward
        var attentionNorm: [Float]
        var query: EncoderLinear
        var key: EncoderLinear
        var value: EncoderLinear
        var output: EncoderLinear
        var relativeKey: EncoderLinear
        /// What the numbers of a query's and a key's head are multiplied with.
        var queryScale: [Float]
        var keyScale: [Float]
        var attentionPostNorm: [Float]
        var convolutionNorm: [Float]
        var widen: EncoderLinear
        /// Weights of the convolution over time, `[kernel, D]`: the last row is the present's.
        var kernel: [Float]
        var kernelBias: [Float]?
        var innerNorm: [Float]
        var narrow: EncoderLinear
        var outputNorm: [Float]
    }

    static let melBins = 128
    /// Frames that become one soft token.
    static let framesPerToken = 4
    /// Positions that one sees: its own and those before it.
    static let reach = 12
    static let softCap: Float = 50
    /// Rows of the convolution over time.
    static let kernelSize = 5

    /// Width of the stream, D.
    let width: Int
    let headSize: Int
    let feedForwardSize: Int
    let subsampling: AudioSubsampling
    let input: EncoderLinear
    let inputBias: [Float]?
    let layers: [Layer]
    let output: EncoderLinear
    let outputBias: [Float]
    let projector: EncoderLinear
    let projectorNorm: [Float]?

    var headCount: Int { width / headSize }

    init(_ reader: EncoderReader, textWidth: Int) throws(ModelError) {
        subsampling = try AudioSubsampling(reader)
        let inputSize = subsampling.outputSize
        let width = try reader.shape("a.input_projection.weight", axes: 2)[1]
        try reader.check("embedding_length", is: width)
        try reader.check("num_mel_bins", is: Self.melBins)
        let headSize = try reader.shape("a.blk.0.per_dim_scale.weight", axes: 1)[0]
        guard width % headSize == 0, width % 2 == 0 else {
            throw reader.keys.bad(
                "audio.attention.head_count",
                "cannot be known: heads of \(headSize) do not make a width of \(width)"
            )
        }
        try reader.check("attention.head_count", is: width / headSize)
        let feedForward = try reader.shape("a.blk.0.ffn_up.weight", axes: 2)[1]
        try reader.check("feed_forward_length", is: feedForward)
        self.width = width
        self.headSize = headSize
        feedForwardSize = feedForward
        input = try reader.linear("a.input_projection", inputSize, width)
        inputBias = try reader.optionalVector("a.input_projection.bias", width)
        let count = try reader.blockCount("a", knownBy: "ffn_up.weight")
        var layers: [Layer] = []
        for index in 0..<count {
            layers.append(
                try Self.layer(reader, index, width, headSize: headSize, inner: feedForward)
            )
        }
        self.layers = layers
        let outputSize = try reader.shape("a.pre_encode.out.weight", axes: 2)[1]
        output = try reader.linear("a.pre_encode.out", width, outputSize)
        outputBias = try reader.vector("a.pre_encode.out.bias", outputSize)
        let name = "mm.a.input_projection"
        projector = try reader.projector(name, outputSize, textWidth: textWidth)
        projectorNorm = try reader.optionalVector("mm.a.soft_emb_norm.weight", outputSize)
    }

    private static func layer(
        _ reader: EncoderReader,
        _ index: Int,
        _ width: Int,
        headSize: Int,
        inner: Int
    ) throws(ModelError) -> Layer {
        let block = "a.blk.\(index)"
        func vector(_ name: String, _ count: Int) throws(ModelError) -> [Float] {
            try reader.vector("\(block).\(name)", count)
        }
        func linear(_ name: String, _ rows: Int) throws(ModelError) -> EncoderLinear {
            try reader.linear("\(block).\(name)", width, rows)
        }
        func feedForward(_ end: String) throws(ModelError) -> FeedForward {
            FeedForward(
                norm: try vector("ffn_norm\(end).weight", width),
                up: try linear("ffn_up\(end)", inner),
                down: try reader.linear("\(block).ffn_down\(end)", inner, width),
                postNorm: try vector("ffn_post_norm\(end).weight", width)
            )
        }
        // The file holds the scale after its softplus.
        let queryFactor = Float(1 / (Double(headSize).squareRoot() * log(2)))
        let keyFactor = Float(log(1 + M_E) / log(2))
        let perQuery = try vector("per_dim_scale.weight", headSize)
        let perKey = try reader.optionalVector("\(block).per_dim_k_scale.weight", headSize)
        return Layer(
            first: try feedForward(""),
            second: try feedForward("_1"),
            attentionNorm: try vector("attn_pre_norm.weight", width),
            query: try linear("attn_q", width),
            key: try linear("attn_k", width),
            value: try linear("attn_v", width),
            output: try linear("attn_out", width),
            relativeKey: try linear("attn_k_rel", width),
            queryScale: perQuery.map { $0 * queryFactor },
            keyScale: (0..<headSize).map { keyFactor * (perKey?[$0] ?? 1) },
            attentionPostNorm: try vector("attn_post_norm.weight", width),
            convolutionNorm: try vector("conv_norm.weight", width),
            widen: try linear("conv_pw1", 2 * width),
            kernel: try kernel(reader, "\(block).conv_dw.weight", width),
            kernelBias: try reader.optionalVector("\(block).conv_dw.bias", width),
            innerNorm: try vector("norm_conv.weight", width),
            narrow: try linear("conv_pw2", width),
            outputNorm: try vector("ln2.weight", width)
        )
    }

    /// The kernel with its two axes exchanged, so that a row of the stream meets a row of it.
    private static func kernel(
        _ reader: EncoderReader,
        _ name: String,
        _ width: Int
    ) throws(ModelError) -> [Float] {
        let matrix = try reader.tensors.matrix(name, kernelSize, width)
        let row = FloatBuffer(count: kernelSize)
        var kernel = [Float](repeating: 0, count: kernelSize * width)
        for channel in 0..<width {
            unsafe matrix.readRow(channel, into: row.base)
            for tap in 0..<kernelSize { unsafe kernel[tap * width + channel] = row.base[tap] }
        }
        return kernel
    }
}
