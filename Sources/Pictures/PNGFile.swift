package import Media

/// Pictures as PNG files, small where they are even, as pages are.
///
/// Rows are stored as differences to the row above; runs of equal bytes are compressed with the
/// fixed codes of deflate, everything else is stored as it is.
package enum PNGFile {
    /// The bytes of a file.
    package static func bytes(_ picture: Picture) -> [UInt8] {
        let stride = picture.width * 3
        var rows: [UInt8] = []
        rows.reserveCapacity((stride + 1) * picture.height)
        for row in 0..<picture.height {
            let start = row * stride
            // 2: each byte less the one above it.
            rows.append(row == 0 ? 0 : 2)
            for place in start..<start + stride {
                rows.append(
                    row == 0
                        ? picture.pixels[place]
                        : picture.pixels[place] &- picture.pixels[place - stride]
                )
            }
        }
        var header = big(UInt32(clamping: picture.width)) + big(UInt32(clamping: picture.height))
        // 8 bits a channel, RGB, the only methods there are, no interlace.
        header += [8, 2, 0, 0, 0]
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        let data: [UInt8] = [0x78, 0x01] + Deflate.runs(rows) + big(adler(rows))
        return signature + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        return big(UInt32(clamping: data.count)) + body + big(crc(body))
    }

    private static func big(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }

    private static func adler(_ bytes: [UInt8]) -> UInt32 {
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return high << 16 | low
    }

    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in
            value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
        }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { table[Int(($0 ^ UInt32($1)) & 0xFF)] ^ $0 >> 8 }
    }
}

/// Deflate with fixed codes, of which only runs of one byte are compressed.
private struct Deflate {
    private var bytes: [UInt8] = []
    private var pending: UInt32 = 0
    private var count: UInt32 = 0

    static func runs(_ input: [UInt8]) -> [UInt8] {
        var deflate = Deflate()
        // The last block, with fixed codes.
        deflate.put(0b011, 3)
        var place = 0
        while place < input.count {
            let byte = input[place]
            deflate.literal(UInt32(byte))
            place += 1
            var end = place
            while end < input.count, input[end] == byte { end += 1 }
            var length = end - place
            place = end
            while length >= 3 {
                let piece = min(258, length)
                deflate.run(piece)
                length -= piece
            }
            for _ in 0..<length { deflate.literal(UInt32(byte)) }
        }
        deflate.literal(256)
        deflate.put(0, 7)
        return deflate.bytes
    }

    /// So many times the byte before.
    private mutating func run(_ length: Int) {
        var (code, extra) = (0, 0)
        for (number, base) in Self.lengths.enumerated() where base.length <= length {
            (code, extra) = (257 + number, base.extra)
        }
        literal(UInt32(code))
        put(UInt32(length - Self.lengths[code - 257].length), UInt32(extra))
        // Distance 1.
        put(0, 5)
    }

    private static let lengths: [(length: Int, extra: Int)] = {
        var lengths: [(Int, Int)] = []
        var length = 3
        for code in 0..<28 {
            let extra = code < 8 ? 0 : (code - 4) / 4
            lengths.append((length, extra))
            length += 1 << extra
        }
        return lengths + [(258, 0)]
    }()

    /// A code of the fixed tree, whose bits come highest first.
    private mutating func literal(_ symbol: UInt32) {
        switch symbol {
        case ..<144: putReversed(0x30 + symbol, 8)
        case ..<256: putReversed(0x190 + symbol - 144, 9)
        case ..<280: putReversed(symbol - 256, 7)
        default: putReversed(0xC0 + symbol - 280, 8)
        }
    }

    private mutating func putReversed(_ code: UInt32, _ length: UInt32) {
        for bit in (0..<length).reversed() { put(code >> bit & 1, 1) }
    }

    private mutating func put(_ value: UInt32, _ length: UInt32) {
        pending |= value << count
        count += length
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }
}
