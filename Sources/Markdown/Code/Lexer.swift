/// Finds the parts of one line of code.
struct Lexer {
    /// What goes on from one line to the next.
    enum State: Sendable, Hashable {
        case code
        case comment(depth: Int)
        case string(rule: Int, hashes: Int, hasEscapes: Bool)
        case hereDocument(String)
        /// Within a tag of HTML.
        case tag
    }

    var output: LexerOutput
    var state: State
    let syntax: Syntax
    var at = 0
    /// A here-document that begins with the next line.
    var nextDocument: String?
    /// The end of the key that stands at the line's beginning.
    private var keyEnd = 0

    init(_ line: String, _ syntax: Syntax, state: State) {
        output = LexerOutput(line)
        self.syntax = syntax
        self.state = state
    }

    var bytes: [UInt8] { output.bytes }

    mutating func run() {
        if let sign = syntax.keySign, state == .code { keyEnd = endOfKey(sign) }
        while at < bytes.count {
            switch state {
            case .code, .tag: readCode()
            case .comment(let depth): readComment(depth)
            case .string(let rule, let hashes, let hasEscapes):
                readString(syntax.strings[rule], hashes, hasEscapes, from: at)
            case .hereDocument(let word):
                output.mark(at..<bytes.count, .codeString)
                let line = bytes.text(at..<bytes.count).drop { $0 == "\t" || $0 == " " }
                if line == word { state = .code }
                at = bytes.count
            }
        }
        if case .string(let rule, _, _) = state, !syntax.strings[rule].isMultiline { state = .code }
        if let word = nextDocument { state = .hereDocument(word) }
        output.finish()
    }

    func starts(_ word: [UInt8], at place: Int) -> Bool {
        guard let first = word.first, place + word.count <= bytes.count, bytes[place] == first
        else {
            return false
        }
        return bytes[place..<(place + word.count)].elementsEqual(word)
    }

    // MARK: - Code

    private mutating func readCode() {
        let byte = bytes[at]
        if byte.isBlank {
            at += 1
        } else if readCommentStart() || readStringStart() || readHereDocument() {
            return
        } else if byte.isDigit {
            readNumber()
        } else if isNameByte(byte) || syntax.sigils[byte] != nil {
            readName()
        } else {
            at += 1
        }
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        byte.isLetter || byte == UInt8(ascii: "_") || byte >= 0x80
            || syntax.nameBytes.contains(byte)
    }

    private mutating func readNumber() {
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            let isExponent = byte == .dash || byte == .plus
            if isExponent {
                // 1e-5, but neither 1-5 nor 0xe-5.
                guard bytes[at - 1] | 0x20 == UInt8(ascii: "e"),
                    at - start < 2 || bytes[start + 1] | 0x20 != UInt8(ascii: "x")
                else { break }
            } else if byte == .dot {
                guard at + 1 < bytes.count, bytes[at + 1].isDigit else { break }
            } else if !byte.isLetterOrDigit, byte != UInt8(ascii: "_") {
                break
            }
            at += 1
        }
        output.mark(start..<at, .codeNumber)
    }

    private mutating func readName() {
        let start = at
        at += 1
        while at < bytes.count, isNameByte(bytes[at]) || bytes[at].isDigit { at += 1 }
        if let role = syntax.sigils[bytes[start]], !isNameByte(bytes[start]) {
            return at - start > 1 ? output.mark(start..<at, role) : ()
        }
        let name = bytes.text(start..<at)
        if syntax.stringPrefixes.contains(name) {
            let hashes = syntax.hasHashStrings ? bytes.hashes(at: at) : 0
            if let rule = syntax.strings.firstIndex(where: { starts($0.opening, at: at + hashes) })
            {
                let isRaw = name.contains { $0 == "r" || $0 == "R" || $0 == "@" }
                return open(
                    rule,
                    hashes: hashes,
                    hasEscapes: !isRaw,
                    from: start,
                    opening: at + hashes
                )
            }
        }
        if let role = role(of: name, start) { output.mark(start..<at, role) }
    }

    private func role(of name: String, _ start: Int) -> MarkdownRole? {
        if start < keyEnd { return name == "-" ? nil : .codeType }
        let word = syntax.ignoresCase ? name.lowercased() : name
        if syntax.keywords.contains(word) { return .codeKeyword }
        if syntax.types.contains(word) { return .codeType }
        if syntax.hasCapitalTypes, let first = name.utf8.first, first >= 0x41, first <= 0x5A,
            name.utf8.contains(where: { $0 >= 0x61 && $0 <= 0x7A })
        {
            return .codeType
        }
        if syntax.hasCalls, at < bytes.count, bytes[at] == .openParenthesis { return .codeFunction }
        return nil
    }

    /// The place of a sign that makes the line's beginning a key; 0 when there is none.
    private func endOfKey(_ sign: UInt8) -> Int {
        var place = 0
        while place < bytes.count, bytes[place].isBlank || bytes[place] == .dash { place += 1 }
        let start = place
        while place < bytes.count, bytes[place] != sign {
            let isKey =
                isNameByte(bytes[place]) || bytes[place].isDigit || bytes[place].isBlank
                || bytes[place] == .dot
            guard isKey else { return 0 }
            place += 1
        }
        guard place < bytes.count, place > start else { return 0 }
        let isEnd = sign != .colon || place + 1 == bytes.count || bytes[place + 1].isBlank
        return isEnd ? place : 0
    }

    // MARK: - Comments

    private mutating func readCommentStart() -> Bool {
        for mark in syntax.lineComments where starts(mark, at: at) {
            // In a shell, a # within a word is none.
            if mark == [UInt8(ascii: "#")], at > 0, !bytes[at - 1].isBlank, syntax.hasHereDocuments
            {
                continue
            }
            output.mark(at..<bytes.count, .codeComment)
            at = bytes.count
            return true
        }
        guard let comment = syntax.blockComment, starts(comment.opening, at: at) else {
            return false
        }
        output.mark(at..<(at + comment.opening.count), .codeComment)
        at += comment.opening.count
        state = .comment(depth: 1)
        return true
    }

    private mutating func readComment(_ depth: Int) {
        guard let comment = syntax.blockComment else {
            state = .code
            return
        }
        let start = at
        var depth = depth
        while at < bytes.count, depth > 0 {
            if starts(comment.closing, at: at) {
                depth -= 1
                at += comment.closing.count
            } else if comment.nests, starts(comment.opening, at: at) {
                depth += 1
                at += comment.opening.count
            } else {
                at += 1
            }
        }
        output.mark(start..<at, .codeComment)
        state = depth > 0 ? .comment(depth: depth) : .code
    }
}
