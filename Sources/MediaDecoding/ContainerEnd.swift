/// What a file of sound or video says of itself: what it is, and whether it goes on where it ends.
enum ContainerEnd {
    /// Boxes, chunks or elements that are looked at.
    private static let maxParts = 100_000

    /// Whether a file begins as one of the containers does.
    static func isKnown(_ source: ByteSource) -> Bool {
        let head = FileBytes(bytes: source.bytes(from: 0, count: 16))
        return ["RIFF", "OggS", "fLaC", "ID3"].contains { head.has($0, at: 0) }
            || head.has("ftyp", at: 4) || head.number(0, bytes: 4) == 0x1A45_DFA3
    }

    /// False where a file does not say how long it is.
    static func isMissing(_ source: ByteSource) -> Bool {
        let head = FileBytes(bytes: source.bytes(from: 0, count: 64))
        if head.has("RIFF", at: 0) {
            let length = head.number(4, bytes: 4, littleEndian: true) ?? 0
            // A writer that cannot go back, as into a pipe, leaves nothing or as much as it can.
            return length > 0 && length < 0x7FFF_0000 && length + 8 > source.size + 1
        }
        if head.has("ftyp", at: 4) { return boxesGoOn(source) }
        if head.number(0, bytes: 4) == 0x1A45_DFA3 { return segmentGoesOn(head, source) }
        return false
    }

    /// Boxes at the top of an ISO file: a length of 4 bytes, or 1 and 8 bytes behind the name.
    private static func boxesGoOn(_ source: ByteSource) -> Bool {
        var place = 0
        for _ in 0..<maxParts where place < source.size {
            let box = FileBytes(bytes: source.bytes(from: place, count: 16))
            guard var length = box.number(0, bytes: 4) else { return true }
            if length == 0 { return false }
            if length == 1 {
                guard let high = box.number(8, bytes: 4), let low = box.number(12, bytes: 4) else {
                    return true
                }
                guard high < 1 << 20 else { return true }
                length = high << 32 | low
            }
            guard length >= 8 else { return false }
            place += length
        }
        return place > source.size
    }

    /// Matroska: a header, then one segment that holds everything else.
    private static func segmentGoesOn(_ head: FileBytes, _ source: ByteSource) -> Bool {
        guard let header = size(head, at: 4) else { return false }
        let place = 4 + header.bytes + header.value
        let segment = FileBytes(bytes: source.bytes(from: place, count: 16))
        guard segment.number(0, bytes: 4) == 0x1853_8067, let length = size(segment, at: 4) else {
            return false
        }
        return !length.isUnknown && place + 4 + length.bytes + length.value > source.size
    }

    /// A number whose first byte says how long it is: zeros in front, then the bits; all ones is
    /// "unknown".
    private static func size(
        _ file: FileBytes,
        at place: Int
    ) -> (bytes: Int, value: Int, isUnknown: Bool)? {
        guard let first = file.byte(place), first > 0 else { return nil }
        let count = UInt8(truncatingIfNeeded: first).leadingZeroBitCount + 1
        let bits = 7 * count
        var value = first & (0xFF >> count)
        for step in 1..<max(count, 1) {
            guard let byte = file.byte(place + step) else { return nil }
            value = value << 8 | byte
        }
        guard value < 1 << 52 || value == 1 << bits - 1 else { return nil }
        return (count, min(value, 1 << 52), value == 1 << bits - 1)
    }
}
