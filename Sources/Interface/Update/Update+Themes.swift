import TerminalCore

/// Choosing a theme: `/theme` shows each one on the screen as it is while the list is open.
extension AppState {
    /// The terminal's background became known, or changed.
    mutating func receiveBackground(_ shade: RGB) {
        themeChoice.background = shade
        if !isTryingThemes { theme = themeChoice.current }
    }

    /// Takes in the themes: the one that was named is taken, else there is a list to pick from.
    mutating func receive(_ themes: [Theme], wanted: String?) -> [Effect] {
        self.themes = themes
        guard let wanted else {
            showCompletionAgain()
            return []
        }
        guard wanted.isEmpty else { return chooseTheme(wanted) }
        isTryingThemes = true
        let automatic = ListOverlay.Item(
            id: ThemeChoice.automatic,
            title: ThemeChoice.automatic,
            detail: "\(themeChoice.dark.name) or \(themeChoice.light.name), by the background"
        )
        let items = themes.map { theme in
            ListOverlay.Item(
                id: theme.name,
                title: theme.name,
                detail: theme.appearance.rawValue,
                trailing: "contrast \(theme.weakest.contrast.tenths)"
            )
        }
        let present = themeChoice.named?.name ?? ThemeChoice.automatic
        overlay = .list(
            ListOverlay(.theme, title: "Themes", items: [automatic] + items, selected: present)
        )
        return []
    }

    /// Shows the selected theme while the list is open.
    mutating func previewTheme(_ name: String?) {
        if let name, let shown = theme(named: name) {
            theme = shown.fitting(themeChoice.background)
        }
    }

    /// Goes back to the theme from before the list.
    mutating func endThemePreview() {
        guard isTryingThemes else { return }
        isTryingThemes = false
        theme = themeChoice.current
    }

    /// Takes a theme by name, for now and for the starts to come.
    mutating func chooseTheme(_ name: String) -> [Effect] {
        guard let chosen = theme(named: name) else {
            let names = [ThemeChoice.automatic] + themes.map(\.name)
            show(
                "There is no theme \"\(name)\".\(Suggestion.question(for: name, among: names))"
                    + " /theme lists them.",
                isError: true
            )
            return []
        }
        themeChoice.named = name == ThemeChoice.automatic ? nil : chosen
        theme = themeChoice.current
        let words = themeChoice.isAutomatic ? "auto, now \(chosen.name)" : chosen.name
        guard let setter = themeChoice.setBy else {
            show("The theme is \(words) from now on.")
            return [.rememberTheme(name)]
        }
        show("The theme is \(words) until facet ends; \(setter) sets it at every start.")
        return []
    }

    private func theme(named name: String) -> Theme? {
        name == ThemeChoice.automatic
            ? themeChoice.byBackground : themes.first { $0.name == name }
    }
}
