import Media

/// The first folder of a TIFF structure, which TIFF files and EXIF have in common.
struct ExifReader {
    private struct Entry {
        var type: Int
        var count: Int
        /// Where the value or the place of the values stands.
        var place: Int
    }

    private let file: FileBytes
    private let begin: Int
    private let littleEndian: Bool
    private var entries: [Int: Entry] = [:]

    /// - Returns: nil where no such structure begins, or its folder is behind the end.
    init?(_ file: FileBytes, at begin: Int) {
        self.file = file
        self.begin = begin
        if file.has("II*\0", at: begin) {
            littleEndian = true
        } else if file.has("MM\0*", at: begin) {
            littleEndian = false
        } else {
            return nil
        }
        guard let offset = number(begin + 4, 4), let count = number(begin + offset, 2) else {
            return nil
        }
        for number in 0..<count {
            let place = begin + offset + 2 + 12 * number
            guard let tag = self.number(place, 2), let type = self.number(place + 2, 2),
                let values = self.number(place + 4, 4)
            else { return nil }
            if entries[tag] == nil {
                entries[tag] = Entry(type: type, count: values, place: place + 8)
            }
        }
    }

    static func orientation(_ file: FileBytes, at begin: Int) -> Orientation? {
        ExifReader(file, at: begin)?.value(274).flatMap(Orientation.init)
    }

    /// The first whole number of a field.
    func value(_ tag: Int) -> Int? { values(tag, limit: 1)?.first }

    /// Whether all data that the folder speaks of lie in the file.
    var stripsAreInside: Bool {
        let (offsets, lengths) = entries[324] == nil ? (273, 279) : (324, 325)
        guard let begins = values(offsets, limit: 1 << 20) else { return false }
        guard let counts = values(lengths, limit: 1 << 20) else {
            return begins.allSatisfy { $0 < file.count }
        }
        return zip(begins, counts).allSatisfy { $0 + $1 <= file.count }
    }

    /// Whole numbers of a field: bytes, shorts or longs.
    private func values(_ tag: Int, limit: Int) -> [Int]? {
        guard let entry = entries[tag], let size = [1: 1, 3: 2, 4: 4][entry.type],
            entry.count > 0, entry.count <= limit || limit == 1
        else { return nil }
        let count = min(entry.count, limit)
        guard entry.count * size > 4 else {
            return (0..<count).compactMap { number(entry.place + $0 * size, size) }
        }
        guard let offset = number(entry.place, 4) else { return nil }
        let found = (0..<count).compactMap { number(begin + offset + $0 * size, size) }
        return found.count == count ? found : nil
    }

    private func number(_ place: Int, _ bytes: Int) -> Int? {
        file.number(place, bytes: bytes, littleEndian: littleEndian)
    }
}
