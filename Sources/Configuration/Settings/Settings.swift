package import Interface

/// The merged configuration: environment, project file, user file, in that order.
///
/// Flags come before all of these; the verbs that have them hold them against it.
package struct Settings: Sendable {
    /// Who set a value.
    package enum Origin: Sendable, Hashable {
        case flag(String)
        case environment(String)
        case file(String, line: Int?)
        case standard

        package var description: String {
            switch self {
            case .flag(let name): name
            case .environment(let name): "$\(name)"
            case .file(let path, let line): path + (line.map { ":\($0)" } ?? "")
            case .standard: "default"
            }
        }
    }

    /// A value and who set it.
    package struct Entry: Sendable, Hashable {
        package var value: SettingValue
        package var origin: Origin

        package init(_ value: SettingValue, _ origin: Origin) {
            self.value = value
            self.origin = origin
        }
    }

    /// A system prompt with a name.
    package struct Preset: Sendable, Hashable {
        package var name: String
        package var system: String
        package var origin: Origin
    }

    /// A line of the `[keys]` table.
    package struct KeyLine: Sendable, Hashable {
        package var text: String
        package var command: String
        package var override: KeyOverride
        package var origin: Origin
    }

    package internal(set) var entries: [SettingKey: Entry] = [:]
    /// By name.
    package internal(set) var presets: [Preset] = []
    package internal(set) var keys: [KeyLine] = []
    /// What could not be taken; the rest counts.
    package internal(set) var problems: [FileProblem] = []

    package init() {}

    /// What a key was set to; nil when nobody set it.
    package func value(_ key: SettingKey) -> SettingValue? { entries[key]?.value }

    package func text(_ key: SettingKey) -> String? {
        if case .text(let text) = value(key) { text } else { nil }
    }

    package func flag(_ key: SettingKey) -> Bool? {
        if case .flag(let flag) = value(key) { flag } else { nil }
    }

    package func whole(_ key: SettingKey) -> Int? {
        if case .whole(let number) = value(key) { number } else { nil }
    }

    package func real(_ key: SettingKey) -> Double? {
        if case .real(let number) = value(key) { number } else { nil }
    }

    /// Sets a key in place of whoever set it.
    package mutating func set(_ key: SettingKey, _ entry: Entry) { entries[key] = entry }

    /// Who decides a key.
    package func origin(of key: SettingKey) -> Origin { entries[key]?.origin ?? .standard }

    /// The table of keys as the person wants it.
    package var keymap: Keymap {
        keys.isEmpty
            ? .standard : Keymap(CommandTable.entries, overrides: keys.map(\.override))
    }
}
