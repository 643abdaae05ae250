package import JSONValues

/// What an append-only journal holds: JSON lines, each with the CRC-32 of its record.
///
/// `{"crc":"0f3c...","record":{...}}`; the first line describes the journal itself.
package struct JournalContents: Sendable {
    /// Fingerprint of the session file the journal was begun on; nil when it had none.
    var base: UInt64?
    var records: [JournalRecord] = []
    /// Where the last whole line ends; what follows is torn.
    var wholeLength = 0
    /// Unreadable lines with whole ones after them: damage that no crash explains.
    var damagedLines = 0
    /// Set when a later version wrote it.
    var newerFormat: Int?

    /// Reads every whole line and skips what is torn or damaged.
    init(_ bytes: [UInt8]) {
        var start = 0
        var bad = 0
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            defer { start = end + 1 }
            guard let json = Self.record(in: bytes[start..<end]) else {
                bad += 1
                continue
            }
            if json["kind"] == "journal" {
                let format = json["format"]?.intValue ?? 0
                if format > Self.format { newerFormat = format }
                base = json["base"]?.stringValue.flatMap { UInt64($0, radix: 16) }
            } else if let record = JournalRecord(json) {
                records.append(record)
            } else {
                bad += 1
                continue
            }
            damagedLines += bad
            bad = 0
            wholeLength = end + 1
        }
    }

    static let format = 1

    /// The line that begins a journal.
    package static func header(session: String, base: UInt64?) -> [UInt8] {
        line([
            "kind": "journal", "format": .number(format), "session": .string(session),
            "base": base.map { .string(String($0, radix: 16)) } ?? .null,
        ])
    }

    /// One record as a line, its newline included.
    package static func line(_ json: JSONValue) -> [UInt8] {
        let text = Array(json.text(.compact).utf8)
        return Array(#"{"crc":""#.utf8) + hexadecimal(checksum(text[...]))
            + Array(#"","record":"#.utf8) + text + Array("}\n".utf8)
    }

    static func record(in line: ArraySlice<UInt8>) -> JSONValue? {
        let opening = Array(#"{"crc":""#.utf8)
        let middle = Array(#"","record":"#.utf8)
        let start = opening.count + 8 + middle.count
        guard line.count > start, line.starts(with: opening), line.last == UInt8(ascii: "}"),
            line.dropFirst(opening.count + 8).starts(with: middle)
        else { return nil }
        let record = line.dropFirst(start).dropLast()
        guard line.dropFirst(opening.count).starts(with: hexadecimal(checksum(record))) else {
            return nil
        }
        return try? JSONValue(parsing: Array(record))
    }

    private static func hexadecimal(_ value: UInt32) -> [UInt8] {
        let digits = String(value, radix: 16)
        return Array((String(repeating: "0", count: 8 - digits.count) + digits).utf8)
    }

    /// CRC-32 as in zlib and PNG.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in bytes { crc = table[Int((crc ^ UInt32(byte)) & 0xFF)] ^ crc >> 8 }
        return ~crc
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { crc, _ in
            crc & 1 == 1 ? 0xEDB8_8320 ^ crc >> 1 : crc >> 1
        }
    }
}
