/// A notice for the desktop as terminals take it.
package enum NoticeText {
    private static let longest = 200

    package static func bytes(_ text: String, as form: NoticeForm, bell: [UInt8]) -> [UInt8] {
        let clean = cleaned(text)
        switch form {
        case .bell: return bell
        case .text where clean.isEmpty, .kitty where clean.isEmpty: return bell
        case .text: return Array("\u{1B}]9;\(clean)\u{1B}\\".utf8)
        case .kitty: return Array("\u{1B}]99;;\(clean)\u{1B}\\".utf8)
        }
    }

    /// Printable text only, and nothing that reads as one of OSC 9's numbered commands.
    static func cleaned(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(longest) {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            case .format, .surrogate, .privateUse, .unassigned: break
            default: scalars.append(scalar == ";" ? "," : scalar)
            }
        }
        return String(scalars)
    }
}
