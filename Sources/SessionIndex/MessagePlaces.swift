/// Where each message of a session file stands, so that one can be read without the others.
package enum MessagePlaces {
    /// The byte ranges of the items of the top-level array `messages`; nil when there is none.
    ///
    /// Only for bytes that are valid JSON: it looks at brackets and strings and checks nothing.
    package static func find(in bytes: [UInt8]) -> [Range<Int>]? {
        let key = Array("messages".utf8)
        let span = bytes.span
        var places: [Range<Int>]?
        var depth = 0
        var index = 0
        var start = 0
        var isKey = false
        var isWithin = false
        while index < span.count {
            switch span[index] {
            case UInt8(ascii: "\""):
                let opening = index + 1
                index = opening
                while index < span.count, span[index] != UInt8(ascii: "\"") {
                    index += span[index] == UInt8(ascii: "\\") ? 2 : 1
                }
                if depth == 1, index <= span.count {
                    isKey = bytes[min(opening, index)..<min(index, bytes.count)] == key[...]
                }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                if depth == 2, isKey, span[index] == UInt8(ascii: "[") {
                    isWithin = true
                    places = []
                } else if depth == 3, isWithin {
                    start = index
                }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 3, isWithin { places?.append(start..<index + 1) }
                depth -= 1
                if depth == 1 { isWithin = false }
            case UInt8(ascii: ","):
                if depth == 1 { isKey = false }
            default: break
            }
            index += 1
        }
        return places
    }
}
