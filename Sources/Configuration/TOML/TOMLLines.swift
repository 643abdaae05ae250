/// Finds the line on which each key of a TOML text stands.
///
/// In step with a parser on every text that is TOML; in others, what cannot be is read over.
struct TOMLLines {
    private var lines: [[String]: Int] = [:]
    /// The first line of a table whose name does not begin like one.
    let namelessTable: Int?
    /// The first line with something nested deeper than any setting is.
    let tooDeep: Int?

    init(_ text: String) {
        var scanner = Scanner(text)
        while let (path, line) = scanner.nextKey() {
            for count in stride(from: path.count, to: 0, by: -1) {
                let part = Array(path.prefix(count))
                // Where a table is known, those around it are.
                guard lines[part] == nil else { break }
                lines[part] = line
            }
        }
        namelessTable = scanner.namelessTable
        tooDeep = scanner.tooDeep
    }

    /// The line of the key, else of the nearest table around it.
    func line(of path: [String]) -> Int? {
        for count in stride(from: path.count, to: 0, by: -1) {
            if let line = lines[Array(path.prefix(count))] { return line }
        }
        return nil
    }
}

/// Walks over statements; values are skipped but for the keys of inline tables.
///
/// A file may be a stranger's: the walk ends at what is nested too deep.
private struct Scanner {
    /// No setting is nearly as deep.
    private static let deepest = 64

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1
    private var table: [String] = []
    /// Keys found inside a value, to be given before the next statement.
    private var found: ArraySlice<(path: [String], line: Int)> = []
    /// How many values are open.
    private var depth = 0
    private(set) var namelessTable: Int?
    private(set) var tooDeep: Int?

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func nextKey() -> (path: [String], line: Int)? {
        while found.isEmpty {
            skipBlank()
            guard let byte = peek else { return nil }
            if byte == UInt8(ascii: "[") {
                readHeader()
            } else {
                let start = line
                let path = path(in: table)
                found.append((path, start))
                if peek == UInt8(ascii: "=") {
                    advance()
                    skipValue(of: path, until: [0x0A])
                } else {
                    skipLine()
                }
            }
        }
        return found.removeFirst()
    }

    private var peek: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func advance(by count: Int = 1) {
        for _ in 0..<count {
            guard let byte = peek else { return }
            if byte == 0x0A { line += 1 }
            place += 1
        }
    }

    private func comes(_ text: StaticString) -> Bool {
        let wanted = String(describing: text).utf8
        return bytes[place...].prefix(wanted.count).elementsEqual(wanted)
    }

    private mutating func skipLine() {
        while let byte = peek, byte != 0x0A { advance() }
    }

    /// White space, line ends and comments.
    private mutating func skipBlank() {
        while let byte = peek {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: advance()
            case UInt8(ascii: "#"): skipLine()
            default: return
            }
        }
    }

    private mutating func skipSpaces() {
        while peek == 0x20 || peek == 0x09 { advance() }
    }

    private mutating func readHeader() {
        let start = line
        advance()
        if peek == UInt8(ascii: "[") { advance() }
        skipSpaces()
        if namelessTable == nil, !(peek.map(Self.beginsKey) ?? false) { namelessTable = line }
        table = path(in: [])
        found.append((table, start))
        skipLine()
    }

    /// Reads a dotted key: its path below a table.
    private mutating func path(in table: [String]) -> [String] {
        var parts = table
        while true {
            skipSpaces()
            parts.append(readKey())
            if parts.count > Self.deepest {
                giveUp()
                return parts
            }
            skipSpaces()
            guard peek == UInt8(ascii: ".") else { return parts }
            advance()
        }
    }

    private mutating func giveUp() {
        tooDeep = tooDeep ?? line
        place = bytes.count
    }

    private mutating func readKey() -> String {
        if peek == UInt8(ascii: "\"") || peek == UInt8(ascii: "'") { return readString() }
        let start = place
        while let byte = peek, !Self.endsKey.contains(byte) { advance() }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private static func beginsKey(_ byte: UInt8) -> Bool {
        switch Character(Unicode.Scalar(byte)) {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "\"", "'": byte < 0x80
        default: false
        }
    }

    private static let endsKey = Set(" \t\r\n.=]#,{}".utf8)

    /// Reads a string over to its end; escapes other than `\"` and `\\` stay as they are written.
    @discardableResult
    private mutating func readString() -> String {
        let quote = peek ?? 0
        let isLong = comes("\"\"\"") || comes("'''")
        advance(by: isLong ? 3 : 1)
        var content: [UInt8] = []
        while let byte = peek {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                advance()
                if let escaped = peek {
                    if escaped != quote, escaped != byte { content.append(byte) }
                    content.append(escaped)
                }
            } else if byte == quote, !isLong {
                advance()
                break
            } else if isLong, comes("\"\"\"") && quote == 0x22 || comes("'''") && quote == 0x27 {
                advance(by: 3)
                // Up to two quotes may stand before the closing ones.
                while peek == quote { advance() }
                break
            } else if byte == 0x0A, !isLong {
                break
            } else {
                content.append(byte)
            }
            advance()
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// Reads a value over to one of these bytes, which is left standing.
    private mutating func skipValue(of path: [String], until ends: Set<UInt8>) {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.deepest { giveUp() }
        while let byte = peek, !ends.contains(byte) {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): readString()
            case UInt8(ascii: "#"): skipLine()
            case UInt8(ascii: "["):
                advance()
                skipValue(of: path, until: Set("]".utf8))
                advance()
            case UInt8(ascii: "{"):
                advance()
                skipInlineTable(of: path)
            default: advance()
            }
        }
    }

    private mutating func skipInlineTable(of path: [String]) {
        while true {
            skipBlank()
            guard let byte = peek else { return }
            if byte == UInt8(ascii: "}") { return advance() }
            let start = (place, line)
            let inner = self.path(in: path)
            found.append((inner, start.1))
            if peek == UInt8(ascii: "=") { advance() }
            skipValue(of: inner, until: Set(",}".utf8))
            if peek == UInt8(ascii: ",") || place == start.0 { advance() }
        }
    }
}
