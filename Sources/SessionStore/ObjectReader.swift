import Conversation
import Foundation
import JSONValues

/// A value that is not what the format says, with the JSON pointer to it.
struct FormatFailure: Error {
    var pointer: String
    var reason: String
}

/// One JSON object read field by field; what nobody asked for stays over.
///
/// `null` counts as absent.
struct ObjectReader {
    let pointer: String
    private let members: [JSONValue.Member]
    private var taken: [Bool]

    /// - Throws: `FormatFailure` when the value is not an object.
    init(_ value: JSONValue, at pointer: String) throws(FormatFailure) {
        guard case .object(let members) = value else {
            throw FormatFailure(pointer: pointer, reason: "expected an object")
        }
        self.pointer = pointer
        self.members = members
        taken = Array(repeating: false, count: members.count)
    }

    /// The members nobody asked for.
    var unread: [JSONValue.Member] {
        taken.contains(false) ? zip(members, taken).filter { !$0.1 }.map(\.0) : []
    }

    func failure(_ key: String, _ reason: String) -> FormatFailure {
        FormatFailure(pointer: pointer + "/" + key, reason: reason)
    }

    /// Whether the key is there, also with `null`; does not take it.
    func has(_ key: String) -> Bool { members.lastIndex(of: key) != nil }

    /// The member's value without taking it.
    func peek(_ key: String) -> JSONValue? { members.lastIndex(of: key).map { members[$0].value } }

    /// Takes the member's value.
    ///
    /// Of repeated keys the last counts and all are taken.
    mutating func value(_ key: String) -> JSONValue? {
        guard let last = members.lastIndex(of: key) else { return nil }
        var index = last
        taken[index] = true
        while let earlier = members.lastIndex(of: key, before: index) {
            taken[earlier] = true
            index = earlier
        }
        if case .null = members[last].value { return nil }
        return members[last].value
    }

    mutating func string(_ key: String) throws(FormatFailure) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.stringValue else { throw failure(key, "expected a string") }
        return text
    }

    /// A count, a size or a budget; one beyond what JSON carries exactly, 2^53, is taken as that, so that
    /// whoever adds to it need not fear an overflow.
    mutating func integer(_ key: String) throws(FormatFailure) -> Int? {
        guard let value = value(key) else { return nil }
        guard let number = value.intValue else { throw failure(key, "expected a whole number") }
        return min(max(number, -(1 << 53)), 1 << 53)
    }

    mutating func unsigned(_ key: String) throws(FormatFailure) -> UInt64? {
        guard let value = value(key) else { return nil }
        guard case .number(let digits) = value, let number = UInt64(digits) else {
            throw failure(key, "expected a whole number from 0 to 18446744073709551615")
        }
        return number
    }

    mutating func double(_ key: String) throws(FormatFailure) -> Double? {
        guard let value = value(key) else { return nil }
        guard let number = value.doubleValue else { throw failure(key, "expected a number") }
        return number
    }

    mutating func bool(_ key: String) throws(FormatFailure) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let flag = value.boolValue else { throw failure(key, "expected true or false") }
        return flag
    }

    mutating func array(_ key: String) throws(FormatFailure) -> [JSONValue] {
        guard let value = value(key) else { return [] }
        guard let items = value.arrayValue else { throw failure(key, "expected an array") }
        return items
    }

    mutating func strings(_ key: String) throws(FormatFailure) -> [String] {
        var texts: [String] = []
        for (index, item) in try array(key).enumerated() {
            guard let text = item.stringValue else {
                throw failure("\(key)/\(index)", "expected a string")
            }
            texts.append(text)
        }
        return texts
    }

    mutating func date(_ key: String) throws(FormatFailure) -> Date? {
        guard let text = try string(key) else { return nil }
        guard let date = Timestamp.date(text) else {
            throw failure(key, "expected a time such as 2026-11-24T21:40:08.123Z")
        }
        return date
    }

    /// A string that is one of an enum's raw values; nil for one of a later version, which is then
    /// left over and kept.
    mutating func known<Choice: RawRepresentable>(
        _ key: String,
        of type: Choice.Type
    ) throws(FormatFailure) -> Choice? where Choice.RawValue == String {
        let text = peek(key)?.stringValue
        if let text, Choice(rawValue: text) == nil { return nil }
        return try string(key).flatMap(Choice.init)
    }

    /// A string that is one of an enum's raw values.
    mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ key: String,
        of type: Choice.Type
    ) throws(FormatFailure) -> Choice? where Choice.RawValue == String {
        guard let text = try string(key) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let names = type.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
            throw failure(key, "\"\(text)\" is none of \(names)")
        }
        return choice
    }
}
