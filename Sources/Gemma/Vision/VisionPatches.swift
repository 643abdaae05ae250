import CKernels
import GGUF
import Media
import Tensors

/// The picture part of Gemma 4 12B (gemma4uv): a patch of 48 pixels is a soft token at once.
final class VisionPatches {
    private struct Norm {
        var weights: [Float]
        var biases: [Float]

        static let epsilon: Float = 1e-5

        /// `x` less its mean, by its deviation, in place.
        func apply(_ x: UnsafeMutablePointer<Float>) {
            unsafe weights.withUnsafeBufferPointer { weights in
                unsafe biases.withUnsafeBufferPointer { biases in
                    unsafe Kernels.active.pointee.layer_norm(
                        x,
                        weights.baseAddress,
                        biases.baseAddress,
                        Self.epsilon,
                        x,
                        Int64(weights.count)
                    )
                }
            }
        }
    }

    private let patches: EncoderLinear
    private let patchBias: [Float]
    private let inputNorm: Norm
    private let outputNorm: Norm
    private let positionNorm: Norm
    private let positions: Matrix
    private let projector: EncoderLinear

    init(_ reader: EncoderReader, textWidth: Int) throws(ModelError) {
        let matrix = try reader.patches(side: SoftTokenCount.side)
        let width = matrix.rows
        patches = EncoderLinear(matrix: matrix)
        patchBias = try reader.vector("v.patch_embd.bias", width)
        // Some writers count from 0.
        let first = reader.file.tensor("v.patch_norm.0.weight") == nil ? 1 : 0
        func norm(_ index: Int, _ count: Int) throws(ModelError) -> Norm {
            Norm(
                weights: try reader.vector("v.patch_norm.\(first + index).weight", count),
                biases: try reader.vector("v.patch_norm.\(first + index).bias", count)
            )
        }
        inputNorm = try norm(0, matrix.columns)
        outputNorm = try norm(1, width)
        positionNorm = try norm(2, width)
        positions = try reader.positions(width: width)
        projector = try reader.projector("mm.input_projection", width, textWidth: textWidth)
    }

    /// Bytes of scratch for a picture of so many soft tokens.
    func scratchBytes(tokens: Int, threads: Int) -> Int {
        tokens * (patches.columns + patches.rows) * MemoryLayout<Float>.stride
            + EncoderProducts.plannedBytes(
                rows: tokens,
                columns: max(patches.columns, patches.rows),
                threads: threads
            )
    }

    /// The soft tokens of a picture, `[tokens, text width]`; nil when cancelled.
    func encode(
        _ picture: Picture,
        pool: WorkerPool,
        precision: Precision,
        isCancelled: () -> Bool
    ) -> [Float]? {
        let grid = PatchGrid(picture, side: SoftTokenCount.side)
        let (columns, width) = (patches.columns, patches.rows)
        let products = EncoderProducts(
            pool: pool,
            precision: precision,
            rows: grid.count,
            columns: max(columns, width)
        )
        let input = FloatBuffer(count: grid.count * columns)
        let embedded = FloatBuffer(count: grid.count * width)
        if isCancelled() { return nil }
        pool.run(grid.count) { patch in
            let values = unsafe input.at(patch * columns)
            unsafe grid.write(patch, scale: 1, offset: 0, into: values)
            unsafe inputNorm.apply(values)
        }
        products.multiply(patches, input, count: grid.count, into: embedded)
        if isCancelled() { return nil }
        let last = positions.rows / 2 - 1
        pool.run(grid.count) { patch in
            let row = unsafe embedded.at(patch * width)
            for index in 0..<width { unsafe row[index] += patchBias[index] }
            unsafe outputNorm.apply(row)
            // The patch's pixels are not needed any more, but may be fewer than its outputs.
            let place = FloatBuffer(count: width)
            let (x, y) = (patch % grid.columns, patch / grid.columns)
            for index in [min(x, last), last + 1 + min(y, last)] {
                unsafe positions.readRow(index, into: place.base)
                unsafe Kernels.active.pointee.accumulate(row, place.base, 1, Int64(width))
            }
            unsafe positionNorm.apply(row)
            unsafe EncoderRows.norm(row, nil, into: row, count: width)
        }
        let result = FloatBuffer(count: grid.count * projector.rows)
        products.multiply(projector, embedded, count: grid.count, into: result)
        return result.array(0..<result.count)
    }
}
