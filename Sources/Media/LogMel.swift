import Foundation

/// Sound as the audio tower reads it: logarithms of 128 mel bands, a frame every 10 ms.
///
/// Frame i covers samples `[160 i - 160, 160 i + 160)`; what lies before the beginning is silence.
/// No mean is subtracted and nothing is scaled.
package struct LogMel: Sendable, Hashable {
    /// Mel bands of a frame.
    package static let bands = 128
    private static let hop = 160
    private static let window = 320
    /// Added before the logarithm, so that silence is ln 0.001.
    private static let floor = 0.001

    /// `[frames, 128]`.
    package let values: [Float]
    package var frames: Int { values.count / Self.bands }

    /// - Parameter samples: mono at 16,000 Hz; frames whose window is not real are left out.
    package init(samples: [Float]) {
        let transform = FourierTransform()
        let filters = Self.filters()
        // Window and windowed samples are rounded as the reference rounds them: near silence that is
        // what the logarithm shows.
        let hann = (0..<Self.window).map {
            Float(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(Self.window)))
        }
        let frames = SoftTokenCount.melFrames(samples: samples.count)
        var values: [Float] = []
        values.reserveCapacity(frames * Self.bands)
        for frame in 0..<frames {
            let begin = (frame - 1) * Self.hop
            let spectrum = transform.magnitudes(
                (0..<Self.window).map { place in
                    let sample = begin + place
                    guard samples.indices.contains(sample) else { return 0 }
                    return Double(samples[sample] * hann[place])
                }
            )
            for filter in filters {
                var sum = 0.0
                for (weight, magnitude) in zip(filter.weights, spectrum[filter.first...]) {
                    sum += weight * magnitude
                }
                values.append(Float(log(sum + Self.floor)))
            }
        }
        self.values = values
    }

    /// A triangle over neighbouring frequencies.
    private struct Filter {
        var first: Int
        var weights: [Double]
    }

    /// 128 triangles whose corners are evenly spread from 0 to 8,000 Hz in mel, without normalisation.
    private static func filters() -> [Filter] {
        func mel(_ hertz: Double) -> Double { 2595 * log10(1 + hertz / 700) }
        func hertz(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
        let top = mel(8_000)
        let corners = (0..<bands + 2).map { hertz(top * Double($0) / Double(bands + 1)) }
        let spacing = Double(Sound.sampleRate) / Double(FourierTransform.size)
        return (0..<bands).map { band in
            let weights = (0..<FourierTransform.bins).map { bin in
                let f = Double(bin) * spacing
                let up = (f - corners[band]) / (corners[band + 1] - corners[band])
                let down = (corners[band + 2] - f) / (corners[band + 2] - corners[band + 1])
                return max(0, min(up, down))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? 0
            return Filter(first: first, weights: Array(weights[first...max(first, last)]))
        }
    }
}
