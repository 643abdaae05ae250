import JSONValues

/// One element of a call's raw form: a character, or the token that quotes strings.
enum CallSymbol: Sendable, Hashable {
    case character(Unicode.Scalar)
    case quote
}

/// Why a call is not one.
struct ToolCallError: Error, Hashable {
    var reason: String
}

/// Reads `call:name{key:value,...}`, the notation in which Gemma 4 calls tools.
///
/// Beyond what the template writes it takes spaces between elements, JSON strings and keys, the
/// words `True`, `False` and `None`, trailing commas and bare words as strings, since models write
/// these at times. Members stay in source order; of equal keys the last wins; numbers keep their
/// digits.
struct ToolCallParser {
    static let depthLimit = 64

    private let symbols: [CallSymbol]
    private var place = 0

    init(_ symbols: [CallSymbol]) { self.symbols = symbols }

    mutating func parse() throws(ToolCallError) -> (name: String, arguments: JSONValue) {
        skipSpaces()
        for expected in "call:".unicodeScalars where !take(expected) {
            throw ToolCallError(reason: "it does not begin with \"call:\"")
        }
        var name = ""
        while let scalar = character, scalar != "{" {
            name.unicodeScalars.append(scalar)
            place += 1
        }
        name = TemplateText.trimmed(name)
        guard character == "{" else { throw ToolCallError(reason: "it has no arguments") }
        guard !name.isEmpty else { throw ToolCallError(reason: "it names no tool") }
        let arguments = try object(depth: 0)
        skipSpaces()
        guard place == symbols.count else {
            throw ToolCallError(reason: "something follows the arguments")
        }
        return (name, arguments)
    }

    // MARK: - Elements

    private var character: Unicode.Scalar? {
        guard place < symbols.count, case .character(let scalar) = symbols[place] else {
            return nil
        }
        return scalar
    }

    private var isQuote: Bool { place < symbols.count && symbols[place] == .quote }

    private mutating func skipSpaces() {
        while let scalar = character, TemplateText.isSpace(scalar) { place += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard character == scalar else { return false }
        place += 1
        return true
    }

    private func ended() -> ToolCallError { ToolCallError(reason: "it ends too early") }

    private func unexpected(_ wanted: String) -> ToolCallError {
        guard place < symbols.count else { return ended() }
        return ToolCallError(reason: "\(wanted) is missing at element \(place + 1)")
    }

    // MARK: - Values

    private mutating func object(depth: Int) throws(ToolCallError) -> JSONValue {
        guard depth < Self.depthLimit else {
            throw ToolCallError(reason: "it is nested deeper than \(Self.depthLimit) levels")
        }
        guard take("{") else { throw unexpected("\"{\"") }
        var members: [JSONValue.Member] = []
        var placeOfKey: [[UInt8]: Int] = [:]
        while true {
            skipSpaces()
            if take("}") { return .object(members) }
            let key = try key()
            skipSpaces()
            guard take(":") else { throw unexpected("\":\"") }
            skipSpaces()
            let value = try value(depth: depth + 1)
            if let earlier = placeOfKey[Array(key.utf8)] {
                members[earlier].value = value
            } else {
                placeOfKey[Array(key.utf8)] = members.count
                members.append(JSONValue.Member(key, value))
            }
            skipSpaces()
            if take(",") { continue }
            guard character == "}" else { throw unexpected("\",\" or \"}\"") }
        }
    }

    private mutating func array(depth: Int) throws(ToolCallError) -> JSONValue {
        guard depth < Self.depthLimit else {
            throw ToolCallError(reason: "it is nested deeper than \(Self.depthLimit) levels")
        }
        guard take("[") else { throw unexpected("\"[\"") }
        var items: [JSONValue] = []
        while true {
            skipSpaces()
            if take("]") { return .array(items) }
            items.append(try value(depth: depth + 1))
            skipSpaces()
            if take(",") { continue }
            guard character == "]" else { throw unexpected("\",\" or \"]\"") }
        }
    }

    private mutating func key() throws(ToolCallError) -> String {
        if isQuote { return try quoted() }
        if character == "\"" { return try jsonString() }
        let word = bareWord(endingAt: ":,{}[]")
        guard !word.isEmpty else { throw unexpected("a key") }
        return word
    }

    private mutating func value(depth: Int) throws(ToolCallError) -> JSONValue {
        if isQuote { return .string(try quoted()) }
        switch character {
        case "{": return try object(depth: depth)
        case "[": return try array(depth: depth)
        case "\"": return .string(try jsonString())
        default: break
        }
        let word = bareWord(endingAt: ",{}[]")
        switch word {
        case "": throw unexpected("a value")
        case "true", "True": return .bool(true)
        case "false", "False": return .bool(false)
        case "null", "None": return .null
        default:
            if case .number(let digits)? = try? JSONValue(parsing: word) { return .number(digits) }
            return .string(word)
        }
    }

    /// Characters up to one of these, trimmed.
    private mutating func bareWord(endingAt stops: String) -> String {
        var word = ""
        while let scalar = character, !stops.unicodeScalars.contains(scalar) {
            word.unicodeScalars.append(scalar)
            place += 1
        }
        return TemplateText.trimmed(word)
    }

    /// A string between quote tokens: every character stands for itself.
    private mutating func quoted() throws(ToolCallError) -> String {
        place += 1
        var text = ""
        while let scalar = character {
            text.unicodeScalars.append(scalar)
            place += 1
        }
        guard isQuote else { throw ended() }
        place += 1
        return text
    }

    /// A string in JSON's quotes, with JSON's escapes.
    private mutating func jsonString() throws(ToolCallError) -> String {
        var source = "\""
        place += 1
        var isEscaped = false
        while let scalar = character {
            place += 1
            // JSON wants these escaped; models write them as they are.
            if !isEscaped, scalar.value < 0x20 {
                let digits = String(scalar.value, radix: 16)
                source += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                continue
            }
            source.unicodeScalars.append(scalar)
            if !isEscaped, scalar == "\"" {
                guard case .string(let text)? = try? JSONValue(parsing: source) else {
                    throw ToolCallError(reason: "a string has an escape that JSON does not know")
                }
                return text
            }
            isEscaped = !isEscaped && scalar == "\\"
        }
        throw ended()
    }
}
