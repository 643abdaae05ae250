/// Something in a file that Facet cannot take.
package struct FileProblem: Error, Sendable, Hashable {
    package var file: String
    package var line: Int?
    /// What is wrong and what to do.
    package var text: String

    package init(file: String, line: Int? = nil, _ text: String) {
        self.file = file
        self.line = line
        self.text = text
    }

    package var userMessage: String {
        "\(file)\(line.map { ":\($0)" } ?? ""): \(text)"
    }
}

/// Everything that is wrong with what was read; never empty.
package struct FileProblems: Error, Sendable, Hashable {
    package var all: [FileProblem]

    package init(_ all: [FileProblem]) { self.all = all }

    package var userMessage: String { all.map(\.userMessage).joined(separator: "\n") }
}
