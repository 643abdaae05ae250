/// What a piece of text is, as far as its looks go.
package enum Ink: String, Sendable, Hashable, CaseIterable {
    case text
    /// Names before what the user and the model say.
    case user
    case model
    case thought
    /// Hints, rules, counts.
    case faint
    case error
    case notice
    case status
    /// Parts of the status line that matter: mode, caution.
    case statusStrong

    case heading
    /// Code within a line.
    case code
    /// Text of a code block that is nothing special.
    case codeBlock
    case codeKeyword
    case codeString
    case codeNumber
    case codeComment
    case codeType
    case codeFunction
    case link
    case quote
    /// Lines a change brings or takes.
    case added
    case removed

    /// The lines between panes, and those around the pane that has the keys.
    case border
    case borderFocus
    /// The chosen row of a list, or selected text.
    case selection
    /// What a search found.
    case match
    /// A thing that stands for something longer: a paste, an attachment.
    case chip
    /// Bars that show how much of something is used.
    case meter

    /// How theme files write it: `codeKeyword` is `code_keyword`.
    package var name: String {
        rawValue.reduce(into: "") { name, letter in
            name += letter.isUppercase ? "_\(letter.lowercased())" : String(letter)
        }
    }

    package init?(name: String) {
        guard let ink = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = ink
    }
}
