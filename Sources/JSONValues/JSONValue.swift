/// A JSON value that keeps what Foundation loses: the order of an object's members and the digits
/// of a number.
///
/// Chat templates print `5` and `5.0` differently, and a session file that a person edited must
/// come back with the digits they wrote.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// The number's source text, always a valid JSON number.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// One `"key": value` pair of an object.
    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }
}

extension JSONValue {
    package static func number(_ value: Int) -> JSONValue { .number(String(value)) }

    /// A finite double in its shortest round-trip form; infinities and NaN, which JSON lacks, as null.
    package static func number(_ value: Double) -> JSONValue {
        guard value.isFinite else { return .null }
        if value == value.rounded(), abs(value) < 1e15 { return .number(String(Int64(value))) }
        return .number("\(value)")
    }

    package var stringValue: String? { if case .string(let text) = self { text } else { nil } }
    package var boolValue: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    package var arrayValue: [JSONValue]? { if case .array(let items) = self { items } else { nil } }
    package var objectValue: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
    package var isNull: Bool { self == .null }

    /// The value as an integer when its text is one, or a whole double within Int's range.
    package var intValue: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text) ?? Double(text).flatMap(Int.init(exactly:))
    }

    package var doubleValue: Double? {
        guard case .number(let text) = self else { return nil }
        return Double(text)
    }

    /// The member with this key (the last one, when a key repeats), or nil.
    package subscript(key: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.lastIndex(of: key).map { members[$0].value }
        }
        set {
            guard case .object(var members) = self else { return }
            let place = members.lastIndex(of: key)
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key, value))
            case (nil, nil): break
            }
            self = .object(members)
        }
    }
}

extension [JSONValue.Member] {
    /// The last member with this key before an index, byte for byte: `==` would take different
    /// spellings of an accented letter for the same key.
    package func lastIndex(of key: String, before end: Int? = nil) -> Int? {
        let length = key.utf8.count
        var index = end ?? count
        while index > 0 {
            index -= 1
            if self[index].key.utf8.count == length, self[index].key == key,
                self[index].key.utf8.elementsEqual(key.utf8)
            {
                return index
            }
        }
        return nil
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
    ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(nilLiteral: ()) { self = .null }

    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
