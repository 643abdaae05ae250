/// What of a PNG its pixels depend on.
enum PNGChunks {
    /// The file without notes, profiles and further pictures of an animation.
    ///
    /// Compressed notes and profiles may unfold to any size, and so may pixels: more of them than
    /// the picture has room for are no picture.
    /// - Parameter file: a whole PNG, its signature checked.
    /// - Returns: nil where sizes do not fit together.
    static func bare(_ file: FileBytes) -> [UInt8]? {
        var bytes = Array(file.bytes.prefix(8))
        bytes.reserveCapacity(file.count)
        var room = 0
        var place = 8
        while let length = file.number(place, bytes: 4), let name = file.text(place + 4, count: 4) {
            let end = place + 12 + length
            guard end <= file.count else { return nil }
            if name == "IHDR" { room = compressedSize(file, place + 8) }
            if name == "IDAT" { room -= length }
            guard room >= 0 else { return nil }
            if ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].contains(name) {
                bytes += file.bytes[place..<end]
            }
            if name == "IEND" { return bytes }
            place = end
        }
        return nil
    }

    /// Bytes that the pixels take at most once they are compressed, with room for a bad compressor.
    private static func compressedSize(_ file: FileBytes, _ place: Int) -> Int {
        guard let width = file.number(place, bytes: 4), let height = file.number(place + 4, bytes: 4),
            width <= Libav.maxSide, height <= Libav.maxSide, let depth = file.byte(place + 8),
            let colour = file.byte(place + 9)
        else { return 0 }
        let samples = [2: 3, 4: 2, 6: 4][colour] ?? 1
        let raw = (width * samples * min(depth, 16) / 8 + 2) * height
        return raw + raw / 4 + (64 << 10)
    }
}
