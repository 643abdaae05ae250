import Media

extension StillHeader {
    /// Chunks: length, name, contents, checksum; `IEND` is the last.
    init(png file: FileBytes) {
        self.init(format: .png)
        var place = 8
        while let length = file.number(place, bytes: 4) {
            let contents = place + 8
            if file.has("IHDR", at: place + 4) {
                width = file.number(contents, bytes: 4) ?? 0
                height = file.number(contents + 4, bytes: 4) ?? 0
            } else if file.has("acTL", at: place + 4) {
                pictures = max(file.number(contents, bytes: 4) ?? 1, 1)
            } else if file.has("eXIf", at: place + 4) {
                orientation = ExifReader.orientation(file, at: contents) ?? orientation
            } else if file.has("IEND", at: place + 4) {
                isComplete = true
                return
            }
            place = contents + length + 4
        }
    }

    /// Segments, each a marker with a length, up to the coded data; then data up to a marker.
    init(jpeg file: FileBytes) {
        self.init(format: .jpeg)
        var place = 2
        while let marker = file.number(place, bytes: 2) {
            guard marker >> 8 == 0xFF else {
                place = Self.nextMarker(file, from: place)
                continue
            }
            let kind = marker & 0xFF
            switch kind {
            case 0xFF: place += 1
            case 0xD9:
                isComplete = true
                return
            case 0x00, 0x01, 0xD0...0xD8: place += 2
            default:
                guard let length = file.number(place + 2, bytes: 2), length >= 2 else { return }
                if (0xC0...0xCF).contains(kind), ![0xC4, 0xC8, 0xCC].contains(kind) {
                    height = file.number(place + 5, bytes: 2) ?? 0
                    width = file.number(place + 7, bytes: 2) ?? 0
                } else if kind == 0xE1, file.has("Exif\0\0", at: place + 4) {
                    orientation = ExifReader.orientation(file, at: place + 10) ?? orientation
                }
                place += 2 + length
                if kind == 0xDA { place = Self.nextMarker(file, from: place) }
            }
        }
    }

    /// The next 0xFF that is followed by neither 0 nor a restart.
    private static func nextMarker(_ file: FileBytes, from begin: Int) -> Int {
        var place = begin
        while let byte = file.byte(place), let next = file.byte(place + 1) {
            if byte == 0xFF, next != 0, !(0xD0...0xD7).contains(next) { return place }
            place += 1
        }
        return file.count
    }

    /// Blocks behind the screen's size; `isComplete` once the first picture is.
    init(gif file: FileBytes) {
        self.init(format: .gif)
        width = file.number(6, bytes: 2, littleEndian: true) ?? 0
        height = file.number(8, bytes: 2, littleEndian: true) ?? 0
        func table(_ flags: Int) -> Int { flags & 0x80 == 0 ? 0 : 3 << ((flags & 7) + 1) }
        var place = 13 + table(file.byte(10) ?? 0)
        pictures = 0
        defer { pictures = max(pictures, 1) }
        while let kind = file.byte(place) {
            switch kind {
            case 0x21: place += 2
            case 0x2C: place += 11 + table(file.byte(place + 9) ?? 0)
            default: return
            }
            while let length = file.byte(place), length > 0 { place += length + 1 }
            guard place < file.count else { return }
            place += 1
            if kind == 0x2C {
                pictures += 1
                isComplete = true
            }
        }
    }

    /// RIFF chunks; the length in front says where the file ends.
    init(webp file: FileBytes) {
        self.init(format: .webp)
        let length = file.number(4, bytes: 4, littleEndian: true) ?? .max
        isComplete = length <= file.count - 8
        func little(_ place: Int, _ count: Int) -> Int {
            file.number(place, bytes: count, littleEndian: true) ?? 0
        }
        pictures = 0
        defer { pictures = max(pictures, 1) }
        var place = 12
        while let length = file.number(place + 4, bytes: 4, littleEndian: true) {
            let contents = place + 8
            if file.has("VP8X", at: place) {
                (width, height) = (little(contents + 4, 3) + 1, little(contents + 7, 3) + 1)
            } else if file.has("VP8 ", at: place), width == 0 {
                width = little(contents + 6, 2) & 0x3FFF
                height = little(contents + 8, 2) & 0x3FFF
            } else if file.has("VP8L", at: place), width == 0 {
                let bits = little(contents + 1, 4)
                (width, height) = (bits & 0x3FFF + 1, bits >> 14 & 0x3FFF + 1)
            } else if file.has("ANMF", at: place) {
                pictures += 1
                if firstFrame == nil, length <= file.count - contents {
                    firstFrame = contents..<contents + length
                }
            } else if file.has("EXIF", at: place) {
                let skipped = file.has("Exif\0\0", at: contents) ? 6 : 0
                orientation = ExifReader.orientation(file, at: contents + skipped) ?? orientation
            }
            place = contents + length + length % 2
        }
    }

    init(tiff file: FileBytes) {
        self.init(format: .tiff)
        let reader = ExifReader(file, at: 0)
        width = reader?.value(256) ?? 0
        height = reader?.value(257) ?? 0
        orientation = reader?.value(274).flatMap(Orientation.init) ?? .upright
        isComplete = reader != nil && reader?.stripsAreInside == true
    }

    init(bmp file: FileBytes) {
        self.init(format: .bmp)
        let isOld = file.number(14, bytes: 4, littleEndian: true) == 12
        if isOld {
            width = file.number(18, bytes: 2, littleEndian: true) ?? 0
            height = file.number(20, bytes: 2, littleEndian: true) ?? 0
        } else {
            width = file.number(18, bytes: 4, littleEndian: true) ?? 0
            let rows = Int32(
                truncatingIfNeeded: file.number(22, bytes: 4, littleEndian: true) ?? 0
            )
            height = Int(rows.magnitude)
        }
        let length = file.number(2, bytes: 4, littleEndian: true) ?? .max
        isComplete = length <= file.count
    }
}
