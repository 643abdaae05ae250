import CKernels

/// How activations are kept between layers and tokens.
package enum Precision: String, Sendable, Hashable, CaseIterable {
    /// Keys and values in float32: the reference path.
    case exact
    /// Keys and values in half precision, unless another format is asked for.
    case fast

    /// How keys and values are stored when nothing else is asked for.
    package var kvFormat: KVFormat { self == .exact ? .f32 : .f16 }
}

/// How keys and values are stored.
package enum KVFormat: String, Sendable, Hashable, CaseIterable {
    case f32
    case f16
    /// Blocks of 32 whole numbers with a scale each: about half of `f16`.
    case q8 = "q8_0"

    var storageType: UInt32 {
        switch self {
        case .f32: CK_F32.rawValue
        case .f16: CK_F16.rawValue
        case .q8: CK_Q8_0.rawValue
        }
    }

    /// Bytes of `count` numbers, a multiple of 32.
    func bytes(_ count: Int) -> Int {
        switch self {
        case .f32: count * 4
        case .f16: count * 2
        case .q8: count / 32 * 34
        }
    }
}
