import Foundation

/// Cuts text into words as search compares them: without case, accents and punctuation.
///
/// Letters and digits in a row are a word. Where writing has no spaces (Chinese, Japanese, Thai and
/// their neighbours) each character is one, and so is an emoji, so that any part of a sentence is
/// found as a row of words. The index and the search over files both cut with it, and the index
/// gives SQLite nothing but its words: their idea of a word is the same in every version.
package struct WordReader {
    /// Bytes of a word that count; the rest of a longer one, as of encoded data, is passed over.
    package static let longest = 64

    /// What a scalar is to a word.
    private enum Piece {
        /// Ends a word.
        case gap
        /// Belongs to a word without changing it: an accent, a joiner.
        case silent
        /// Part of a word, folded.
        case part([UInt8])
        /// A word by itself, folded.
        case whole([UInt8])
    }

    /// Non-ASCII scalars met so far; working one out costs more than the rest of the text.
    private var pieces: [UInt32: Piece] = [:]

    /// Appends the words of a text, each with a space after it.
    package init() {}

    mutating func append(_ text: String, to out: inout [UInt8]) {
        eachWord(of: text) { word, _ in
            out += word
            out.append(0x20)
        }
    }

    /// Gives each word, folded, with its place in the text's UTF-8.
    package mutating func eachWord(of text: String, _ body: ([UInt8], Range<Int>) -> Void) {
        var text = text
        text.makeContiguousUTF8()
        let span = text.utf8Span.span
        var word: [UInt8] = []
        word.reserveCapacity(Self.longest)
        var begin = 0
        var end = 0
        var isWhole = false
        var index = 0
        while index < span.count {
            let byte = span[index]
            if byte < 0x80 {
                let folded = Self.ascii[Int(byte)]
                if folded != 0, !isWhole {
                    if word.isEmpty { begin = index }
                    if word.count < Self.longest { word.append(folded) }
                    index += 1
                    end = index
                    continue
                }
                if !word.isEmpty {
                    body(word, begin..<end)
                    word.removeAll(keepingCapacity: true)
                }
                isWhole = false
                if folded == 0 { index += 1 }
                continue
            }
            let (scalar, length) = Self.scalar(in: span, at: index)
            let next = index + length
            switch piece(scalar) {
            case .gap:
                if !word.isEmpty { body(word, begin..<end) }
                word.removeAll(keepingCapacity: true)
                isWhole = false
            case .silent:
                if !word.isEmpty { end = next }
            case .part(let folded):
                if isWhole {
                    body(word, begin..<end)
                    word.removeAll(keepingCapacity: true)
                    isWhole = false
                }
                if word.isEmpty { begin = index }
                if word.count + folded.count <= Self.longest { word += folded }
                end = next
            case .whole(let folded):
                if !word.isEmpty { body(word, begin..<end) }
                word = folded
                isWhole = true
                begin = index
                end = next
            }
            index = next
        }
        if !word.isEmpty { body(word, begin..<end) }
    }

    /// The folded letter or digit of an ASCII byte, 0 for any other.
    private static let ascii: [UInt8] = (0..<128).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"):
            UInt8(byte)
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt8(byte) + 0x20
        default: 0
        }
    }

    /// Decodes a scalar of more than one byte; a String's UTF-8 is always valid.
    private static func scalar(in span: Span<UInt8>, at index: Int) -> (UInt32, length: Int) {
        let lead = UInt32(span[index])
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = lead & (0xFF >> UInt32(length + 1))
        for offset in 1..<length { value = value << 6 | UInt32(span[index + offset] & 0x3F) }
        return (value, length)
    }

    private mutating func piece(_ value: UInt32) -> Piece {
        if let known = pieces[value] { return known }
        let made = Unicode.Scalar(value).map(Self.piece) ?? .gap
        pieces[value] = made
        return made
    }

    private static func piece(_ scalar: Unicode.Scalar) -> Piece {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return .silent
        default: break
        }
        // Upper case first, so that both forms of a sigma and a sharp s meet.
        let folded = String(scalar).decomposedStringWithCompatibilityMapping.uppercased()
            .lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars
            .filter { isLetterOrDigit($0) && $0.properties.generalCategory != .nonspacingMark }
        let bytes = Array(String(String.UnicodeScalarView(folded)).utf8)
        if isLetterOrDigit(scalar), !bytes.isEmpty {
            return isWrittenWithoutSpaces(scalar) ? .whole(bytes) : .part(bytes)
        }
        if scalar.properties.isEmojiPresentation { return .whole(Array(String(scalar).utf8)) }
        return .gap
    }

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: scalar.properties.isAlphabetic
        }
    }

    private static func isWrittenWithoutSpaces(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isIdeographic { return true }
        return switch scalar.value {
        // Thai, Lao; Myanmar; Khmer; kana, also of half width.
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x31F0...0x31FF,
            0xFF66...0xFF9F:
            true
        default: false
        }
    }
}
