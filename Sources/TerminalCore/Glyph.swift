/// One drawable cluster with its width: what a cell can show.
///
/// This is the drawing border. Text from outside (models, files, names, tools, servers) becomes
/// glyphs only here, and no glyph holds a control character, so nothing that is drawn can move
/// the cursor, change a mode, or hide from the reader. The text itself is stored as it was.
package struct Glyph: Sendable, Hashable {
    package var text: String
    /// Columns; at least 1.
    package var width: Int

    init(_ text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// Scalars after which a cluster is cut: real ones have at most about ten.
    private static let longestCluster = 24

    /// What is shown for a cluster: itself, or a visible code in its place.
    package static func drawing(_ cluster: Character) -> [Glyph] {
        if cluster.isPlainASCII { return [Glyph(String(cluster), width: 1)] }
        let scalars = cluster.unicodeScalars
        if scalars.allSatisfy(isHarmless) || isSubdivisionFlag(scalars) {
            return [harmless(cluster)]
        }
        // The harmless scalars keep their clusters; each of the others becomes a code.
        var glyphs: [Glyph] = []
        var kept = String.UnicodeScalarView()
        func flush() {
            guard !kept.isEmpty else { return }
            for cluster in String(kept) { glyphs.append(harmless(cluster)) }
            kept = String.UnicodeScalarView()
        }
        for scalar in scalars {
            if isHarmless(scalar) {
                kept.append(scalar)
            } else {
                flush()
                glyphs += code(for: scalar)
            }
        }
        flush()
        return glyphs
    }

    private static func harmless(_ cluster: Character) -> Glyph {
        let scalars = cluster.unicodeScalars
        var text = String(cluster)
        if scalars.count > longestCluster {
            text = String(String.UnicodeScalarView(scalars.prefix(longestCluster)))
        }
        let width = DisplayWidth.of(Character(firstOf: text))
        // A lone mark needs something to stand on, or it would change the cell before it.
        return width > 0 ? Glyph(text, width: width) : Glyph("\u{25CC}" + text, width: 1)
    }

    private static func code(for scalar: Unicode.Scalar) -> [Glyph] {
        switch scalar.value {
        case 0x09: return [Glyph(" ", width: 1)]
        case 0x00..<0x20:
            return [Glyph(String(Character(offset: 0x2400 + scalar.value)), width: 1)]
        case 0x7F: return [Glyph("\u{2421}", width: 1)]
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return "<\(padded)>".map { Glyph(String($0), width: 1) }
        }
    }

    /// False for what a terminal would obey or a reader could not see.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20..<0x7F: return true
        case 0..<0xA0: return false
        // Letters of the most written scripts need no tables.
        case 0x0100..<0x034F, 0x0391..<0x0530, 0x3041..<0x3097, 0x4E00..<0x9FFD, 0xAC00..<0xD7A4:
            return true
        // Soft hyphen, combining joiner, Arabic letter mark, Hangul fillers, Mongolian separator.
        case 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x3164, 0xFFA0, 0x180E: return false
        // The two joiners shape emoji and Indic text; everything else here is invisible.
        case 0x200C, 0x200D: return true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB:
            return false
        case 0xE0000...0xE0FFF: return false
        default:
            return scalar.properties.generalCategory != .surrogate
                && !scalar.properties.isNoncharacterCodePoint
        }
    }

    /// The flags of England, Scotland and Wales are spelt in tag characters; no other text is.
    private static func isSubdivisionFlag(_ scalars: Character.UnicodeScalarView) -> Bool {
        guard scalars.first?.value == 0x1F3F4, scalars.last?.value == 0xE007F else { return false }
        let letters = scalars.dropFirst().dropLast().compactMap { scalar -> Character? in
            (0xE0061...0xE007A).contains(scalar.value)
                ? Character(offset: scalar.value - 0xE0000) : nil
        }
        return scalars.count == 7 && ["gbeng", "gbsct", "gbwls"].contains(String(letters))
    }
}

extension Character {
    /// The scalar with this number; callers pass constants and small offsets only.
    fileprivate init(offset value: UInt32) {
        self = Unicode.Scalar(value).map { Character($0) } ?? "\u{FFFD}"
    }

    fileprivate init(firstOf text: String) {
        self = text.first ?? " "
    }
}

extension String {
    /// The text as glyphs show it, line ends kept: nothing in it steers a terminal or hides.
    package var drawn: String {
        if utf8.allSatisfy({ ($0 >= 0x20 && $0 < 0x7F) || $0 == 0x0A }) { return self }
        var text = ""
        for cluster in self {
            if cluster.isLineBreak {
                text += "\n"
            } else {
                for glyph in Glyph.drawing(cluster) { text += glyph.text }
            }
        }
        return text
    }
}
