/// Links as terminals take them (OSC 8).
///
/// A target comes from a model or a page, so only its printable ASCII goes to the terminal and the
/// rest is percent-encoded: it can end neither the sequence nor the link early.
package enum Hyperlink {
    private static let schemes = ["http", "https", "mailto"]
    /// Longer targets are drawn without a link; terminals stop at about 2,000 bytes.
    private static let longestTarget = 2_000

    /// Begins a link to a target that may be followed, else ends the one before.
    package static func bytes(to target: String?) -> [UInt8] {
        guard let target, let clean = cleaned(target) else {
            return Array("\u{1B}]8;;\u{1B}\\".utf8)
        }
        // Pieces of one link with the same id light up together, however often they are redrawn.
        let id = clean.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return Array("\u{1B}]8;id=\(String(id, radix: 36));\(clean)\u{1B}\\".utf8)
    }

    /// The target with everything but printable ASCII percent-encoded; nil when it leads nowhere
    /// that a click should lead.
    package static func cleaned(_ target: String) -> String? {
        guard target.utf8.count <= longestTarget,
            let colon = target.utf8.firstIndex(of: UInt8(ascii: ":")),
            schemes.contains(target[..<colon].lowercased())
        else { return nil }
        var clean: [UInt8] = []
        for byte in target.utf8 {
            if byte > 0x20, byte < 0x7F {
                clean.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                clean += Array((byte < 0x10 ? "%0" : "%").utf8) + Array(digits.utf8)
            }
        }
        return clean.count <= longestTarget ? String(decoding: clean, as: UTF8.self) : nil
    }
}
