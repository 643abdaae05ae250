package import TerminalCore

/// The looks of the interface.
///
/// Meaning never hangs on colour alone, so it reads without any.
package struct Theme: Sendable, Hashable {
    /// The kind of background it is made for.
    package enum Appearance: String, Sendable, Hashable, CaseIterable {
        case dark
        case light
    }

    package var name: String
    package var appearance: Appearance
    /// The background that its colours are chosen for.
    package var background: RGB
    /// The colour of text that asks for no other.
    package var text: RGB
    /// Whether the background and the text's colour are drawn, or left to the terminal.
    package var paintsBackground: Bool
    package var styles: [Ink: Style]

    package init(
        name: String,
        appearance: Appearance = .dark,
        background: RGB = RGB(0, 0, 0),
        text: RGB = RGB(255, 255, 255),
        paintsBackground: Bool = false,
        styles: [Ink: Style]
    ) {
        self.name = name
        self.appearance = appearance
        self.background = background
        self.text = text
        self.paintsBackground = paintsBackground
        self.styles = styles
    }

    package subscript(ink: Ink) -> Style {
        var style = styles[ink] ?? .plain
        guard paintsBackground else { return style }
        if style.foreground == .terminal { style.foreground = text.color }
        if style.background == .terminal { style.background = background.color }
        return style
    }

    /// For dark backgrounds.
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
            .heading: Style(.rgb(0x8A, 0xB4, 0xF8), on: .terminal, .bold),
            .code: Style(.rgb(0xE8, 0xC0, 0x7D)),
            .codeBlock: Style(.rgb(0xD5, 0xD9, 0xE0)),
            .codeKeyword: Style(.rgb(0xC5, 0x9C, 0xF0)),
            .codeString: Style(.rgb(0xA5, 0xD6, 0x8A)),
            .codeNumber: Style(.rgb(0xF2, 0xAE, 0x72)),
            .codeComment: Style(.rgb(0x8F, 0x96, 0xA3), on: .terminal, .italic),
            .codeType: Style(.rgb(0x78, 0xCF, 0xD8)),
            .codeFunction: Style(.rgb(0x8A, 0xB4, 0xF8)),
            .link: Style(.rgb(0x7F, 0xC4, 0xF5), on: .terminal, .underline),
            .quote: Style(.rgb(0xB4, 0xBA, 0xC4), on: .terminal, .italic),
            .added: Style(.rgb(0x81, 0xC9, 0x95)),
            .removed: Style(.rgb(0xF2, 0x8B, 0x82)),
            .border: Style(.rgb(0x84, 0x8B, 0x98)),
            .borderFocus: Style(.rgb(0x8A, 0xB4, 0xF8), on: .terminal, .bold),
            .selection: Style(.rgb(0xFF, 0xFF, 0xFF), on: .rgb(0x2C, 0x4A, 0x78)),
            .match: Style(.rgb(0x1B, 0x1D, 0x21), on: .rgb(0xFD, 0xD6, 0x63)),
            .chip: Style(.rgb(0xE8, 0xEA, 0xED), on: .rgb(0x42, 0x47, 0x50)),
            .meter: Style(.rgb(0x81, 0xC9, 0x95)),
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
            .heading: Style(.rgb(0x17, 0x4E, 0xA6), on: .terminal, .bold),
            .code: Style(.rgb(0x7A, 0x45, 0x00)),
            .codeBlock: Style(.rgb(0x2B, 0x2F, 0x36)),
            .codeKeyword: Style(.rgb(0x6A, 0x2C, 0xA8)),
            .codeString: Style(.rgb(0x1F, 0x6B, 0x2E)),
            .codeNumber: Style(.rgb(0x96, 0x44, 0x06)),
            .codeComment: Style(.rgb(0x5A, 0x61, 0x6B), on: .terminal, .italic),
            .codeType: Style(.rgb(0x0B, 0x62, 0x70)),
            .codeFunction: Style(.rgb(0x17, 0x4E, 0xA6)),
            .link: Style(.rgb(0x0B, 0x57, 0xB0), on: .terminal, .underline),
            .quote: Style(.rgb(0x4A, 0x50, 0x5A), on: .terminal, .italic),
            .added: Style(.rgb(0x0D, 0x65, 0x2D)),
            .removed: Style(.rgb(0xA5, 0x1D, 0x17)),
            .border: Style(.rgb(0x68, 0x6E, 0x78)),
            .borderFocus: Style(.rgb(0x17, 0x4E, 0xA6), on: .terminal, .bold),
            .selection: Style(.rgb(0x10, 0x1A, 0x2B), on: .rgb(0xBF, 0xD7, 0xFB)),
            .match: Style(.rgb(0x1A, 0x1A, 0x1A), on: .rgb(0xFF, 0xDD, 0x66)),
            .chip: Style(.rgb(0x20, 0x21, 0x24), on: .rgb(0xD3, 0xD8, 0xDF)),
            .meter: Style(.rgb(0x0D, 0x65, 0x2D)),
        ]
    )
}
