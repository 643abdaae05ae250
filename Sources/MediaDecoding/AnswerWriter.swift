import Media

/// Bytes of an answer: numbers of eight bytes, little-endian, and what they count.
struct AnswerWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ number: Int) { write(UInt64(bitPattern: Int64(number))) }

    mutating func write(_ value: Double) { write(value.bitPattern) }

    private mutating func write(_ number: UInt64) {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func write(_ text: String) {
        write(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func write(_ samples: [Float]) {
        write(samples.count)
        bytes.reserveCapacity(bytes.count + 4 * samples.count)
        for sample in samples {
            unsafe withUnsafeBytes(of: sample.bitPattern.littleEndian) {
                unsafe bytes.append(contentsOf: $0)
            }
        }
    }

    mutating func write(_ picture: Picture) {
        write(picture.width)
        write(picture.height)
        bytes.append(contentsOf: picture.pixels)
    }
}

/// Reads what `AnswerWriter` wrote, or what somebody else made of it: nothing is believed.
struct AnswerReader {
    /// Bytes that are no answer.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    private mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - place else { throw Malformed() }
        defer { place += count }
        return bytes[place..<place + count]
    }

    private mutating func word() throws(Malformed) -> UInt64 {
        try take(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func number(in range: ClosedRange<Int> = 0...(.max)) throws(Malformed) -> Int {
        let number = Int(Int64(bitPattern: try word()))
        guard range.contains(number) else { throw Malformed() }
        return number
    }

    /// A number that is neither below 0 nor beyond counting.
    mutating func amount() throws(Malformed) -> Double {
        let value = Double(bitPattern: try word())
        guard value >= 0, value <= 1e15 else { throw Malformed() }
        return value
    }

    /// A name of letters, digits and little else, cut at 40.
    mutating func name() throws(Malformed) -> String {
        let count = try number()
        let letters = try take(count).prefix(40).filter {
            (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                || [0x20, 0x2B, 0x2D, 0x2E, 0x5F].contains($0)
        }
        return String(decoding: letters, as: UTF8.self)
    }

    /// Samples within -1...1.
    mutating func samples(atMost limit: Int) throws(Malformed) -> [Float] {
        let count = try number(in: 0...limit)
        guard count <= (bytes.count - place) / 4 else { throw Malformed() }
        let raw = try take(4 * count)
        var samples: [Float] = []
        samples.reserveCapacity(count)
        for begin in stride(from: raw.startIndex, to: raw.endIndex, by: 4) {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(raw[begin + $1]) << (8 * $1) }
            let sample = Float(bitPattern: bits)
            guard abs(sample) <= 1 else { throw Malformed() }
            samples.append(sample)
        }
        return samples
    }

    mutating func picture(maxSide: Int) throws(Malformed) -> Picture {
        let width = try number(in: 1...maxSide)
        let height = try number(in: 1...maxSide)
        let pixels = Array(try take(3 * width * height))
        guard let picture = Picture(width: width, height: height, pixels: pixels) else {
            throw Malformed()
        }
        return picture
    }
}
