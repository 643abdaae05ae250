import Configuration
import Foundation
import Interface
import StateStore
import TerminalCurses

/// Which theme the interface begins with, and what it may change to.
struct Looks {
    let choice: ThemeChoice

    static var library: ThemeLibrary {
        ThemeLibrary(environment: ProcessInfo.processInfo.environment)
    }

    /// Goes by the settings, then by what was chosen in the interface, then by the background.
    /// - Throws: `Failure` when a theme that the settings name can't be had.
    init(_ settings: Settings) throws {
        let library = Self.library
        func named(_ name: String, by key: SettingKey) throws -> Theme {
            do { return try library.theme(named: name) } catch {
                let place = settings.origin(of: key).description
                throw Failure("\(key.name), set by \(place): \(error.userMessage)", .usage)
            }
        }
        let dark = try named(settings.text(.themeDark) ?? "dark", by: .themeDark)
        let light = try named(settings.text(.themeLight) ?? "light", by: .themeLight)
        let set = settings.text(.theme)
        let setBy = set.map { _ in settings.origin(of: .theme).description }
        var chosen: Theme?
        if let set, set != ThemeChoice.automatic {
            chosen = try named(set, by: .theme)
        } else if set == nil, let name = Self.remembered {
            chosen = try? library.theme(named: name)
        }
        var choice = ThemeChoice(dark: dark, light: light, named: chosen, setBy: setBy)
        let environment = ProcessInfo.processInfo.environment
        let depth = try? Capabilities(environment: environment, descriptor: 1).depth
        if depth == ColorDepth.none, let mono = try? library.theme(named: "mono") {
            // Colours would get lost, and with them what is selected.
            (choice.dark, choice.light, choice.named) = (mono, mono, nil)
        }
        self.choice = choice
    }

    /// Every theme that can be read, and sentences about the others.
    static func all(_ library: ThemeLibrary) -> ([Theme], [String]) {
        var themes: [Theme] = []
        var problems: [String] = []
        for entry in library.entries() {
            do { themes.append(try library.theme(named: entry.name)) } catch {
                problems.append(error.userMessage)
            }
        }
        return (themes, problems)
    }

    private static var remembered: String? {
        StateFolder(environment: ProcessInfo.processInfo.environment)?
            .value(String.self, of: .theme)
    }
}

extension Settings {
    /// What the interface goes by.
    var preferences: Preferences {
        var preferences = Preferences()
        if let word = text(.showThoughts), let display = ThoughtDisplay(rawValue: word) {
            preferences.pane.thoughts = display
        }
        preferences.pane.isRaw = flag(.markdown) == false
        preferences.remote = RemoteShell(
            environment: ProcessInfo.processInfo.environment,
            folder: FileManager.default.currentDirectoryPath
        )
        if let word = text(.notify), let form = Preferences.Notification(rawValue: word) {
            preferences.notification = form
        }
        preferences.presets = presets.map {
            let project = isOfProject($0.origin) ? $0.origin.description : nil
            return Preferences.Preset(name: $0.name, system: $0.system, project: project)
        }
        preferences.maxTokens = whole(.maxTokens)
        preferences.sampling = sampling
        preferences.takesMouse = flag(.mouse) ?? false
        return preferences
    }
}
