/// Why a text is not JSON, with the place a person can go to.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected and what stands there instead.
    package var reason: String
    /// 1-based line of the offending byte.
    package var line: Int
    /// 1-based column in bytes.
    package var column: Int

    package var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSONValue {
    /// Reads one JSON text (RFC 8259) that fills the whole input.
    ///
    /// Nesting deeper than 256 is refused rather than recursed into. Lone surrogate escapes become
    /// U+FFFD, since a Swift string cannot hold them.
    /// - Throws: `JSONError` naming line and column.
    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Reads one JSON text from UTF-8 bytes; see `init(parsing: String)`.
    /// - Throws: `JSONError` naming line and column.
    package init(parsing bytes: [UInt8]) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document()
    }

    /// Reads an object of which one member is a long array that the caller reads in its own way.
    /// - Parameters:
    ///   - bytes: a whole JSON text.
    ///   - key: of the member at the top level; its value here is an empty array.
    ///   - read: gets the position after the array's bracket and gives that after its end, as
    ///     `items` does; nil to give up.
    /// - Throws: `JSONError` naming line and column, also when `read` gives up.
    package init(
        parsing bytes: [UInt8],
        arrayAt key: String,
        read: (Int) -> Int?
    ) throws(JSONError) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.document(arrayAt: key, read: read)
    }

    /// Reads the items of an array one by one, from a position between its brackets.
    /// - Parameters:
    ///   - bytes: a whole JSON text.
    ///   - start: where the first item or the closing bracket follows.
    ///   - end: an item's first byte, where reading stops; nil for the end of the array.
    ///   - take: gets each item; false to give up.
    /// - Returns: The position after the closing bracket, or `end`; nil when no item begins at `end`
    ///   or `take` gave up.
    /// - Throws: `JSONError` naming line and column.
    package static func items(
        in bytes: [UInt8],
        from start: Int,
        to end: Int?,
        take: (JSONValue) -> Bool
    ) throws(JSONError) -> Int? {
        var parser = JSONParser(bytes: bytes, position: start)
        return try parser.items(to: end, take: take)
    }
}

private struct JSONParser {
    static let depthLimit = 256

    let bytes: [UInt8]
    var position = 0

