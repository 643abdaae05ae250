/// Puts numbers and lists into bytes, little-endian.
struct BytePacker {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ value: some FixedWidthInteger) {
        var value = value
        for _ in 0..<value.bitWidth / 8 {
            bytes.append(UInt8(truncatingIfNeeded: value))
            value >>= 8
        }
    }

    mutating func put(_ ids: [Int]) {
        put(UInt32(truncatingIfNeeded: ids.count))
        for id in ids { put(UInt32(truncatingIfNeeded: id)) }
    }

    mutating func put(_ text: [UInt8]) {
        put(UInt32(truncatingIfNeeded: text.count))
        bytes += text
    }

    mutating func put(_ floats: [Float]) {
        put(UInt32(truncatingIfNeeded: floats.count))
        for float in floats { put(float.bitPattern) }
    }
}

/// Bytes from outside end before what they say they hold.
struct ShortBytes: Error {}

/// Takes out what `BytePacker` put in; every step is checked against the end first.
struct ByteUnpacker {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take<Number: FixedWidthInteger>(
        _ type: Number.Type
    ) throws(ShortBytes) -> Number {
        let size = Number.bitWidth / 8
        guard rest.count >= size else { throw ShortBytes() }
        var value: Number = 0
        for (index, byte) in rest.prefix(size).enumerated() {
            value |= Number(truncatingIfNeeded: byte) << Number(8 * index)
        }
        rest = rest.dropFirst(size)
        return value
    }

    /// A number of items that take `size` bytes each and are all there.
    private mutating func count(of size: Int) throws(ShortBytes) -> Int {
        let count = Int(try take(UInt32.self))
        guard count <= rest.count / size else { throw ShortBytes() }
        return count
    }

    mutating func ids() throws(ShortBytes) -> [Int] {
        var ids: [Int] = []
        let count = try count(of: 4)
        ids.reserveCapacity(count)
        for _ in 0..<count { ids.append(Int(try take(UInt32.self))) }
        return ids
    }

    mutating func text() throws(ShortBytes) -> [UInt8] {
        let count = try count(of: 1)
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func floats() throws(ShortBytes) -> [Float] {
        var floats: [Float] = []
        let count = try count(of: 4)
        floats.reserveCapacity(count)
        for _ in 0..<count { floats.append(Float(bitPattern: try take(UInt32.self))) }
        return floats
    }
}
