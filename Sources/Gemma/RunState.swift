import Tensors

/// The scratch of a forward pass over at most `batchSize` tokens, made once and used for all.
///
/// Every buffer is `[rows, width]`, rows packed at the width in use.
final class RunState {
    let batchSize: Int
    /// What products of quantised weights read, for the rows in hand.
    private(set) var form = ActivationRows.Form.floats
    /// The residual stream, `[rows, d]`.
    let stream: FloatBuffer
    /// A normed copy of it, or the stream itself, on its way into products: `[rows, d]`.
    let normed: ActivationRows
    /// Results on their way back into the stream, `[rows, d]`.
    let update: FloatBuffer
    /// The token embeddings before layer 0, which per-layer embeddings need, `[rows, d]`.
    let embedded: FloatBuffer
    /// Shape `[rows, H * hd]`.
    let queries: FloatBuffer
    let attended: ActivationRows
    /// Shape `[rows, Hkv * hd]`.
    let keys: FloatBuffer
    let values: FloatBuffer
    /// Shape `[rows, ff]`; with experts also `[rows * experts used, expert ff]`.
    let gate: ActivationRows
    let up: FloatBuffer
    /// Shape `[rows, layers of one phase * P]`.
    let perLayer: FloatBuffer
    /// Shape `[rows, P]`.
    let perLayerGate: ActivationRows
    /// Cosines and sines of every row, `[rows, hd / 2]`, per kind of layer.
    let slidingRope: RopeTable
    let globalRope: RopeTable
    /// Mixture of experts: scores `[rows, experts]`, and results `[rows * experts used, d]`.
    let routing: FloatBuffer
    let expertOutput: FloatBuffer
    let expertSum: FloatBuffer
    let assignments: ExpertAssignments

    init(configuration c: Configuration, ropeFactors: [Float], batchSize: Int) {
        self.batchSize = batchSize
        let d = c.embeddingSize
        let queryWidth = c.queryHeads * (c.layers.map(\.headSize).max() ?? 0)
        let cacheWidth = c.layers.map { $0.headSize * $0.keyValueHeads }.max() ?? 0
        func rows(_ width: Int) -> FloatBuffer { FloatBuffer(count: batchSize * width) }
        func activations(_ width: Int) -> ActivationRows {
            ActivationRows(rows: batchSize, columns: width)
        }
        stream = rows(d)
        normed = activations(d)
        update = rows(d)
        embedded = rows(c.perLayerSize > 0 ? d : 0)
        queries = rows(queryWidth)
        attended = activations(queryWidth)
        keys = rows(cacheWidth)
        values = rows(cacheWidth)
        gate = activations(Self.gateWidth(c))
        up = rows(Self.gateWidth(c))
        perLayer = rows(c.perLayerSize * c.layers.count)
        perLayerGate = activations(c.perLayerSize)
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
        expertOutput = rows((c.experts?.usedCount ?? 0) * d)
        expertSum = rows(c.experts == nil ? 0 : d)
        assignments = ExpertAssignments(experts: c.experts, batchSize: batchSize)
    }

    /// Chooses how products run: one form for few rows and one for many, so that a row's bits do not
    /// depend on how many others are checked beside it.
    func chooseForm(rows: Int, precision: Precision) {
        form = precision == .exact ? .floats : rows <= ActivationRows.fewRows ? .few : .many
    }

    /// Begins activations in the form in use, or as floats where only floats will be read.
    func begin(_ rows: ActivationRows, columns: Int, rows count: Int, for quantizedWeights: Bool) {
        rows.begin(columns: columns, rows: count, form: quantizedWeights ? form : .floats)
    }

    /// Columns of the widest gate, counting all experts of a row together.
    private static func gateWidth(_ c: Configuration) -> Int {
        max(
            c.layers.map(\.feedForwardSize).max() ?? 0,
            c.experts.map { $0.usedCount * (($0.feedForwardSize + 63) / 64 * 64) } ?? 0
        )
    }

    /// Bytes of all buffers for this configuration.
    static func plannedBytes(_ c: Configuration, batchSize: Int) -> Int {
        let d = c.embeddingSize
        let queryWidth = c.queryHeads * (c.layers.map(\.headSize).max() ?? 0)
        let cacheWidth = c.layers.map { $0.headSize * $0.keyValueHeads }.max() ?? 0
        let width =
            (c.perLayerSize > 0 ? 3 : 2) * d + queryWidth + 2 * cacheWidth + gateWidth(c)
            + c.perLayerSize * c.layers.count
            + (c.experts.map { ($0.usedCount + 1) * d + $0.count } ?? 0)
        let activations = [d, queryWidth, gateWidth(c), c.perLayerSize].reduce(0) {
            $0 + ActivationRows.plannedBytes(rows: batchSize, columns: $1)
        }
        return batchSize * width * MemoryLayout<Float>.stride + activations
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
