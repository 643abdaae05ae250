/// How many columns text takes in a terminal.
///
/// Own tables rather than the C library's `wcwidth`, which knows scalars, not grapheme clusters,
/// and answers by locale.
package enum DisplayWidth {
    /// Columns of one cluster that is safe to draw: 0 only for lone marks.
    package static func of(_ cluster: Character) -> Int {
        let scalars = cluster.unicodeScalars
        guard let first = scalars.first else { return 0 }
        if first.isASCII, scalars.count == 1 { return 1 }
        var sum = 0
        var regionalIndicators = 0
        for scalar in scalars {
            switch scalar.value {
            // Emoji presentation, zero width joiner, skin tones, keycap: all of it is one picture.
            case 0xFE0F where first.properties.isEmoji: return 2
            case 0x20E3 where first.properties.isEmoji: return 2
            case 0x1F3FB...0x1F3FF where scalar != first: return 2
            case 0x200D where first.properties.isEmoji && !first.isASCII: return 2
            case 0x1F1E6...0x1F1FF: regionalIndicators += 1
            default: break
            }
            sum += of(scalar)
        }
        if regionalIndicators == 2 { return 2 }
        // Conjuncts of some Indic scripts are several columns wide; more than 8 is an attack.
        return min(sum, 8)
    }

    /// Columns of a text drawn on one row; the text is cleaned first, as drawing would.
    package static func of(_ text: String) -> Int {
        var columns = 0
        for cluster in text {
            if cluster.isPlainASCII {
                columns += 1
            } else {
                for glyph in Glyph.drawing(cluster) { columns += glyph.width }
            }
        }
        return columns
    }

    /// Columns of one scalar: 0, 1 or 2.
    static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        if isWide(value) { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: break
        }
        switch value {
        // Vowels and finals of Hangul syllables stand inside the leading consonant's two columns.
        case 0x1160...0x11FF, 0xD7B0...0xD7FB: return 0
        // One half of a flag.
        case 0x1F1E6...0x1F1FF: return 1
        default: return value >= 0x2300 && scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        if value < 0x1100 { return false }
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < wideRanges.count && wideRanges[low].lowerBound <= value
    }
}

extension Character {
    /// One printable ASCII character: the common case, which needs no table.
    var isPlainASCII: Bool {
        guard let ascii = asciiValue else { return false }
        // "\r\n" is one Character whose asciiValue is 10.
        return ascii >= 0x20 && ascii < 0x7F
    }
}
