/// A fenced code block at the top level that has not ended yet.
///
/// Its finished lines are read and coloured once.
struct OpenFence: Sendable {
    private let mark: UInt8
    private let length: Int
    private let indent: Int
    let language: String
    /// The finished lines, as they are written.
    private(set) var code = ""
    private(set) var lines: CodeLines

    /// The fence that a line opens; nil for other lines.
    init?(line: String, language: String, number: Int, width: Int) {
        let bytes = Array(line.utf8)
        indent = bytes.prefix { $0 == .space }.count
        guard indent < 4, indent < bytes.count else { return nil }
        mark = bytes[indent]
        length = bytes.runLength(indent..<bytes.count)
        guard mark == .backtick || mark == .tilde, length >= 3 else { return nil }
        self.language = language
        lines = CodeLines(language: language, number: number, width: width)
    }

    /// True for the line that ends the block.
    func isClosed(by line: String) -> Bool {
        let bytes = Array(line.utf8)
        let indent = bytes.prefix { $0 == .space }.count
        guard indent < 4, indent < bytes.count, bytes[indent] == mark else { return false }
        let run = bytes.runLength(indent..<bytes.count)
        return run >= length && bytes.isBlank((indent + run)..<bytes.count)
    }

    /// Adds a finished line and gives its rows.
    mutating func add(_ line: String) -> [MarkdownRow] {
        let text = withoutIndent(line)
        code += text + "\n"
        return lines.rows(text)
    }

    /// The rows of a line that is not finished.
    func preview(_ line: String) -> [MarkdownRow] {
        var lines = lines
        return lines.rows(withoutIndent(line))
    }

    /// The block as it is with a line that is not finished; nil for none.
    func block(with line: String?) -> CodeBlock {
        let rest = line.map { isClosed(by: $0) ? "" : withoutIndent($0) + "\n" } ?? ""
        return CodeBlock(language: language, source: code + rest)
    }

    /// Lays the finished lines out for another width.
    mutating func rows(number: Int, width: Int) -> [MarkdownRow] {
        lines = CodeLines(language: language, number: number, width: width)
        var rows = [lines.title]
        for line in code.codeLines { rows += lines.rows(String(line)) }
        return rows
    }

    /// A fence that is indented takes as much from its lines; tabs count up to their stop.
    private func withoutIndent(_ line: String) -> String {
        let bytes = Array(line.utf8)
        var at = 0
        var column = 0
        while at < bytes.count, column < indent, bytes[at].isBlank {
            if bytes[at] == .tab {
                let left = 4 - indent
                return String(repeating: " ", count: left) + bytes.text((at + 1)..<bytes.count)
            }
            at += 1
            column += 1
        }
        return at == 0 ? line : bytes.text(at..<bytes.count)
    }
}
