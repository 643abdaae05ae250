package import TerminalCore

/// How many colours are drawn.
package enum ColorDepth: Sendable, Hashable {
    case none
    case eight
    case sixteen
    case indexed
    case full
}

/// How a notice reaches the desktop.
package enum NoticeForm: Sendable, Hashable {
    case bell
    /// OSC 9.
    case text
    /// OSC 99, kitty's.
    case kitty
}

/// What the environment tells of the terminal; a pure value.
package struct TerminalKind: Sendable, Hashable {
    package let name: String
    private let environment: [String: String]

    package init(environment: [String: String]) {
        self.environment = environment
        name = environment["TERM"] ?? ""
    }

    /// Understands xterm's private modes and keyboard protocols, or ignores them.
    package var takesExtensions: Bool {
        !["linux", "vt", "ansi", "cons", "sun", "wsvt"].contains { name.hasPrefix($0) }
    }

    /// False where a link would be written into a multiplexer that drops it.
    package var takesLinks: Bool {
        guard takesExtensions, !isInScreen else { return false }
        return !isInTmux || tmuxVersion >= (3, 4)
    }

    /// True where a question about kitty's graphics is answered or ignored; multiplexers take it for a
    /// title.
    package var takesGraphicsQuery: Bool { takesExtensions && !isInTmux && !isInScreen }

    /// Elsewhere, and behind a multiplexer, only the bell is sure to be heard.
    package var notice: NoticeForm {
        if isInTmux || isInScreen || !takesExtensions { return .bell }
        if name.hasPrefix("xterm-kitty") { return .kitty }
        let programs = ["iTerm.app", "WezTerm", "ghostty"]
        let names = ["xterm-ghostty", "ghostty", "wezterm", "foot"]
        let takesText =
            programs.contains(environment["TERM_PROGRAM"] ?? "")
            || names.contains { name.hasPrefix($0) }
        return takesText ? .text : .bell
    }

    /// Chooses from what terminfo knows (`colors`, and `RGB` or `Tc`) and what the environment says.
    package func depth(colors: Int, takes24Bits: Bool) -> ColorDepth {
        if let wish = environment["NO_COLOR"], !wish.isEmpty { return .none }
        if takes24Bits || colors > 256 || name.hasSuffix("-direct") { return .full }
        // GNU screen passes COLORTERM on but misreads 24-bit colours.
        if !isInScreen {
            if ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "") { return .full }
            let modern = [
                "xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour",
            ]
            if modern.contains(where: name.hasPrefix) { return .full }
        }
        switch colors {
        case ..<8: return .none
        case ..<16: return .eight
        case ..<256: return .sixteen
        default: return .indexed
        }
    }

    /// The background by `COLORFGBG`, which some terminals set: `15;0` or `15;default;0`.
    package var background: RGB? {
        let fields = (environment["COLORFGBG"] ?? "").split(separator: ";")
        guard fields.count >= 2, let entry = fields.last.flatMap({ UInt8($0) }), entry < 16 else {
            return nil
        }
        return Palette.color(of: entry)
    }

    /// By its name too: over ssh the variable stays behind.
    private var isInTmux: Bool { !(environment["TMUX"] ?? "").isEmpty || name.hasPrefix("tmux") }

    private var isInScreen: Bool {
        !isInTmux && (!(environment["STY"] ?? "").isEmpty || name.hasPrefix("screen"))
    }

    /// The version tmux names to its panes since 3.2: `3.3a` is (3, 3).
    private var tmuxVersion: (Int, Int) {
        guard environment["TERM_PROGRAM"] == "tmux" else { return (0, 0) }
        let numbers = (environment["TERM_PROGRAM_VERSION"] ?? "").split { !$0.isNumber }
        let parts = numbers.map { Int($0) ?? 0 } + [0, 0]
        return (parts[0], parts[1])
    }
}
