/// Sound drawn as columns.
package enum Waveform {
    /// The largest magnitude within each of so many equal parts, 0 to 1; empty for no sound.
    package static func peaks(_ samples: [Float], columns: Int) -> [Float] {
        guard !samples.isEmpty, columns > 0 else { return [] }
        return (0..<columns).map { column in
            let begin = column * samples.count / columns
            let end = max((column + 1) * samples.count / columns, begin + 1)
            return samples[begin..<min(end, samples.count)].reduce(0) {
                max($0, min(abs($1), 1))
            }
        }
    }
}