    mutating func document() throws(JSONError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw failure("text after the end of the value") }
        return value
    }

    mutating func document(
        arrayAt key: String,
        read: (Int) -> Int?
    ) throws(JSONError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipSpace()
        guard byte == UInt8(ascii: "{") else { throw failure("expected an object") }
        position += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if !take("}") {
            repeat {
                let name = try self.key()
                skipSpace()
                if name == key, byte == UInt8(ascii: "[") {
                    guard !members.contains(where: { $0.key == key }) else {
                        throw failure("\"\(key)\" is there twice")
                    }
                    guard let end = read(position + 1) else {
                        throw failure("\"\(key)\" cannot be read")
                    }
                    position = end
                    members.append(.init(name, .array([])))
                } else {
                    members.append(.init(name, try value(depth: 1)))
                }
                skipSpace()
            } while take(",")
            guard take("}") else { throw failure("expected \",\" or \"}\"") }
        }
        skipSpace()
        guard position == bytes.count else { throw failure("text after the end of the value") }
        return .object(members)
    }

    mutating func items(
        to end: Int?,
        take each: (JSONValue) -> Bool
    ) throws(JSONError) -> Int? {
        skipSpace()
        if take("]") { return end == nil ? position : nil }
        while true {
            // Two levels deep: in the array of the document's object.
            guard each(try value(depth: 2)) else { return nil }
            skipSpace()
            if take("]") { return end == nil ? position : nil }
            guard take(",") else { throw failure("expected \",\" or \"]\"") }
            skipSpace()
            guard let end, position >= end else { continue }
            return position == end ? end : nil
        }
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func failure(_ reason: String, at place: Int? = nil) -> JSONError {
        let end = min(place ?? position, bytes.count)
        var line = 1
        var start = 0
        for index in 0..<end where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            start = index + 1
        }
        return JSONError(reason: reason, line: line, column: end - start + 1)
    }

    private mutating func skipSpace() {
        var index = position
        while index < bytes.count {
            let next = bytes[index]
            if next != 0x20, next != 0x0A, next != 0x0D, next != 0x09 { break }
            index += 1
        }
        position = index
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard byte == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthLimit else {
            throw failure("nested deeper than \(Self.depthLimit) levels")
        }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")):
            return .number(try number())
        case nil: throw failure("the text ends where a value should be")
        default: throw failure("no JSON value begins here")
        }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue
    {
        guard bytes[position...].starts(with: word.utf8) else {
            throw failure("no JSON value begins here")
        }
        position += word.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var members: [JSONValue.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            let key = try key()
            members.append(.init(key, try value(depth: depth + 1)))
            skipSpace()
            if take(",") { continue }
            guard take("}") else { throw failure("expected \",\" or \"}\"") }
            return .object(members)
        }
    }

    /// A member's key and the colon after it.
    private mutating func key() throws(JSONError) -> String {
        skipSpace()
        guard byte == UInt8(ascii: "\"") else { throw failure("expected a quoted key") }
        let key = try string()
        skipSpace()
        guard take(":") else { throw failure("expected \":\" after the key \"\(key)\"") }
        return key
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var items: [JSONValue] = []
        skipSpace()
        if take("]") { return .array(items) }
        while true {
            items.append(try value(depth: depth + 1))
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw failure("expected \",\" or \"]\"") }
            return .array(items)
        }
    }

    private mutating func number() throws(JSONError) -> String {
        let start = position
        func isDigit(_ byte: UInt8?) -> Bool {
            byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        }
        _ = take("-")
        guard isDigit(byte) else { throw failure("a number needs a digit here") }
        if !take("0") { while isDigit(byte) { position += 1 } }
        if take(".") {
            guard isDigit(byte) else { throw failure("a number needs a digit after its point") }
            while isDigit(byte) { position += 1 }
        }
        if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
            position += 1
            if !take("+") { _ = take("-") }
            guard isDigit(byte) else { throw failure("a number needs a digit in its exponent") }
            while isDigit(byte) { position += 1 }
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func string() throws(JSONError) -> String {
        let opening = position
        position += 1
        let start = position
        let isASCII = passPlain()
        // Most strings have no escape and are taken as they stand.
        if byte == UInt8(ascii: "\"") {
            let plain = bytes[start..<position]
            position += 1
            if isASCII { return String(decoding: plain, as: UTF8.self) }
            return try valid(String(validating: plain, as: UTF8.self), opening)
        }
        var out = Array(bytes[start..<position])
        while let next = byte {
            switch next {
            case UInt8(ascii: "\""):
                position += 1
                return try valid(String(validating: out, as: UTF8.self), opening)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &out)
            case 0..<0x20:
                throw failure("a control character inside a string must be escaped")
            default:
                let start = position
                _ = passPlain()
                out += bytes[start..<position]
            }
        }
        throw failure("this string is never closed", at: opening)
    }

    private func valid(_ text: String?, _ opening: Int) throws(JSONError) -> String {
        guard let text else { throw failure("this string is not valid UTF-8", at: opening) }
        return text
    }

    /// Goes to the next byte of a string that is not simply part of it, or to the end.
    /// - Returns: True when all bytes passed are ASCII.
    private mutating func passPlain() -> Bool {
        var index = position
        var all: UInt8 = 0
        while index < bytes.count {
            let next = bytes[index]
            if next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") || next < 0x20 { break }
            all |= next
            index += 1
        }
        position = index
        return all < 0x80
    }

    private mutating func escape(into out: inout [UInt8]) throws(JSONError) {
        guard let next = byte else { throw failure("the text ends inside an escape") }
        position += 1
        switch next {
        case UInt8(ascii: "n"): out.append(0x0A)
        case UInt8(ascii: "t"): out.append(0x09)
        case UInt8(ascii: "r"): out.append(0x0D)
        case UInt8(ascii: "b"): out.append(0x08)
        case UInt8(ascii: "f"): out.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(next)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexadecimal())
            if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: [0x5C, 0x75]) {
                let back = position
                position += 2
                let low = UInt32(try hexadecimal())
                if (0xDC00..<0xE000).contains(low) {
                    code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    position = back
                }
            }
            out.append(contentsOf: String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
        default:
            throw failure("\"\\\(Unicode.Scalar(next))\" is not an escape", at: position - 1)
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt16 {
        guard position + 4 <= bytes.count else { throw failure("the text ends inside an escape") }
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
                throw failure("\\u needs four hexadecimal digits")
            }
            code = code << 4 | UInt16(digit)
            position += 1
        }
        return code
    }
}
