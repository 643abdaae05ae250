import TOMLKit

/// A value of a TOML file.
indirect enum TOMLTree: Sendable, Hashable {
    case text(String)
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case array([TOMLTree])
    case table([String: TOMLTree])
    /// A date or a time, which no key of ours takes.
    case date

    /// What it is, in a sentence.
    var kind: String {
        switch self {
        case .text: "text"
        case .integer: "a whole number"
        case .number: "a number"
        case .bool: "true or false"
        case .array: "a list"
        case .table: "a table"
        case .date: "a date"
        }
    }
}

/// A TOML file: its values, and the lines where they stand.
struct TOMLDocument {
    let file: String
    let root: [String: TOMLTree]
    private let lines: TOMLLines

    /// - Throws: `FileProblem` with the line when the text is no TOML.
    init(_ text: String, file: String) throws(FileProblem) {
        self.file = file
        // A byte order mark, as some editors write it.
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        // The parser takes C strings and would read only what stands before it.
        if let end = text.utf8.firstIndex(of: 0) {
            let line = text.utf8[..<end].count { $0 == 0x0A } + 1
            throw FileProblem(file: file, line: line, "There is a NUL character. Take it out.")
        }
        lines = TOMLLines(text)
        // The parser ends the process at a table that begins with anything but a name.
        if let line = lines.namelessTable {
            throw FileProblem(
                file: file,
                line: line,
                "A table needs a name between its brackets, as in [inks]."
            )
        }
        // So it does at keys of very many parts.
        if let line = lines.tooDeep {
            throw FileProblem(
                file: file,
                line: line,
                "This is nested deeper than any setting. Take it out."
            )
        }
        do {
            root = Self.children(of: try TOMLTable(string: text))
        } catch {
            guard let error = error as? TOMLParseError else {
                throw FileProblem(file: file, "It is not TOML: \(error)")
            }
            let reason = error.description.split(separator: "\n").joined(separator: " ")
            throw FileProblem(file: file, line: error.source.begin.line, "\(reason).")
        }
    }

    /// The line where a key stands, or the table that holds it.
    func line(of path: [String]) -> Int? { lines.line(of: path) }

    /// A problem at a key.
    func problem(at path: [String], _ text: String) -> FileProblem {
        FileProblem(file: file, line: line(of: path), text)
    }

    private static func children(of table: TOMLTable) -> [String: TOMLTree] {
        var children: [String: TOMLTree] = [:]
        // A key with a NUL is not found under its own name; it stays as an unknown one.
        for key in table.keys { children[key] = table[key].map(tree) ?? .date }
        return children
    }

    private static func tree(_ value: any TOMLValueConvertible) -> TOMLTree {
        if let table = value.table { return .table(children(of: table)) }
        if let array = value.array { return .array(array.map(tree)) }
        if let text = value.string { return .text(text) }
        if let flag = value.bool { return .bool(flag) }
        if let integer = value.int { return .integer(integer) }
        if let number = value.double { return .number(number) }
        return .date
    }
}
