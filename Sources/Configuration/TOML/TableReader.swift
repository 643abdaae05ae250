import Interface

/// Reads one table, and collects what is wrong with it.
struct TableReader {
    let document: TOMLDocument
    /// Where the table is in the file.
    let path: [String]
    private let values: [String: TOMLTree]
    private(set) var problems: [FileProblem] = []

    init(_ document: TOMLDocument) {
        self.document = document
        path = []
        values = document.root
    }

    private init(_ document: TOMLDocument, path: [String], values: [String: TOMLTree]) {
        self.document = document
        self.path = path
        self.values = values
    }

    /// The keys in the order of the file.
    var keys: [String] {
        values.keys.sorted { first, second in
            let lines = (document.line(of: path + [first]), document.line(of: path + [second]))
            return (lines.0 ?? 0, first) < (lines.1 ?? 0, second)
        }
    }

    subscript(key: String) -> TOMLTree? { values[key] }

    mutating func complain(at key: String? = nil, _ text: String) {
        problems.append(document.problem(at: path + (key.map { [$0] } ?? []), text))
    }

    mutating func take(problemsOf other: TableReader) { problems += other.problems }

    /// Complains about each key that is not one of these.
    mutating func allow(_ known: [String], in place: String) {
        for key in keys where !known.contains(key) {
            complain(
                at: key,
                "\"\(key)\" is not a key of \(place).\(Suggestion.question(for: key, among: known))"
                    + " The keys are \(known.joined(separator: ", "))."
            )
        }
    }

    mutating func text(_ key: String) -> String? {
        switch values[key] {
        case nil: return nil
        case .text(let text): return text
        case .some(let other):
            complainOfKind(other, at: key, wanted: "text in quotes")
            return nil
        }
    }

    mutating func bool(_ key: String) -> Bool? {
        switch values[key] {
        case nil: return nil
        case .bool(let flag): return flag
        case .some(let other):
            complainOfKind(other, at: key, wanted: "true or false, without quotes")
            return nil
        }
    }

    /// A reader of an inner table; nil when there is none.
    mutating func table(_ key: String) -> TableReader? {
        switch values[key] {
        case nil: return nil
        case .table(let inner): return TableReader(document, path: path + [key], values: inner)
        case .some(let other):
            complainOfKind(other, at: key, wanted: "a table")
            return nil
        }
    }

    private mutating func complainOfKind(_ found: TOMLTree, at key: String, wanted: String) {
        complain(at: key, "\"\(key)\" is \(found.kind), but has to be \(wanted).")
    }
}
