/// Strings, characters and here-documents.
extension Lexer {
    mutating func readStringStart() -> Bool {
        var hashes = 0
        if syntax.hasHashStrings {
            hashes = bytes.hashes(at: at)
            if hashes > 0, at + hashes >= bytes.count || bytes[at + hashes] != UInt8(ascii: "\"") {
                // A long run is stepped over at once, else each of its places would count what is left.
                at += hashes > 1 ? hashes : 0
                return hashes > 1
            }
        }
        let opening = at + hashes
        guard let rule = syntax.strings.firstIndex(where: { starts($0.opening, at: opening) })
        else {
            return false
        }
        if syntax.quotesOneCharacter, bytes[opening] == UInt8(ascii: "'") {
            guard let end = endOfCharacter(opening) else { return false }
            output.mark(at..<end, .codeString)
            at = end
            return true
        }
        let hasEscapes = syntax.strings[rule].hasEscapes && hashes == 0
        open(rule, hashes: hashes, hasEscapes: hasEscapes, from: at, opening: opening)
        return true
    }

    /// The place after `'x'` or `'\n'`; nil for what is no character.
    private func endOfCharacter(_ start: Int) -> Int? {
        guard start + 2 < bytes.count else { return nil }
        let isEscape = bytes[start + 1] == .backslash
        let end = min(bytes.count, start + (isEscape ? 12 : 6))
        for place in (start + (isEscape ? 3 : 2))..<max(end, start + 3) where place < end {
            if bytes[place] == UInt8(ascii: "'") { return place + 1 }
            if !isEscape, bytes[place] < 0x80 { return nil }
        }
        return nil
    }

    mutating func open(
        _ rule: Int,
        hashes: Int,
        hasEscapes: Bool,
        from start: Int,
        opening: Int
    ) {
        state = .string(rule: rule, hashes: hashes, hasEscapes: hasEscapes)
        at = opening + syntax.strings[rule].opening.count
        readString(syntax.strings[rule], hashes, hasEscapes, from: start)
    }

    mutating func readString(
        _ rule: Syntax.StringRule,
        _ hashes: Int,
        _ hasEscapes: Bool,
        from start: Int
    ) {
        while at < bytes.count {
            if hasEscapes, bytes[at] == .backslash {
                at = min(bytes.count, at + 2)
            } else if starts(rule.closing, at: at),
                bytes.hashes(at: at + rule.closing.count) >= hashes
            {
                at += rule.closing.count + hashes
                output.mark(start..<at, role(ofString: start))
                state = .code
                return
            } else {
                at += 1
            }
        }
        output.mark(start..<at, .codeString)
    }

    /// A string before a colon is a key, where keys are.
    private func role(ofString start: Int) -> MarkdownRole {
        guard syntax.keySign == .colon else { return .codeString }
        var place = at
        while place < bytes.count, bytes[place].isBlank { place += 1 }
        return place < bytes.count && bytes[place] == .colon ? .codeType : .codeString
    }

    mutating func readHereDocument() -> Bool {
        guard syntax.hasHereDocuments, starts([.less, .less], at: at), at + 2 < bytes.count,
            bytes[at + 2] != .less
        else { return false }
        var place = at + 2
        if bytes[place] == .dash { place += 1 }
        while place < bytes.count, bytes[place].isBlank { place += 1 }
        let isQuoted =
            place < bytes.count
            && (bytes[place] == UInt8(ascii: "'") || bytes[place] == UInt8(ascii: "\""))
        if isQuoted { place += 1 }
        let start = place
        while place < bytes.count, bytes[place].isLetterOrDigit || bytes[place] == UInt8(ascii: "_")
        { place += 1 }
        guard place > start, !bytes[start].isDigit else { return false }
        nextDocument = bytes.text(start..<place)
        if isQuoted, place < bytes.count { place += 1 }
        output.mark(at..<place, .codeString)
        at = place
        return true
    }
}

extension [UInt8] {
    /// The number of `#` from a place on.
    func hashes(at place: Int) -> Int {
        guard place < count else { return 0 }
        return self[place...].prefix { $0 == UInt8(ascii: "#") }.count
    }
}
