/// Assembles characters from bytes that arrive in any portions.
///
/// Bytes that can form no character become U+FFFD, one for each maximal part of an ill-formed
/// sequence, as Unicode recommends.
package struct CharacterAssembler: Sendable, Hashable {
    /// The beginning of a character whose end has not arrived; at most three bytes.
    private var pending: [UInt8] = []

    package init() {}

    /// How many bytes of an unfinished character wait.
    package var unfinishedCount: Int { pending.count }

    /// Adds bytes and hands out every character that is now complete.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> String {
        pending.append(contentsOf: bytes)
        let whole = pending.count - Self.incompleteTail(of: pending)
        guard whole > 0 else { return "" }
        let text = String(decoding: pending[..<whole], as: UTF8.self)
        pending.removeFirst(whole)
        return text
    }

    /// Ends the text: an unfinished character becomes U+FFFD.
    package mutating func flush() -> String {
        defer { pending.removeAll() }
        return String(decoding: pending, as: UTF8.self)
    }

    /// How many bytes at the end begin a character that further bytes could complete.
    private static func incompleteTail(of bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let lead = bytes[bytes.count - length]
            let needed: Int
            switch lead {
            case 0x80...0xBF: continue
            case 0xC2...0xDF: needed = 2
            case 0xE0...0xEF: needed = 3
            case 0xF0...0xF4: needed = 4
            default: return 0
            }
            guard length < needed else { return 0 }
            if length > 1 {
                // Table 3-7 of the Unicode standard: some second bytes are never right.
                let allowed: ClosedRange<UInt8> =
                    switch lead {
                    case 0xE0: 0xA0...0xBF
                    case 0xED: 0x80...0x9F
                    case 0xF0: 0x90...0xBF
                    case 0xF4: 0x80...0x8F
                    default: 0x80...0xBF
                    }
                guard allowed.contains(bytes[bytes.count - length + 1]) else { return 0 }
            }
            return length
        }
        return 0
    }
}

/// Turns token ids into text as they arrive; a character split over several tokens waits for its
/// last byte.
///
/// Special tokens add nothing and end a character that waits.
package struct StreamingDetokenizer: Sendable {
    private let vocabulary: Vocabulary
    private var assembler = CharacterAssembler()

    package init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

    /// How many bytes of an unfinished character wait.
    package var unfinishedCount: Int { assembler.unfinishedCount }

    /// Adds a token and hands out the text that is now complete, often none.
    package mutating func append(_ id: Int) -> String {
        if vocabulary.specials.token(of: id) != nil { return assembler.flush() }
        return assembler.append(vocabulary.textBytes(of: id))
    }

    /// Ends the text: an unfinished character becomes U+FFFD.
    package mutating func flush() -> String { assembler.flush() }
}
