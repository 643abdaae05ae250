import Tensors

/// The scratch of a forward pass over at most `batchSize` tokens, made once and used for all.
///
/// Every buffer is `[rows, width]`, rows packed at the width in use.
final class RunState {
    let batchSize: Int
    /// The residual stream, `[rows, d]`.
    let stream: FloatBuffer
    /// A normed copy of it, `[rows, d]`.
    let normed: FloatBuffer
    /// Results on their way back into the stream, `[rows, d]`.
    let update: FloatBuffer
    /// The token embeddings before layer 0, which per-layer embeddings need, `[rows, d]`.
    let embedded: FloatBuffer
    /// Shape `[rows, H * hd]`.
    let queries: FloatBuffer
    let attended: FloatBuffer
    /// Shape `[rows, Hkv * hd]`.
    let keys: FloatBuffer
    let values: FloatBuffer
    /// Shape `[rows, ff]`.
    let gate: FloatBuffer
    let up: FloatBuffer
    /// Shape `[rows, layers of one phase * P]`.
    let perLayer: FloatBuffer
    /// Shape `[rows, P]`.
    let perLayerGate: FloatBuffer
    /// Cosines and sines of every row, `[rows, hd / 2]`, per kind of layer.
    let slidingRope: RopeTable
    let globalRope: RopeTable
    /// Mixture of experts: `[rows, experts]`, and gathered rows `[rows, d]`.
    let routing: FloatBuffer
    let expertInput: FloatBuffer
    let expertOutput: FloatBuffer
    let expertSum: FloatBuffer

    init(configuration c: Configuration, ropeFactors: [Float], batchSize: Int) {
        self.batchSize = batchSize
        let d = c.embeddingSize
        let queryWidth = c.queryHeads * (c.layers.map(\.headSize).max() ?? 0)
        let cacheWidth = c.layers.map { $0.headSize * $0.keyValueHeads }.max() ?? 0
        let feedForward = max(
            c.layers.map(\.feedForwardSize).max() ?? 0,
            c.experts?.feedForwardSize ?? 0
        )
        func rows(_ width: Int) -> FloatBuffer { FloatBuffer(count: batchSize * width) }
        stream = rows(d)
        normed = rows(d)
        update = rows(d)
        embedded = rows(c.perLayerSize > 0 ? d : 0)
        queries = rows(queryWidth)
        attended = rows(queryWidth)
        keys = rows(cacheWidth)
        values = rows(cacheWidth)
        gate = rows(feedForward)
        up = rows(feedForward)
        perLayer = rows(c.perLayerSize * c.layers.count)
        perLayerGate = rows(c.perLayerSize)
        let slidingSize = c.layers.first { $0.isSliding }?.headSize ?? 0
        let globalSize = c.layers.first { !$0.isSliding }?.headSize ?? 0
        slidingRope = RopeTable(
            headSize: slidingSize,
            base: c.ropeBaseSliding,
            positionScale: 1,
            factors: Array(repeating: 1, count: slidingSize / 2),
            rows: batchSize
        )
        globalRope = RopeTable(
            headSize: globalSize,
            base: c.ropeBaseGlobal,
            positionScale: 1 / c.ropeScaleGlobal,
            factors: ropeFactors,
            rows: batchSize
        )
        routing = rows(c.experts?.count ?? 0)
        let expertWidth = c.experts == nil ? 0 : d
        expertInput = rows(expertWidth)
        expertOutput = rows(expertWidth)
        expertSum = rows(expertWidth)
    }

    /// Bytes of all buffers for this configuration.
    static func plannedBytes(_ c: Configuration, batchSize: Int) -> Int {
        let d = c.embeddingSize
        let queryWidth = c.queryHeads * (c.layers.map(\.headSize).max() ?? 0)
        let cacheWidth = c.layers.map { $0.headSize * $0.keyValueHeads }.max() ?? 0
        let feedForward = c.layers.map(\.feedForwardSize).max() ?? 0
        let width =
            (c.perLayerSize > 0 ? 4 : 3) * d + 2 * queryWidth + 2 * cacheWidth + 2 * feedForward
            + c.perLayerSize * (c.layers.count + 1) + (c.experts.map { 3 * d + $0.count } ?? 0)
        return batchSize * width * MemoryLayout<Float>.stride
    }
}

extension TextModel {
    /// Bytes of the scratch that a model of this configuration needs, logits not counted.
    package static func scratchBytes(
        _ configuration: Configuration,
        batchSize: Int = defaultBatchSize,
        threads: Int
    ) -> Int {
        RunState.plannedBytes(configuration, batchSize: batchSize)
            + AttentionScratch.plannedBytes(configuration, batchSize: batchSize, threads: threads)
    }
}
