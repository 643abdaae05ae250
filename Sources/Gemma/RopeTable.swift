import Foundation
import Tensors

/// Cosines and sines of the rope angles for the rows of a batch.
///
/// Pair j turns by `position * base^(-2j / headSize) / factors[j]`. Angles are reduced in double
/// precision: at position 262,143 a float has lost the fraction that matters.
final class RopeTable {
    let half: Int
    /// Shape `[rows, half]`.
    let cosines: FloatBuffer
    let sines: FloatBuffer
    private let frequencies: [Double]

    init(headSize: Int, base: Double, positionScale: Double, factors: [Float], rows: Int) {
        half = headSize / 2
        frequencies = (0..<headSize / 2).map { pair in
            positionScale * pow(base, -2 * Double(pair) / Double(headSize)) / Double(factors[pair])
        }
        cosines = FloatBuffer(count: rows * headSize / 2)
        sines = FloatBuffer(count: rows * headSize / 2)
    }

    /// Fills row `index` with the angles at `position`.
    func setRow(_ index: Int, position: Int) {
        let c = unsafe cosines.at(index * half)
        let s = unsafe sines.at(index * half)
        for pair in 0..<half {
            let angle = Double(position) * frequencies[pair]
            unsafe c[pair] = Float(cos(angle))
            unsafe s[pair] = Float(sin(angle))
        }
    }
}
