/// Finds what looks like a SHA-256 in a file without reading the file as JSON.
enum HashScan {
    static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// All runs of exactly 64 hexadecimal digits, in lower case.
    ///
    /// Such a run covers one of every 64 bytes, so only those are looked at.
    static func hashes(in bytes: [UInt8]) -> Set<String> {
        var found: Set<String> = []
        var probe = 63
        while probe < bytes.count {
            defer { probe += 64 }
            guard isDigit(bytes[probe]) else { continue }
            var start = probe
            while start > 0, probe - start < 64, isDigit(bytes[start - 1]) { start -= 1 }
            var end = probe + 1
            while end < bytes.count, end - start <= 64, isDigit(bytes[end]) { end += 1 }
            guard end - start == 64 else { continue }
            found.insert(String(decoding: bytes[start..<end], as: UTF8.self).lowercased())
        }
        return found
    }
}
