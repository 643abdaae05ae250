import Interface

/// A value that a key was set to.
package enum SettingValue: Sendable, Hashable {
    case text(String)
    case flag(Bool)
    case whole(Int)
    case real(Double)

    /// How it is shown.
    package var description: String {
        switch self {
        case .text(let text): text
        case .flag(let flag): flag ? "true" : "false"
        case .whole(let number): String(number)
        case .real(let number): String(number)
        }
    }
}

/// Why a value is not one of a key: the end of a sentence that begins with the key.
struct SettingMismatch: Error {
    var text: String
}

extension SettingKey.Kind {
    /// What it takes, in a sentence.
    package var wish: String {
        switch self {
        case .text: "text in quotes"
        case .folder: "a folder in quotes, from / or ~/ on"
        case .flag: "true or false, without quotes"
        case .choice(let words): Self.list(words.map { "\"\($0)\"" })
        case .whole(let range) where range.upperBound == .max:
            "a whole number of at least \(range.lowerBound)"
        case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .real(let range):
            "a number from \(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))"
        }
    }

    /// Takes a value of a file.
    func value(of tree: TOMLTree) throws(SettingMismatch) -> SettingValue {
        switch (self, tree) {
        case (.text, .text(let text)): return .text(text)
        case (.folder, .text(let text)):
            if text.hasPrefix("/") || text.hasPrefix("~/") { return .text(text) }
            throw SettingMismatch(text: "is \"\(text)\", but has to be \(wish).")
        case (.flag, .bool(let flag)): return .flag(flag)
        case (.choice(let words), .text(let text)):
            if words.contains(text) { return .text(text) }
            throw SettingMismatch(
                text: "is \"\(text)\", but has to be \(wish)."
                    + Suggestion.question(for: text, among: words)
            )
        case (.choice(let words), .integer(let number)) where words.contains(String(number)):
            return .text(String(number))
        case (.whole(let range), .integer(let number)):
            if range.contains(number) { return .whole(number) }
            throw SettingMismatch(text: "is \(number), but has to be \(wish).")
        case (.real(let range), .number(let number)):
            if range.contains(number) { return .real(number) }
            throw SettingMismatch(text: "is \(number), but has to be \(wish).")
        case (.real(let range), .integer(let number)):
            if range.contains(Double(number)) { return .real(Double(number)) }
            throw SettingMismatch(text: "is \(number), but has to be \(wish).")
        default: throw SettingMismatch(text: "is \(tree.kind), but has to be \(wish).")
        }
    }

    /// Takes the text of an environment variable.
    func value(ofVariable text: String) throws(SettingMismatch) -> SettingValue {
        switch self {
        case .text, .folder: return .text(text)
        case .choice: return try value(of: .text(text))
        case .flag:
            switch text.lowercased() {
            case "1", "true", "on", "yes": return .flag(true)
            case "0", "false", "off", "no": return .flag(false)
            default: throw SettingMismatch(text: "is \"\(text)\", but has to be true or false.")
            }
        case .whole:
            if let number = Int(text) { return try value(of: .integer(number)) }
            throw SettingMismatch(text: "is \"\(text)\", but has to be \(wish).")
        case .real:
            if let number = Double(text) { return try value(of: .number(number)) }
            throw SettingMismatch(text: "is \"\(text)\", but has to be \(wish).")
        }
    }

    private static func list(_ words: [String]) -> String {
        words.count < 2
            ? words.joined() : words.dropLast().joined(separator: ", ") + " or \(words.last ?? "")"
    }

    private static func short(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
}
