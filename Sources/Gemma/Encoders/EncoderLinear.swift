import Tensors

/// A matrix of an encoder with the bounds that it was trained with.
///
/// Inputs are clamped before the product and outputs after it; nil means that nothing is.
struct EncoderLinear {
    var matrix: Matrix
    var input: ClosedRange<Float>?
    var output: ClosedRange<Float>?

    var columns: Int { matrix.columns }
    var rows: Int { matrix.rows }
}
