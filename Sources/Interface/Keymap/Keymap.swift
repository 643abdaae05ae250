package import TerminalCore

/// Finds the command of a key, and the keys of a command.
package struct Keymap: Sendable {
    /// The command table with the keys that count: what help and hints are made from.
    package let entries: [CommandEntry]
    private var commands: [KeyBinding: Command] = [:]

    /// Takes a table and a person's changes, of which those that name a place win.
    ///
    /// Later entries of the table never take a key that an earlier one has.
    package init(_ entries: [CommandEntry], overrides: [KeyOverride] = []) {
        let general = overrides.filter { $0.scope == nil }
        let narrow = overrides.filter { $0.scope != nil }
        self.entries = (general + narrow).reduce(entries) { $1.applied(to: $0) }
        for entry in self.entries {
            for binding in entry.bindings where commands[binding] == nil {
                commands[binding] = entry.command
            }
        }
    }

    package static let standard = Keymap(CommandTable.entries)

    /// The key that begins a two-key command.
    package static let prefixKey = KeyPress.control("x")

    /// The entry of a command.
    package func entry(of command: Command) -> CommandEntry? {
        entries.first { $0.command == command }
    }

    /// The entry that a word after a slash means: every command can be typed by its name.
    package func entry(slash word: String) -> CommandEntry? {
        entries.first { $0.slash == word } ?? entries.first { $0.command.name == word }
    }

    /// How a command is asked for, as hints say it: its first key, else its slash word.
    package func hint(for command: Command) -> String {
        let entry = entry(of: command)
        return entry?.bindings.first?.name ?? entry?.slash.map { "/\($0)" } ?? command.name
    }

    /// How a command is asked for in a pane: the key that is most its own there.
    package func hint(for command: Command, in focus: Focus) -> String {
        let bindings = entry(of: command)?.bindings ?? []
        let own = KeyScope.searched(in: focus).lazy.compactMap { scope in
            bindings.first { $0.scope == scope }
        }
        return own.first?.name ?? hint(for: command)
    }

    /// How a command is asked for after Ctrl-X where it can be, else as `hint` says.
    package func prefixHint(for command: Command) -> String {
        let entry = entry(of: command)
        return entry?.bindings.first { $0.scope == .prefix }?.name ?? hint(for: command)
    }

    package func command(for key: KeyPress, in focus: Focus) -> Command? {
        KeyScope.searched(in: focus).lazy.compactMap { commands[KeyBinding($0, key)] }.first
    }

    /// The command of the second key after Ctrl-X; Control may still be held.
    package func prefixedCommand(for key: KeyPress) -> Command? {
        commands[KeyBinding(.prefix, key)]
            ?? commands[KeyBinding(.prefix, KeyPress(key.key))]
    }
}

extension KeyScope {
    /// The scopes that count in a pane, the narrowest first.
    static func searched(in focus: Focus) -> [KeyScope] {
        switch focus {
        case .editor: [.write, .any]
        case .conversation: [.conversation, .read, .any]
        case .sessions: [.sessions, .read, .any]
        case .inspector: [.inspector, .read, .any]
        }
    }
}
