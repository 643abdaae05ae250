import Media

/// A picture in an ISO container - AVIF, HEIC - before anything is decoded.
struct ItemHeader: Hashable {
    var format: String
    var orientation = Orientation.upright

    private static let brands = [
        "avif": "avif", "avis": "avif", "heic": "heic", "heix": "heic", "heim": "heic",
        "heis": "heic", "mif1": "heif", "msf1": "heif",
    ]
    /// Boxes that hold other boxes, with the bytes in front of the first of them.
    private static let parents = ["meta": 4, "iprp": 0, "ipco": 0]
    /// Boxes that are looked at, so that none of these files takes long.
    private static let maxBoxes = 10_000

    /// Reads a header; nil for what is no such file.
    ///
    /// - Parameter file: its beginning, with all that stands in front of the pictures.
    init?(_ file: FileBytes) {
        guard file.has("ftyp", at: 4), let brand = file.text(8, count: 4),
            let format = Self.brands[brand]
        else { return nil }
        self.format = format
        var quarters = 0
        var mirror: Int?
        var place = 0
        for _ in 0..<Self.maxBoxes {
            guard let size = file.number(place, bytes: 4), let name = file.text(place + 4, count: 4)
            else { break }
            if name == "irot" { quarters = (file.byte(place + 8) ?? 0) & 3 }
            if name == "imir" { mirror = (file.byte(place + 8) ?? 0) & 1 }
            if let inside = Self.parents[name] {
                place += 8 + inside
            } else {
                guard size >= 8 else { break }
                place += size
            }
        }
        orientation = Self.orientation(counterclockwise: quarters, mirror: mirror)
    }

    /// Turned by quarters first, then mirrored: 0 exchanges top and bottom, 1 left and right.
    private static func orientation(counterclockwise quarters: Int, mirror: Int?) -> Orientation {
        switch (quarters, mirror) {
        case (0, nil): .upright
        case (1, nil): .quarterCounterclockwise
        case (2, nil): .upsideDown
        case (3, nil): .quarterClockwise
        case (0, 0), (2, 1): .flipped
        case (0, 1), (2, 0): .mirrored
        case (1, 0), (3, 1): .transposed
        case (1, 1), (3, 0): .transversed
        default: .upright
        }
    }
}
