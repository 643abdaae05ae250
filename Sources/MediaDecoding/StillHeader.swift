import Media

/// What a picture's file says of itself before anything is decoded.
struct StillHeader: Hashable {
    enum Format: String, Hashable {
        case png, jpeg, gif, bmp, tiff, webp
    }

    var format: Format
    /// As stored, before it is turned; 0 where the header does not say.
    var width = 0
    var height = 0
    var orientation = Orientation.upright
    /// Whether the file has the end that its header promises.
    var isComplete = false
    /// Pictures of an animation; 1 for others.
    var pictures = 1
    /// Where the first frame of an animated WebP is.
    var firstFrame: Range<Int>?

    /// Reads a header; nil for what begins like none of the formats.
    ///
    /// - Parameter file: the whole file.
    init?(_ file: FileBytes) {
        if file.number(0, bytes: 4) == 0x8950_4E47, file.number(4, bytes: 4) == 0x0D0A_1A0A {
            self.init(png: file)
        } else if file.number(0, bytes: 3) == 0xFFD8FF {
            self.init(jpeg: file)
        } else if file.has("GIF87a", at: 0) || file.has("GIF89a", at: 0) {
            self.init(gif: file)
        } else if file.has("RIFF", at: 0), file.has("WEBP", at: 8) {
            self.init(webp: file)
        } else if file.has("II*\0", at: 0) || file.has("MM\0*", at: 0) {
            self.init(tiff: file)
        } else if file.has("BM", at: 0), file.number(6, bytes: 4) == 0 {
            self.init(bmp: file)
        } else {
            return nil
        }
    }

    init(format: Format) { self.format = format }
}
