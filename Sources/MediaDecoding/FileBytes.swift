/// A file's bytes, read by place without leaving them.
struct FileBytes {
    let bytes: [UInt8]

    var count: Int { bytes.count }

    /// Nil behind the end.
    func byte(_ place: Int) -> Int? { bytes.indices.contains(place) ? Int(bytes[place]) : nil }

    /// An unsigned number of up to four bytes.
    func number(_ place: Int, bytes count: Int, littleEndian: Bool = false) -> Int? {
        guard place >= 0, count <= bytes.count, place <= bytes.count - count else { return nil }
        return (0..<count).reduce(0) { sum, step in
            sum << 8 | Int(bytes[littleEndian ? place + count - 1 - step : place + step])
        }
    }

    func has(_ text: String, at place: Int) -> Bool {
        let wanted = Array(text.utf8)
        guard place >= 0, wanted.count <= bytes.count, place <= bytes.count - wanted.count else {
            return false
        }
        return bytes[place..<place + wanted.count].elementsEqual(wanted)
    }

    /// Letters, digits and the like; nil behind the end.
    func text(_ place: Int, count: Int) -> String? {
        guard place >= 0, count <= bytes.count, place <= bytes.count - count else { return nil }
        return String(decoding: bytes[place..<place + count], as: UTF8.self)
    }
}
