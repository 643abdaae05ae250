/// Finds the parts of one line of HTML or XML.
struct MarkupLexer {
    private(set) var output: LexerOutput
    private(set) var state: Lexer.State
    private var at = 0

    init(_ line: String, state: Lexer.State) {
        output = LexerOutput(line)
        self.state = state
    }

    private var bytes: [UInt8] { output.bytes }

    mutating func run() {
        while at < bytes.count {
            switch state {
            case .comment: readComment()
            case .tag: readInTag()
            case .code, .string, .hereDocument: readText()
            }
        }
        output.finish()
    }

    private func starts(_ word: String) -> Bool {
        bytes[at...].starts(with: word.utf8)
    }

    private mutating func readText() {
        guard let next = bytes[at...].firstIndex(where: { $0 == .less || $0 == UInt8(ascii: "&") })
        else {
            at = bytes.count
            return
        }
        at = next
        if starts("<!--") {
            state = .comment(depth: 1)
        } else if bytes[at] == .less {
            let start = at
            at += 1
            while at < bytes.count, isNameByte(bytes[at]) || [0x2F, 0x21, 0x3F].contains(bytes[at])
            { at += 1 }
            if at - start > 1 {
                output.mark(start..<at, .codeKeyword)
                state = .tag
            }
        } else {
            let start = at
            at += 1
            while at < bytes.count, bytes[at].isLetterOrDigit || bytes[at] == UInt8(ascii: "#") {
                at += 1
            }
            if at < bytes.count, bytes[at] == UInt8(ascii: ";") {
                at += 1
                output.mark(start..<at, .codeNumber)
            }
        }
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetterOrDigit || byte == .dash || byte == .colon || byte == UInt8(ascii: "_")
    }

    private mutating func readComment() {
        let start = at
        while at < bytes.count, !starts("-->") { at += 1 }
        if at < bytes.count {
            at += 3
            state = .code
        }
        output.mark(start..<at, .codeComment)
    }

    private mutating func readInTag() {
        let start = at
        switch bytes[at] {
        case .greater:
            at += 1
            output.mark(start..<at, .codeKeyword)
            state = .code
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let quote = bytes[at]
            at += 1
            while at < bytes.count, bytes[at] != quote { at += 1 }
            at = min(bytes.count, at + 1)
            output.mark(start..<at, .codeString)
        default:
            at += 1
            guard isNameByte(bytes[start]) else { return }
            while at < bytes.count, isNameByte(bytes[at]) { at += 1 }
            output.mark(start..<at, .codeType)
        }
    }
}
