import CKernels
import Tensors

/// What is done to rows of an encoder's residual stream, each alone.
enum EncoderRows {
    static let epsilon: Float = 1e-6

    /// `destination = x / rms(x) * weights`, one row; without weights they are ones.
    static func norm(
        _ x: UnsafePointer<Float>,
        _ weights: [Float]?,
        into destination: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        let norm = unsafe Kernels.active.pointee.rms_norm
        guard let weights else {
            unsafe norm?(x, nil, epsilon, destination, Int64(count))
            return
        }
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe norm?(x, weights.baseAddress, epsilon, destination, Int64(count))
        }
    }

    /// Adds `scale * norm(update) * weights` to a row of the stream; `update` is overwritten.
    static func add(
        _ update: UnsafeMutablePointer<Float>,
        _ weights: [Float],
        scale: Float = 1,
        to stream: UnsafeMutablePointer<Float>,
        count: Int
    ) {
        unsafe norm(update, weights, into: update, count: count)
        unsafe Kernels.active.pointee.accumulate(stream, update, scale, Int64(count))
    }
}
