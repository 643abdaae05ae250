import CKernels
import Foundation
import Tensors

/// The buffers of one clip on its way through the tower.
struct AudioWork {
    /// Soft tokens.
    let count: Int
    let pool: WorkerPool
    let products: EncoderProducts
    /// The residual stream, and a normed copy of it or what is attended: `[count, D]`.
    let stream: FloatBuffer
    let normed: FloatBuffer
    let update: FloatBuffer
    /// Shape `[count, widest]`.
    let wide: FloatBuffer
    let queries: FloatBuffer
    let keys: FloatBuffer
    let values: FloatBuffer
    /// The relative positions' waves, `[reach, D]`, and what a layer makes of them.
    let waves: FloatBuffer
    let relative: FloatBuffer

    init(_ tower: AudioTower, count: Int, pool: WorkerPool, precision: Precision) {
        self.count = count
        self.pool = pool
        products = EncoderProducts(
            pool: pool,
            precision: precision,
            rows: max(count, AudioTower.reach),
            columns: tower.widest
        )
        func rows(_ width: Int) -> FloatBuffer { FloatBuffer(count: count * width) }
        stream = rows(tower.width)
        normed = rows(tower.width)
        update = rows(tower.width)
        wide = rows(tower.widest)
        queries = rows(tower.width)
        keys = rows(tower.width)
        values = rows(tower.width)
        waves = FloatBuffer(count: AudioTower.reach * tower.width)
        relative = FloatBuffer(count: AudioTower.reach * tower.width)
    }

    /// Bytes of an instance.
    static func plannedBytes(_ tower: AudioTower, count: Int, threads: Int) -> Int {
        let floats =
            count * (6 * tower.width + tower.widest) + 2 * AudioTower.reach * tower.width
        return floats * MemoryLayout<Float>.stride
            + EncoderProducts.plannedBytes(
                rows: max(count, AudioTower.reach),
                columns: tower.widest,
                threads: threads
            )
    }
}

extension AudioTower {
    /// Columns of the widest buffer.
    var widest: Int {
        max(feedForwardSize, 2 * width, output.rows, subsampling.outputSize)
    }

    /// Soft tokens of so many frames.
    static func tokens(frames: Int) -> Int { (frames + framesPerToken - 1) / framesPerToken }

    /// The soft tokens of a clip of `[frames, 128]`: `[tokens, text width]`; nil when cancelled.
    func encode(
        _ mel: [Float],
        frames: Int,
        pool: WorkerPool,
        precision: Precision,
        isCancelled: () -> Bool
    ) -> [Float]? {
        guard frames > 0 else { return [] }
        let work = AudioWork(
            self,
            count: Self.tokens(frames: frames),
            pool: pool,
            precision: precision
        )
        if isCancelled() { return nil }
        subsampling.apply(mel, frames: frames, into: work.wide, on: pool)
        work.products.multiply(input, work.wide, count: work.count, into: work.stream)
        if let inputBias { addBias(inputBias, to: work.stream, work) }
        writeWaves(work.waves)
        for layer in layers {
            if isCancelled() { return nil }
            feedForward(layer.first, work)
            attend(layer, work)
            if isCancelled() { return nil }
            convolve(layer, work)
            feedForward(layer.second, work)
            norm(work.stream, layer.outputNorm, into: work.stream, work)
        }
        let (size, count) = (output.rows, work.count)
        work.products.multiply(output, work.stream, count: count, into: work.wide)
        addBias(outputBias, to: work.wide, work)
        pool.run(count) { row in
            let values = unsafe work.wide.at(row * size)
            unsafe EncoderRows.norm(values, projectorNorm, into: values, count: size)
        }
        let result = FloatBuffer(count: count * projector.rows)
        work.products.multiply(projector, work.wide, count: count, into: result)
        return result.array(0..<result.count)
    }

