/// Which frames of a video a model is shown.
package enum VideoSampling {
    /// Frames per second of a video that does not say.
    package static let framesPerSecond = 24.0

    /// Evenly spread numbers: frame i of n is `floor(i * total / n)`; all frames when there are fewer.
    ///
    /// - Parameters:
    ///   - total: frames of the video.
    ///   - wanted: how many are taken at most.
    /// - Returns: ascending numbers from 0.
    package static func indices(total: Int, wanted: Int) -> [Int] {
        guard total > 0, wanted > 0 else { return [] }
        guard total > wanted else { return Array(0..<total) }
        // In two parts, so that no product leaves the range of a number.
        let (step, rest) = (total / wanted, total % wanted)
        return (0..<wanted).map { $0 * step + $0 * rest / wanted }
    }

    /// When a frame is shown, in seconds: its number / frames per second.
    package static func seconds(index: Int, framesPerSecond: Double) -> Double {
        let rate =
            framesPerSecond.isFinite && framesPerSecond > 0 ? framesPerSecond : Self.framesPerSecond
        return Double(index) / rate
    }
}
