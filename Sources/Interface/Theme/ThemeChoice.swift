package import TerminalCore

/// Which theme is shown: one that was named, or one by the terminal's background.
package struct ThemeChoice: Sendable, Hashable {
    /// What picks by the background.
    package static let automatic = "auto"

    /// What to show on a dark and on a light background.
    package var dark: Theme
    package var light: Theme
    /// The theme that was named; nil lets the background decide.
    package var named: Theme?
    /// Who sets the theme at every start, in words, so that a choice made here cannot last.
    package var setBy: String?
    /// The terminal's background, once it is known.
    package var background: RGB?

    package init(
        dark: Theme = .plain,
        light: Theme = .plain,
        named: Theme? = nil,
        setBy: String? = nil
    ) {
        self.dark = dark
        self.light = light
        self.named = named
        self.setBy = setBy
    }

    package var isAutomatic: Bool { named == nil }

    /// The theme for the background; dark until that is known.
    package var byBackground: Theme {
        background.map(Theme.Appearance.init(of:)) == .light ? light : dark
    }

    /// What is shown.
    package var current: Theme { (named ?? byBackground).fitting(background) }
}

extension Theme {
    /// The theme as it can be read: on a background of the other kind it paints its own.
    package func fitting(_ background: RGB?) -> Theme {
        guard let background, Appearance(of: background) != appearance, hasColors else {
            return self
        }
        var fitting = self
        fitting.paintsBackground = true
        return fitting
    }

    private var hasColors: Bool {
        styles.values.contains { $0.foreground != .terminal || $0.background != .terminal }
    }
}
