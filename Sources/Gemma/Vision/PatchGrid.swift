import Media

/// A picture cut into square patches, numbered row by row.
struct PatchGrid {
    let picture: Picture
    /// Pixels of a patch's side.
    let side: Int
    let columns: Int
    let rows: Int

    /// What does not make a whole soft token at the right and at the bottom is left out.
    init(_ picture: Picture, side: Int) {
        self.picture = picture
        self.side = side
        let perToken = SoftTokenCount.side / side
        columns = picture.width / SoftTokenCount.side * perToken
        rows = picture.height / SoftTokenCount.side * perToken
    }

    var count: Int { columns * rows }

    /// Writes a patch by channel, row and column: `byte / 255 * scale + offset`.
    func write(
        _ patch: Int,
        scale: Float,
        offset: Float,
        into destination: UnsafeMutablePointer<Float>
    ) {
        let (left, top) = (patch % columns * side, patch / columns * side)
        unsafe picture.pixels.withUnsafeBufferPointer { pixels in
            for row in 0..<side {
                let start = 3 * ((top + row) * picture.width + left)
                for column in 0..<side {
                    for channel in 0..<3 {
                        let byte = unsafe pixels[start + 3 * column + channel]
                        let place = (channel * side + row) * side + column
                        unsafe destination[place] = Float(byte) / 255 * scale + offset
                    }
                }
            }
        }
    }
}