    /// Bytes of scratch for a clip of so many soft tokens.
    func scratchBytes(tokens: Int, threads: Int) -> Int {
        AudioWork.plannedBytes(self, count: tokens, threads: threads)
            + subsampling.scratchBytes(threads: threads)
    }

    private func addBias(_ bias: [Float], to rows: FloatBuffer, _ work: AudioWork) {
        work.pool.run(work.count) { row in
            let values = unsafe rows.at(row * bias.count)
            for index in bias.indices { unsafe values[index] += bias[index] }
        }
    }

    func norm(_ x: FloatBuffer, _ weights: [Float], into y: FloatBuffer, _ work: AudioWork) {
        work.pool.run(work.count) { row in
            unsafe EncoderRows.norm(
                x.at(row * width),
                weights,
                into: y.at(row * width),
                count: width
            )
        }
    }

    /// Adds the normed `update` to the stream.
    func add(_ weights: [Float], scale: Float, _ work: AudioWork) {
        work.pool.run(work.count) { row in
            unsafe EncoderRows.add(
                work.update.at(row * width),
                weights,
                scale: scale,
                to: work.stream.at(row * width),
                count: width
            )
        }
    }

    private func feedForward(_ part: FeedForward, _ work: AudioWork) {
        norm(work.stream, part.norm, into: work.normed, work)
        work.products.multiply(part.up, work.normed, count: work.count, into: work.wide)
        work.pool.run(work.count) { row in
            let values = unsafe work.wide.at(row * feedForwardSize)
            let count = Int64(feedForwardSize)
            unsafe Kernels.active.pointee.sigmoid_multiply(values, values, values, count)
        }
        work.products.multiply(part.down, work.wide, count: work.count, into: work.update)
        add(part.postNorm, scale: 0.5, work)
    }

    /// The convolution module: widened and gated, over the last five positions, narrowed again.
    private func convolve(_ layer: Layer, _ work: AudioWork) {
        norm(work.stream, layer.convolutionNorm, into: work.normed, work)
        work.products.multiply(layer.widen, work.normed, count: work.count, into: work.wide)
        work.pool.run(work.count) { row in
            let values = unsafe work.wide.at(row * 2 * width)
            let gated = unsafe work.normed.at(row * width)
            unsafe Kernels.active.pointee.sigmoid_multiply(
                values,
                values + width,
                gated,
                Int64(width)
            )
        }
        work.pool.run(work.count) { row in
            let sum = unsafe work.update.at(row * width)
            for index in 0..<width { unsafe sum[index] = layer.kernelBias?[index] ?? 0 }
            for tap in 0..<Self.kernelSize where row + tap >= Self.kernelSize - 1 {
                let source = unsafe work.normed.at((row + tap - Self.kernelSize + 1) * width)
                unsafe layer.kernel.withUnsafeBufferPointer { kernel in
                    for index in 0..<width {
                        unsafe sum[index] += kernel[tap * width + index] * source[index]
                    }
                }
            }
            unsafe EncoderRows.norm(sum, layer.innerNorm, into: sum, count: width)
            unsafe Kernels.active.pointee.sigmoid_multiply(sum, sum, sum, Int64(width))
        }
        work.products.multiply(layer.narrow, work.update, count: work.count, into: work.normed)
        work.pool.run(work.count) { row in
            unsafe Kernels.active.pointee.accumulate(
                work.stream.at(row * width),
                work.normed.at(row * width),
                1,
                Int64(width)
            )
        }
    }

    /// Sines, then cosines, of the distances that a position sees.
    private func writeWaves(_ waves: FloatBuffer) {
        let half = width / 2
        for distance in 0..<Self.reach {
            let row = unsafe waves.at(distance * width)
            for index in 0..<half {
                let step = log(10_000) / Double(max(half - 1, 1))
                let angle = Double(distance) * exp(-Double(index) * step)
                unsafe row[index] = Float(sin(angle))
                unsafe row[half + index] = Float(cos(angle))
            }
        }
    }
}
