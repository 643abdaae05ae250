/// The first picture of an animated WebP as a file of its own: FFmpeg's decoder passes over it.
///
/// A frame chunk has its place, size, time and flags in 16 bytes, then the chunks of a picture.
enum WebPFrame {
    private static let head = 16

    /// Bytes of a file with that picture alone.
    ///
    /// - Parameters:
    ///   - contents: of the frame's chunk.
    ///   - file: the animation.
    /// - Returns: nil where the frame holds none.
    static func file(of contents: Range<Int>, in file: FileBytes) -> [UInt8]? {
        guard contents.count > head, contents.upperBound <= file.count else { return nil }
        let parts = contents.dropFirst(head)
        var body = Array("WEBP".utf8)
        if file.has("ALPH", at: parts.startIndex) {
            // Transparency is looked for only where the file's head announces it.
            let alphaFlag: UInt8 = 0x10
            body += Array("VP8X".utf8) + little(10) + [alphaFlag, 0, 0, 0]
            body += file.bytes[contents.startIndex + 6..<contents.startIndex + 12]
        }
        body += file.bytes[parts.startIndex..<parts.endIndex]
        return Array("RIFF".utf8) + little(body.count) + body
    }

    private static func little(_ number: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}
