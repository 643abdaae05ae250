import GGUF
import Tensors

/// The sound part of Gemma 4 12B (gemma4ua): 640 samples are a soft token at once.
final class AudioFrames {
    private let projector: EncoderLinear

    /// Samples of a soft token.
    var frameSize: Int { projector.columns }

    init(_ reader: EncoderReader, textWidth: Int) throws(ModelError) {
        let name = "mm.a.input_projection"
        let size = try reader.shape("\(name).weight", axes: 2)[0]
        try reader.check("embedding_length", is: size)
        projector = try reader.projector(name, size, textWidth: textWidth)
    }

    func tokens(samples: Int) -> Int { (samples + frameSize - 1) / frameSize }

    /// Bytes of scratch for a clip of so many soft tokens.
    func scratchBytes(tokens: Int, threads: Int) -> Int {
        tokens * frameSize * MemoryLayout<Float>.stride
            + EncoderProducts.plannedBytes(rows: tokens, columns: frameSize, threads: threads)
    }

    /// The soft tokens of a clip, `[tokens, text width]`; nil when cancelled.
    func encode(
        _ samples: [Float],
        pool: WorkerPool,
        precision: Precision,
        isCancelled: () -> Bool
    ) -> [Float]? {
        let count = tokens(samples: samples.count)
        let frames = FloatBuffer(count: count * frameSize)
        if isCancelled() { return nil }
        pool.run(count) { frame in
            let values = unsafe frames.at(frame * frameSize)
            let start = frame * frameSize
            for index in start..<min(start + frameSize, samples.count) {
                unsafe values[index - start] = samples[index]
            }
            unsafe EncoderRows.norm(values, nil, into: values, count: frameSize)
        }
        let products = EncoderProducts(
            pool: pool,
            precision: precision,
            rows: max(count, 1),
            columns: frameSize
        )
        let result = FloatBuffer(count: count * projector.rows)
        products.multiply(projector, frames, count: count, into: result)
        return result.array(0..<result.count)
    }
}
