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

    /// Without any colour: what is shown before a theme was chosen.
    package static let plain = Theme(
        name: "plain",
        styles: [
            .user: Style(.terminal, on: .terminal, .bold),
            .model: Style(.terminal, on: .terminal, [.bold, .underline]),
            .thought: Style(.terminal, on: .terminal, .italic),
            .error: Style(.terminal, on: .terminal, [.bold, .reverse]),
            .notice: Style(.terminal, on: .terminal, .bold),
            .status: Style(.terminal, on: .terminal, .reverse),
            .statusStrong: Style(.terminal, on: .terminal, [.bold, .reverse]),
            .heading: Style(.terminal, on: .terminal, .bold),
            .link: Style(.terminal, on: .terminal, .underline),
            .borderFocus: Style(.terminal, on: .terminal, .bold),
            .selection: Style(.terminal, on: .terminal, .reverse),
            .match: Style(.terminal, on: .terminal, [.bold, .reverse]),
            .chip: Style(.terminal, on: .terminal, .reverse),
        ]
    )
}
