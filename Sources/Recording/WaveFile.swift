/// Sound as a WAV file.
package enum WaveFile {
    /// The bytes of a file of mono samples of 16 bits.
    ///
    /// - Parameters:
    ///   - samples: at most 2^30.
    ///   - sampleRate: a second.
    /// - Returns: the whole file.
    package static func bytes(_ samples: [Int16], sampleRate: Int) -> [UInt8] {
        let size = UInt32(clamping: samples.count * 2)
        let rate = UInt32(clamping: sampleRate)
        var bytes = Array("RIFF".utf8) + little(36 + size) + Array("WAVEfmt ".utf8)
        // PCM, one channel; bytes a second and a frame; bits.
        bytes += little(UInt32(16)) + little(UInt16(1)) + little(UInt16(1)) + little(rate)
        bytes += little(rate * 2) + little(UInt16(2)) + little(UInt16(16))
        bytes += Array("data".utf8) + little(size)
        bytes.reserveCapacity(bytes.count + samples.count * 2)
        for sample in samples { bytes += little(UInt16(bitPattern: sample)) }
        return bytes
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
}
