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
    ///   - observe: called with the stream `[rows, d]` before layer 0 (index 0) and after each
    ///     layer (index layer + 1), for rows that are still there.
    package func forward(
        _ tokens: ArraySlice<Int32>,
        cache: KVCache,
        output: Output,
        into logits: FloatBuffer?,
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
        embed(ids)
        if c.perLayerSize > 0 {
            unsafe state.embedded.base.update(from: state.stream.base, count: ids.count * d)
        }
        setRope(positions, firstPosition: cache.firstPosition)
        observe?(0, state.stream.array(0..<ids.count * d))
        let producers = c.cachedLayerCount
        preparePerLayer(ids, layers: 0..<producers)
        for index in c.layers.indices {
            if index == producers { preparePerLayer(ids, layers: producers..<c.layers.count) }
            norm(
                state.stream,
                weights.layers[index].attentionNorm,
                into: state.normed,
                rows: ids.count
            )
            let drops = index == producers - 1 && output != .all
            if drops {
                writeKeysAndValues(index, positions: positions, cache: cache)
                // From here on no layer writes the cache: rows without logits have done their part.
                let kept = output == .last ? [ids.count - 1] : []
                keepRows(kept, of: ids.count, layers: producers)
                ids = kept.map { ids[$0] }
                positions = kept.map { positions[$0] }
                if ids.isEmpty { break }
            }
            runLayer(index, positions: positions, cache: cache, writesCache: !drops)
            observe?(index + 1, state.stream.array(0..<ids.count * d))
        }
        cache.advance(by: tokens.count)
        if let logits, !ids.isEmpty { project(rows: ids.count, into: logits) }
    }

    private func embed(_ ids: [Int32]) {
        let d = configuration.embeddingSize
        let scale = Float(Double(d).squareRoot())
        for (row, id) in ids.enumerated() {
            let x = unsafe state.stream.at(row * d)
            unsafe weights.embedding.readRow(Int(id), into: x)
            for column in 0..<d { unsafe x[column] *= scale }
        }
    }

    private func setRope(_ positions: [Int], firstPosition: Int) {
        for (row, position) in positions.enumerated() {
            state.slidingRope.setRow(row, position: firstPosition + position)
            state.globalRope.setRow(row, position: firstPosition + position)
        }
    }

    /// Moves the kept rows of every buffer that later steps read to the front.
    private func keepRows(_ kept: [Int], of rows: Int, layers: Int) {
        let c = configuration
        var buffers = [(state.stream, c.embeddingSize), (state.normed, c.embeddingSize)]
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
    private func runLayer(_ index: Int, positions: [Int], cache: KVCache, writesCache: Bool) {
        let layer = weights.layers[index]
        let rows = positions.count
        attend(index, positions: positions, cache: cache, writesCache: writesCache)
        norm(state.update, layer.postAttentionNorm, into: state.update, rows: rows)
        add(state.update, rows: rows)
        feedForward(index, rows: rows)
        norm(state.update, layer.postFeedForwardNorm, into: state.update, rows: rows)
        add(state.update, rows: rows)
        if let gate = layer.perLayer { applyPerLayer(gate, index, rows: rows) }
        if layer.outputScale != 1 {
            let scale = layer.outputScale
            let count = rows * configuration.embeddingSize
            let x = unsafe state.stream.base
            for place in 0..<count { unsafe x[place] *= scale }
        }
    }

    private func project(rows: Int, into logits: FloatBuffer) {
        let size = configuration.vocabularySize
        precondition(logits.count >= rows * size, "no room for the logits")
        norm(state.stream, weights.outputNorm, into: state.normed, rows: rows)
        unsafe weights.head.multiply(state.normed.base, rows: rows, into: logits.base, on: pool)
        let cap = configuration.logitSoftCap
        guard cap > 0 else { return }
        let piece = 8192
        let total = rows * size
        pool.run((total + piece - 1) / piece) { index in
            let start = index * piece
            unsafe Kernels.active.pointee.soft_cap(
                logits.at(start),
                cap,
                Int64(min(piece, total - start))
            )
        }
    }

    /// `destination[row] = rms(x[row], weights)` for rows of the stream's width.
    func norm(_ x: FloatBuffer, _ weights: [Float], into destination: FloatBuffer, rows: Int) {
        let d = configuration.embeddingSize
        let epsilon = configuration.normEpsilon
        eachRow(rows) { row in
            unsafe weights.withUnsafeBufferPointer { weights in
                unsafe Kernels.active.pointee.rms_norm(
                    x.at(row * d),
                    weights.baseAddress,
                    epsilon,
                    destination.at(row * d),
                    Int64(d)
                )
            }
        }
    }

    /// Adds rows to the residual stream.
    func add(_ update: FloatBuffer, rows: Int) {
        let d = configuration.embeddingSize
        eachRow(rows) { [state] row in
            unsafe Kernels.active.pointee.accumulate(
                state.stream.at(row * d),
                update.at(row * d),
                1,
                Int64(d)
            )
        }
    }

    /// Shares rows among the threads, several to a piece.
    func eachRow(_ rows: Int, _ body: @escaping (Int) -> Void) {
        let perPiece = max(1, rows / (pool.threadCount * 4))
        pool.run((rows + perPiece - 1) / perPiece) { piece in
            for row in (piece * perPiece)..<min((piece + 1) * perPiece, rows) { body(row) }
        }
    }
}
