import CKernels
package import GGUF
package import Tensors

/// The text decoder of a Gemma 4 or Gemma 3 model over mapped weights.
///
/// Shared by every conversation; what belongs to one lives in its `KVCache`. One forward pass
/// runs at a time, on the pool's threads.
package final class TextModel {
    package let configuration: Configuration
    package let weights: Weights
    let pool: WorkerPool
    let state: RunState
    let attentionScratch: AttentionScratch

    /// Which rows of a batch get logits.
    package enum Output: Sendable {
        case none
        case last
        case all
    }

    /// Tokens of one forward pass at most.
    package static let defaultBatchSize = 256

    /// Opens a model whose file has been read.
    /// - Throws: `ModelError` naming the key or tensor that is missing or wrong.
    package init(
        file: GGUFFile,
        pool: WorkerPool,
        batchSize: Int = TextModel.defaultBatchSize
    ) throws(ModelError) {
        let configuration = try Configuration(file: file)
        let weights = try Weights(file: file, configuration: configuration)
        self.configuration = configuration
        self.weights = weights
        self.pool = pool
        state = RunState(
            configuration: configuration,
            ropeFactors: weights.ropeFactors,
            batchSize: batchSize
        )
        attentionScratch = AttentionScratch(
            configuration: configuration,
            batchSize: batchSize,
            threads: pool.threadCount
        )
    }

    package var batchSize: Int { state.batchSize }

    package func makeCache(
        capacity: Int,
        precision: Precision,
        format: KVFormat? = nil,
        checkpointLimit: Int = 2,
        firstPosition: Int = 0
    ) -> KVCache {
        KVCache(
            configuration: configuration,
            capacity: capacity,
            batchSize: batchSize,
            precision: precision,
            format: format,
            checkpointLimit: checkpointLimit,
            firstPosition: firstPosition
        )
    }

    /// Reads tokens into the cache.
    ///
    /// - Parameters:
    ///   - tokens: at most `batchSize`, each below the vocabulary's size, fitting the cache.
    ///   - cache: where their keys and values go.
    ///   - output: which rows get logits.
    ///   - logits: receives `[rows with logits, V]`; may be empty for `.none`.
    ///   - soft: rows that are no words; the tokens in their places only fill them.
    ///   - observe: called with the stream `[rows, d]` before layer 0 (index 0) and after each
    ///     layer (index layer + 1), for rows that are still there.
    package func forward(
        _ tokens: ArraySlice<Int32>,
        cache: KVCache,
        output: Output,
        into logits: FloatBuffer?,
        soft: SoftRows = .none,
        observe: ((Int, [Float]) -> Void)? = nil
    ) {
        precondition(tokens.count <= state.batchSize, "more tokens than a batch holds")
        precondition(
            cache.count + tokens.count <= cache.capacity,
            "more tokens than the cache holds"
        )
        guard !tokens.isEmpty else { return }
        let c = configuration
        let d = c.embeddingSize
        var ids = Array(tokens)
        var positions = (0..<tokens.count).map { cache.count + $0 }
        state.chooseForm(rows: ids.count, precision: cache.precision)
        embed(ids)
        place(soft)
        for span in soft.spans { for row in span.rows { ids[row] = paddingToken } }
        var horizons = soft.horizons(rows: ids.count, firstPosition: cache.count)
        setRope(positions, firstPosition: cache.firstPosition)
        observe?(0, state.stream.array(0..<ids.count * d))
        let producers = c.cachedLayerCount
        preparePerLayer(ids, layers: 0..<producers)
        for index in c.layers.indices {
            if index == producers { preparePerLayer(ids, layers: producers..<c.layers.count) }
            normForAttention(index, rows: ids.count)
            let drops = index == producers - 1 && output != .all
            if drops {
                writeKeysAndValues(index, positions: positions, cache: cache)
                // From here on no layer writes the cache: rows without logits have done their part.
                let kept = output == .last ? [ids.count - 1] : []
                keepRows(kept, layers: producers)
                ids = kept.map { ids[$0] }
                horizons = horizons.map { all in kept.map { all[$0] } }
                positions = kept.map { positions[$0] }
                if ids.isEmpty { break }
                state.chooseForm(rows: ids.count, precision: cache.precision)
                normForAttention(index, rows: ids.count)
            }
            runLayer(
                index,
                PassRows(positions: positions, horizons: horizons),
                cache: cache,
                writesCache: !drops
            )
            observe?(index + 1, state.stream.array(0..<ids.count * d))
        }
        cache.advance(by: tokens.count)
        if let logits, !ids.isEmpty { project(rows: ids.count, into: logits) }
    }

    private func embed(_ ids: [Int32]) {
        let d = configuration.embeddingSize
        let scale = Float(Double(d).squareRoot())
        let keepsCopy = configuration.perLayerSize > 0
        eachRow(ids.count) { row in
            let x = unsafe state.stream.at(row * d)
            unsafe weights.embedding.readRow(Int(ids[row]), into: x)
            for column in 0..<d { unsafe x[column] *= scale }
            if keepsCopy { unsafe state.embedded.at(row * d).update(from: x, count: d) }
        }
    }

    private func setRope(_ positions: [Int], firstPosition: Int) {
        eachRow(positions.count) { row in
            state.slidingRope.setRow(row, position: firstPosition + positions[row])
            state.globalRope.setRow(row, position: firstPosition + positions[row])
        }
    }

    /// Moves the kept rows of every buffer that later steps read to the front.
    private func keepRows(_ kept: [Int], layers: Int) {
        let c = configuration
        var buffers = [(state.stream, c.embeddingSize)]
        if c.perLayerSize > 0 {
            buffers.append((state.embedded, c.embeddingSize))
            buffers.append((state.perLayer, c.perLayerSize * layers))
        }
        for rope in [state.slidingRope, state.globalRope] {
            buffers.append((rope.cosines, rope.half))
            buffers.append((rope.sines, rope.half))
        }
        for (buffer, width) in buffers {
            for (row, source) in kept.enumerated() where row != source {
                unsafe buffer.at(row * width).update(from: buffer.at(source * width), count: width)
            }
        }
    }

    /// One decoder layer; `state.normed` holds the input of the attention.
    private func runLayer(_ index: Int, _ pass: PassRows, cache: KVCache, writesCache: Bool) {
        let layer = weights.layers[index]
        let rows = pass.positions.count
        attend(index, pass, cache: cache, writesCache: writesCache)
        addNormed(layer.postAttentionNorm, rows: rows)
        feedForward(index, rows: rows)
        addNormed(layer.postFeedForwardNorm, rows: rows)
        if let gate = layer.perLayer { applyPerLayer(gate, index, rows: rows) }
        guard layer.outputScale != 1 else { return }
        let d = configuration.embeddingSize
        eachRow(rows) { row in
            let x = unsafe state.stream.at(row * d)
            for column in 0..<d { unsafe x[column] *= layer.outputScale }
        }
    }

    private func normForAttention(_ index: Int, rows: Int) {
        let layer = weights.layers[index]
        normStream(
            layer.attentionNorm,
            rows: rows,
            for: MatrixGroup(layer.query, layer.key, layer.value).isQuantized
        )
    }

    private func project(rows: Int, into logits: FloatBuffer) {
        let size = configuration.vocabularySize
        precondition(logits.count >= rows * size, "no room for the logits")
        let head = weights.head
        normStream(weights.outputNorm, rows: rows, for: head.isQuantized)
        let cap = configuration.logitSoftCap
        let perPiece = head.pieceRows(state.normed.form)
        pool.run((size + perPiece - 1) / perPiece) { piece in
            let range = piece * perPiece..<min((piece + 1) * perPiece, size)
            unsafe head.multiply(state.normed, rows: rows, range: range, into: logits.base)
            guard cap > 0 else { return }
            for row in 0..<rows {
                unsafe Kernels.active.pointee.soft_cap(
                    logits.at(row * size + range.lowerBound),
                    cap,
                    Int64(range.count)
                )
            }
        }
    }

    /// Leaves the normed stream in `state.normed`, quantised too if products will run so.
    func normStream(_ weights: [Float], rows: Int, for quantizedWeights: Bool) {
        let d = configuration.embeddingSize
        state.begin(state.normed, columns: d, rows: rows, for: quantizedWeights)
        eachRow(rows) { row in
            unsafe norm(state.stream.at(row * d), weights, into: state.normed.row(row))
            state.normed.quantize(row)
        }
    }

    /// Adds the normed rows of `state.update` to the stream.
    func addNormed(_ weights: [Float], rows: Int) {
        let d = configuration.embeddingSize
        eachRow(rows) { row in
            let update = unsafe state.update.at(row * d)
            unsafe norm(update, weights, into: update)
            unsafe Kernels.active.pointee.accumulate(state.stream.at(row * d), update, 1, Int64(d))
        }
    }

    /// `destination = rms(x, weights)`, both `[d]`.
    func norm(
        _ x: UnsafePointer<Float>,
        _ weights: [Float],
        into destination: UnsafeMutablePointer<Float>
    ) {
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe Kernels.active.pointee.rms_norm(
                x,
                weights.baseAddress,
                configuration.normEpsilon,
                destination,
                Int64(configuration.embeddingSize)
            )
        }
    }

    /// Shares rows among the threads, several to a piece; a single row is the caller's.
    func eachRow(_ rows: Int, _ body: (Int) -> Void) {
        let perPiece = max(1, rows / (pool.threadCount * 4))
        pool.run((rows + perPiece - 1) / perPiece) { piece in
            for row in (piece * perPiece)..<min((piece + 1) * perPiece, rows) { body(row) }
        }
    }
}
