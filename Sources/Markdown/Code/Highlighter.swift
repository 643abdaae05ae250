/// Colours the lines of a code block one after the other.
///
/// What a line needs to know of those before it is kept, so that a finished line is never read again.
struct Highlighter: Sendable {
    private enum Kind: Sendable {
        case plain
        case diff
        case markup
        case code(Syntax)
    }

    private let kind: Kind
    private var state = Lexer.State.code

    init(language: String) {
        let name = language.lowercased().prefix { $0 != "{" && $0 != "," && $0 != ":" }
        switch name {
        case "diff", "patch", "udiff": kind = .diff
        case "html", "xml", "svg", "xhtml", "vue": kind = .markup
        default: kind = Syntax.named(String(name)).map { .code($0) } ?? .plain
        }
    }

    /// The next line, without its end.
    mutating func spans(_ line: String) -> [MarkdownSpan] {
        if line.isEmpty { return [] }
        switch kind {
        case .plain: return [MarkdownSpan(line, .codeBlock)]
        case .diff: return [MarkdownSpan(line, Self.diffRole(line))]
        case .markup:
            var lexer = MarkupLexer(line, state: state)
            lexer.run()
            state = lexer.state
            return lexer.output.spans
        case .code(let syntax):
            var lexer = Lexer(line, syntax, state: state)
            lexer.run()
            state = lexer.state
            return lexer.output.spans
        }
    }

    private static func diffRole(_ line: String) -> MarkdownRole {
        if line.hasPrefix("+++") || line.hasPrefix("---") { return .codeKeyword }
        if line.hasPrefix("+") { return .added }
        if line.hasPrefix("-") { return .removed }
        if line.hasPrefix("@@") { return .codeFunction }
        let heads = ["diff ", "index ", "new file", "deleted file", "rename ", "similarity "]
        return heads.contains(where: line.hasPrefix) ? .codeComment : .codeBlock
    }
}

/// The pieces of a line, found from left to right.
struct LexerOutput {
    let bytes: [UInt8]
    private(set) var spans: [MarkdownSpan] = []
    private var end = 0

    init(_ line: String) { bytes = Array(line.utf8) }

    /// Gives a range its role; what lies before it and has none is ordinary code.
    mutating func mark(_ range: Range<Int>, _ role: MarkdownRole) {
        guard range.lowerBound >= end, !range.isEmpty else { return }
        append(end..<range.lowerBound, .codeBlock)
        append(range, role)
        end = range.upperBound
    }

    mutating func finish() {
        append(end..<bytes.count, .codeBlock)
        end = bytes.count
    }

    private mutating func append(_ range: Range<Int>, _ role: MarkdownRole) {
        guard !range.isEmpty else { return }
        if let last = spans.last, last.style.role == role {
            spans[spans.count - 1].text += bytes.text(range)
        } else {
            spans.append(MarkdownSpan(bytes.text(range), role))
        }
    }
}
