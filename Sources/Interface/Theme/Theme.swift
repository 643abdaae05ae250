package import TerminalCore

/// What a piece of text is, as far as its looks go.
package enum Ink: Sendable, Hashable, CaseIterable {
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
}

/// The looks of the interface.
package struct Theme: Sendable, Hashable {
    package var name: String
    package var styles: [Ink: Style]

    package init(name: String, styles: [Ink: Style]) {
        self.name = name
        self.styles = styles
    }

    package subscript(ink: Ink) -> Style { styles[ink] ?? .plain }

    /// For dark backgrounds.
    ///
    /// Meaning never hangs on colour alone, so it reads without any.
    package static let dark = Theme(
        name: "dark",
        styles: [
            .user: Style(.rgb(0x8A, 0xB4, 0xF8), on: .terminal, .bold),
            .model: Style(.rgb(0x81, 0xC9, 0x95), on: .terminal, .bold),
            .thought: Style(.rgb(0xB0, 0xA8, 0xC8), on: .terminal, .italic),
            .faint: Style(.rgb(0x8A, 0x90, 0x99)),
            .error: Style(.rgb(0xF2, 0x8B, 0x82), on: .terminal, .bold),
            .notice: Style(.rgb(0xFD, 0xD6, 0x63)),
            .status: Style(.rgb(0xE8, 0xEA, 0xED), on: .rgb(0x30, 0x34, 0x3B)),
            .statusStrong: Style(.rgb(0xFF, 0xFF, 0xFF), on: .rgb(0x30, 0x34, 0x3B), .bold),
        ]
    )

    /// For light backgrounds.
    package static let light = Theme(
        name: "light",
        styles: [
            .user: Style(.rgb(0x17, 0x4E, 0xA6), on: .terminal, .bold),
            .model: Style(.rgb(0x0D, 0x65, 0x2D), on: .terminal, .bold),
            .thought: Style(.rgb(0x5B, 0x4B, 0x8A), on: .terminal, .italic),
            .faint: Style(.rgb(0x5F, 0x63, 0x68)),
            .error: Style(.rgb(0xB3, 0x14, 0x12), on: .terminal, .bold),
            .notice: Style(.rgb(0x8A, 0x5A, 0x00)),
            .status: Style(.rgb(0x20, 0x21, 0x24), on: .rgb(0xE1, 0xE5, 0xEA)),
            .statusStrong: Style(.rgb(0x00, 0x00, 0x00), on: .rgb(0xE1, 0xE5, 0xEA), .bold),
        ]
    )
}
