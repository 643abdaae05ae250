/// A place in a JSON text that a person can go to.
package struct JSONPlace: Sendable, Hashable {
    /// 1-based line.
    package var line: Int
    /// 1-based column in bytes.
    package var column: Int

    /// Finds where the value with this JSON pointer (RFC 6901) begins.
    ///
    /// A pointer that leads nowhere gives the innermost value on its way that exists, which is
    /// where a missing member has to be added. One pass over the text before the place.
    /// - Parameters:
    ///   - pointer: such as `/messages/3/role`; empty for the whole text.
    ///   - bytes: a text that `JSONValue(parsing:)` accepts.
    package init(of pointer: String, in bytes: [UInt8]) {
        var walk = Walk(bytes: bytes)
        for step in pointer.split(separator: "/") {
            let key = String(step).replacing("~1", with: "/").replacing("~0", with: "~")
            guard walk.enter(key) else { break }
        }
        line = 1
        var start = 0
        for index in 0..<min(walk.position, bytes.count) where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            start = index + 1
        }
        column = min(walk.position, bytes.count) - start + 1
    }
}

/// A cursor that stands on the first byte of a value.
private struct Walk {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        skipSpace()
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Moves to a member or item of the value under the cursor; stays when there is none.
    mutating func enter(_ key: String) -> Bool {
        let start = position
        let opening = byte
        guard opening == UInt8(ascii: "{") || opening == UInt8(ascii: "[") else { return false }
        position += 1
        var found: Int?
        var index = 0
        while true {
            skipSpace()
            guard let next = byte, next != UInt8(ascii: "}"), next != UInt8(ascii: "]") else {
                break
            }
            var matches = String(index) == key
            if opening == UInt8(ascii: "{") {
                let name = position
                skipString()
                matches =
                    (try? JSONValue(parsing: Array(bytes[name..<min(position, bytes.count)])))
                    == .string(key)
                skipSpace()
                position += 1  // the colon
                skipSpace()
            }
            if matches {
                found = position
                if opening == UInt8(ascii: "[") { break }  // of repeated keys the last one counts
            }
            skipValue()
            skipSpace()
            if byte == UInt8(ascii: ",") { position += 1 }
            index += 1
        }
        position = found ?? start
        return found != nil
    }

    private mutating func skipSpace() {
        while let next = byte, next == 0x20 || next == 0x0A || next == 0x0D || next == 0x09 {
            position += 1
        }
    }

    private mutating func skipString() {
        position += 1
        while let next = byte, next != UInt8(ascii: "\"") {
            position += next == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
    }

    private mutating func skipValue() {
        var depth = 0
        while let next = byte {
            switch next {
            case UInt8(ascii: "\""):
                skipString()
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
                if depth == 0 {
                    position += 1
                    return
                }
            case UInt8(ascii: ","): if depth == 0 { return }
            default: break
            }
            position += 1
        }
    }
}
