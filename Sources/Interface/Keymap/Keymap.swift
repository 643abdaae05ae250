package import TerminalCore

/// Finds the command of a key.
package struct Keymap: Sendable {
    private var commands: [KeyBinding: Command] = [:]

    /// Later entries never take a key that an earlier one has.
    package init(_ entries: [CommandEntry]) {
        for entry in entries {
            for binding in entry.bindings where commands[binding] == nil {
                commands[binding] = entry.command
            }
        }
    }

    package static let standard = Keymap(CommandTable.entries)

    /// The key that begins a two-key command.
    package static let prefixKey = KeyPress.control("x")

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

extension KeyPress {
    /// How the key is written on the screen: `Ctrl-X`, `Alt-Enter`, `PgUp`.
    package var name: String {
        var name = ""
        if modifiers.contains(.control) { name += "Ctrl-" }
        if modifiers.contains(.alt) { name += "Alt-" }
        if modifiers.contains(.shift) { name += "Shift-" }
        switch key {
        case .character(" "): name += "Space"
        case .character(let letter):
            name += modifiers.contains(.control) ? letter.uppercased() : String(letter)
        case .enter: name += "Enter"
        case .tab: name += "Tab"
        case .backspace: name += "Backspace"
        case .escape: name += "Esc"
        case .up: name += "Up"
        case .down: name += "Down"
        case .left: name += "Left"
        case .right: name += "Right"
        case .home: name += "Home"
        case .end: name += "End"
        case .pageUp: name += "PgUp"
        case .pageDown: name += "PgDn"
        case .insert: name += "Ins"
        case .delete: name += "Del"
        case .function(let number): name += "F\(number)"
        }
        return name
    }
}

extension KeyBinding {
    /// How the key is written on the screen, with the one before it.
    package var name: String {
        scope == .prefix ? "\(Keymap.prefixKey.name) \(key.name)" : key.name
    }
}
