/// Walks a mapped file; every step is checked against the file's length first.
struct ByteReader {
    let file: MappedFile
    let path: String
    var position = 0

    init(file: MappedFile, path: String, position: Int = 0) {
        self.file = file
        self.path = path
        self.position = position
    }

    func malformed(_ reason: String) -> GGUFError {
        .malformed(path: path, offset: position, reason: reason)
    }

    /// Makes sure that `count` more bytes exist and returns where they start.
    mutating func take(_ count: Int, for what: @autoclosure () -> String) throws(GGUFError) -> Int {
        let (end, overflow) = position.addingReportingOverflow(count)
        guard count >= 0, !overflow, end <= file.count else {
            throw .truncated(
                path: path,
                size: file.count,
                needed: overflow ? Int.max : max(end, 0),
                what: what()
            )
        }
        defer { position = end }
        return position
    }

    mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type,
        for what: @autoclosure () -> String
    ) throws(GGUFError) -> T {
        let start = try take(MemoryLayout<T>.size, for: what())
        return T(littleEndian: unsafe file.base.loadUnaligned(fromByteOffset: start, as: T.self))
    }

    /// A 64-bit count as an Int that later arithmetic may use.
    mutating func count(for what: @autoclosure () -> String) throws(GGUFError) -> Int {
        let raw = try integer(UInt64.self, for: what())
        guard let count = Int(exactly: raw) else { throw malformed("\(what()) is \(raw)") }
        return count
    }

    /// The byte range of a length-prefixed string.
    mutating func stringRange(for what: @autoclosure () -> String) throws(GGUFError) -> Range<Int> {
        let length = try count(for: what())
        let start = try take(length, for: what())
        return start..<(start + length)
    }

    mutating func string(limit: Int, for what: @autoclosure () -> String) throws(GGUFError)
        -> String
    {
        let range = try stringRange(for: what())
        guard range.count <= limit else {
            throw malformed("\(what()) is \(range.count) bytes long; at most \(limit) are allowed")
        }
        return String(decoding: file.bytes(range), as: UTF8.self)
    }
}
