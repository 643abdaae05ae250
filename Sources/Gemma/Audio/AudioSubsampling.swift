import CKernels
import GGUF
import Tensors

/// Two convolutions of three by three with a stride of two over log-mel frames.
///
/// Time and mel are the axes of a picture whose numbers at one place are its channels; what lies
/// outside is zero. Both are products with what lies around each place.
final class AudioSubsampling {
    fileprivate struct Convolution {
        /// Shape `[channels out, columns]`: by time, mel and channel, then zeros.
        var weights: FloatBuffer
        var inputs: Int
        var outputs: Int
        var bias: [Float]?
        var norm: [Float]?
        var normBias: [Float]?

        /// Nine places' channels, filled up to what the kernels read at once.
        var columns: Int { Self.columns(inputs) }

        static func columns(_ inputs: Int) -> Int { (9 * inputs + 15) / 16 * 16 }

        var matrix: Matrix {
            unsafe Matrix(
                base: UnsafeRawPointer(weights.base),
                type: CK_F32.rawValue,
                rows: outputs,
                columns: columns,
                bytesPerRow: columns * MemoryLayout<Float>.stride
            )
        }
    }

    /// Soft tokens whose convolutions are one piece of work.
    private static let tokensPerTask = 8
    private static let bins = AudioTower.melBins

    private let first: Convolution
    private let second: Convolution

    /// Numbers of one soft token: mel by mel, each with all channels.
    var outputSize: Int { Self.bins / 4 * second.outputs }

    init(_ reader: EncoderReader) throws(ModelError) {
        first = try Self.convolution(reader, 0, inputs: 1)
        second = try Self.convolution(reader, 1, inputs: first.outputs)
    }

    private static func convolution(
        _ reader: EncoderReader,
        _ index: Int,
        inputs: Int
    ) throws(ModelError) -> Convolution {
        let name = "a.conv1d.\(index)"
        let shape = try reader.shape("\(name).weight", axes: 4)
        let outputs = shape[3]
        guard let info = reader.file.tensor("\(name).weight"), shape == [3, 3, inputs, outputs]
        else {
            throw .wrongShape(
                path: reader.file.path,
                name: "\(name).weight",
                found: shape,
                expected: [3, 3, inputs, outputs]
            )
        }
        let stored = reader.tensors.rows(of: info, columns: 9 * inputs)
        let columns = Convolution.columns(inputs)
        let weights = FloatBuffer(count: outputs * columns)
        let row = FloatBuffer(count: 9 * inputs)
        for output in 0..<outputs {
            unsafe stored.readRow(output, into: row.base)
            let target = unsafe weights.at(output * columns)
            for channel in 0..<inputs {
                for place in 0..<9 {
                    unsafe target[place * inputs + channel] = row.base[channel * 9 + place]
                }
            }
        }
        return Convolution(
            weights: weights,
            inputs: inputs,
            outputs: outputs,
            bias: try reader.optionalVector("\(name).bias", outputs),
            norm: try reader.optionalVector("\(name).norm.weight", outputs),
            normBias: try reader.optionalVector("\(name).norm.bias", outputs)
        )
    }

    /// Bytes of scratch of all threads.
    func scratchBytes(threads: Int) -> Int {
        let rows = 2 * Self.tokensPerTask + 1
        let floats =
            rows * Self.bins / 2 * first.outputs
            + Self.bins / 2 * max(first.columns, second.columns)
        return threads * (floats * MemoryLayout<Float>.stride * 2)
    }

    /// Writes `[tokens, outputSize]` for frames `[frames, 128]`.
    func apply(_ mel: [Float], frames: Int, into destination: FloatBuffer, on pool: WorkerPool) {
        let middle = (frames + 1) / 2
        let tokens = (middle + 1) / 2
        let perTask = Self.tokensPerTask
        pool.run((tokens + perTask - 1) / perTask) { task in
            let range = task * perTask..<min((task + 1) * perTask, tokens)
            let needed = max(0, 2 * range.lowerBound - 1)..<min(middle, 2 * range.upperBound)
            let width = Self.bins / 2
            let scratch = FloatBuffer(count: needed.count * width * first.outputs)
            let input = ActivationRows(rows: width, columns: max(first.columns, second.columns))
            unsafe mel.withUnsafeBufferPointer { mel in
                guard let base = mel.baseAddress else { return }
                for row in needed {
                    unsafe first.apply(
                        base,
                        rows: 0..<frames,
                        columns: Self.bins,
                        row: row,
                        scratch: input,
                        into: scratch.at((row - needed.lowerBound) * width * first.outputs)
                    )
                }
            }
            for token in range {
                unsafe second.apply(
                    scratch.base,
                    rows: needed,
                    columns: width,
                    row: token,
                    scratch: input,
                    into: destination.at(token * outputSize)
                )
            }
        }
    }
}

extension AudioSubsampling.Convolution {
    /// Computes one row of results, `[columns / 2, outputs]`, from `source`, `[rows, columns, inputs]`.
    ///
    /// `rows` are the numbers of the rows that `source` holds; others are zero.
    fileprivate func apply(
        _ source: UnsafePointer<Float>,
        rows: Range<Int>,
        columns: Int,
        row: Int,
        scratch: ActivationRows,
        into destination: UnsafeMutablePointer<Float>
    ) {
        let width = columns / 2
        scratch.begin(columns: self.columns, rows: width, form: .floats)
        for column in 0..<width {
            let rest = unsafe scratch.row(column) + 9 * inputs
            unsafe rest.update(repeating: 0, count: self.columns - 9 * inputs)
            for time in 0..<3 {
                for bin in 0..<3 {
                    let target = unsafe scratch.row(column) + (3 * time + bin) * inputs
                    let (y, x) = (2 * row + time - 1, 2 * column + bin - 1)
                    guard rows.contains(y), x >= 0, x < columns else {
                        unsafe target.update(repeating: 0, count: inputs)
                        continue
                    }
                    let place = ((y - rows.lowerBound) * columns + x) * inputs
                    unsafe target.update(from: source + place, count: inputs)
                }
            }
        }
        unsafe matrix.multiply(scratch, rows: width, range: 0..<outputs, into: destination)
        for column in 0..<width {
            let values = unsafe destination + column * outputs
            if let bias { for index in 0..<outputs { unsafe values[index] += bias[index] } }
            if let norm { unsafe normalise(values, norm) }
            for index in 0..<outputs { unsafe values[index] = max(values[index], 0) }
        }
    }

    private func normalise(_ values: UnsafeMutablePointer<Float>, _ norm: [Float]) {
        let apply = unsafe Kernels.active.pointee.layer_norm
        let (epsilon, count) = (EncoderRows.epsilon, Int64(outputs))
        unsafe norm.withUnsafeBufferPointer { norm in
            guard let normBias else {
                unsafe apply?(values, norm.baseAddress, nil, epsilon, values, count)
                return
            }
            unsafe normBias.withUnsafeBufferPointer { bias in
                unsafe apply?(values, norm.baseAddress, bias.baseAddress, epsilon, values, count)
            }
        }
    }
}
