import Media

/// Pictures as poppler writes them: `P6`, width, height, 255, then the pixels.
enum PortablePixmap {
    /// Reads a picture.
    ///
    /// - Parameters:
    ///   - bytes: a whole file.
    ///   - maxSide: pixels of a side at most.
    /// - Returns: nil for anything else.
    static func picture(_ bytes: [UInt8], maxSide: Int) -> Picture? {
        guard bytes.starts(with: Array("P6".utf8)) else { return nil }
        var place = 2
        var numbers: [Int] = []
        while numbers.count < 3 {
            guard place < bytes.count, isSpace(bytes[place]) else { return nil }
            while place < bytes.count, isSpace(bytes[place]) { place += 1 }
            var number = 0
            var digits = 0
            while place < bytes.count, (0x30...0x39).contains(bytes[place]), digits < 7 {
                number = 10 * number + Int(bytes[place] - 0x30)
                place += 1
                digits += 1
            }
            guard digits > 0 else { return nil }
            numbers.append(number)
        }
        guard numbers[0] <= maxSide, numbers[1] <= maxSide, numbers[2] == 255, place < bytes.count
        else { return nil }
        return Picture(width: numbers[0], height: numbers[1], pixels: Array(bytes[(place + 1)...]))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
