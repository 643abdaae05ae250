import Foundation

/// The discrete Fourier transform of 512 real samples.
struct FourierTransform {
    static let size = 512
    /// Frequencies that say everything: from 0 to half the sample rate.
    static let bins = size / 2 + 1

    private let cosines: [Double]
    private let sines: [Double]
    /// Where sample i goes before the first pass: its number with the bits reversed.
    private let order: [Int]

    init() {
        let angles = (0..<Self.size / 2).map { 2 * Double.pi * Double($0) / Double(Self.size) }
        cosines = angles.map { cos($0) }
        sines = angles.map { -sin($0) }
        let bits = Self.size.trailingZeroBitCount
        order = (0..<Self.size).map { number in
            (0..<bits).reduce(0) { $0 | ((number >> $1) & 1) << (bits - 1 - $1) }
        }
    }

    /// The magnitudes of frequencies 0...256.
    ///
    /// - Parameter samples: at most 512; zeros follow.
    /// - Returns: `[257]`.
    func magnitudes(_ samples: [Double]) -> [Double] {
        var real = [Double](repeating: 0, count: Self.size)
        var imaginary = real
        for (number, sample) in samples.prefix(Self.size).enumerated() {
            real[order[number]] = sample
        }
        var half = 1
        while half < Self.size {
            let step = Self.size / (2 * half)
            for begin in stride(from: 0, to: Self.size, by: 2 * half) {
                for number in 0..<half {
                    let (cosine, sine) = (cosines[number * step], sines[number * step])
                    let (low, high) = (begin + number, begin + number + half)
                    let re = real[high] * cosine - imaginary[high] * sine
                    let im = real[high] * sine + imaginary[high] * cosine
                    (real[high], imaginary[high]) = (real[low] - re, imaginary[low] - im)
                    (real[low], imaginary[low]) = (real[low] + re, imaginary[low] + im)
                }
            }
            half *= 2
        }
        return (0..<Self.bins).map {
            (real[$0] * real[$0] + imaginary[$0] * imaginary[$0]).squareRoot()
        }
    }
}
