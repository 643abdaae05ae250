package import TerminalCore

/// A key that a person gave another meaning.
package struct KeyOverride: Sendable, Hashable {
    /// Where the key counts; nil is wherever the command makes sense, in place of every other
    /// meaning the key has there.
    package var scope: KeyScope?
    package var key: KeyPress
    /// Nil when the key shall mean nothing.
    package var command: Command?

    /// Reads a line of the `[keys]` table: `"ctrl-x v" = "split"`, `"read:R" = "none"`.
    /// - Throws: `KeyOverrideError` with a sentence.
    package init(key text: String, command word: String) throws(KeyOverrideError) {
        (scope, key) = try Self.place(text)
        if key == .control("c") || key.key == .escape {
            throw .fixed("\(key.name) always stops and closes things and cannot be bound.")
        }
        if key == Keymap.prefixKey, scope != .prefix {
            throw .fixed("\(key.name) begins the two-key commands and cannot be bound.")
        }
        if let twin = Self.twins[key] {
            throw .fixed("\(key.name) reaches a program as \(twin.name). Bind that instead.")
        }
        let typesInEditor = key.typedText != nil && (scope == .write || scope == .any)
        if typesInEditor {
            throw .fixed(
                "\"\(key.name)\" is for typing in the editor. Bind it as read:\(key.name)."
            )
        }
        guard word != "none" else {
            command = nil
            return
        }
        let names = Command.allCases.map(\.name)
        guard let command = Command(name: word) else {
            throw .unknownCommand(
                "\"\(word)\" is not a command.\(Suggestion.question(for: word, among: names))"
                    + " facet doctor --keys lists them; \"none\" frees the key."
            )
        }
        self.command = command
    }

    /// Keys that most terminals send the same byte for as for another one.
    private static let twins: [KeyPress: KeyPress] = [
        .control("i"): KeyPress(.tab), .control("m"): KeyPress(.enter),
        .control("["): KeyPress(.escape),
    ]

    /// The scope and the key of `ctrl-x v`, `alt-p`, `read:R`.
    private static func place(
        _ text: String
    ) throws(KeyOverrideError) -> (KeyScope?, KeyPress) {
        var text = text[...]
        var scope: KeyScope?
        if let colon = text.dropFirst().firstIndex(of: ":"), text.first != ":" {
            let word = text[..<colon].lowercased()
            let rest = text[text.index(after: colon)...]
            if !rest.isEmpty {
                scope = try Self.scope(word)
                text = rest
            }
        }
        let words = text.split(separator: " ")
        if words.count == 2, scope == nil, KeyPress(name: String(words[0])) == Keymap.prefixKey {
            return (.prefix, try Self.key(words[1]))
        }
        guard words.count == 1 else {
            throw .unknownKey(
                "\"\(text)\" is not a key. Write one key, or \(Keymap.prefixKey.name) and one key."
            )
        }
        return (scope, try Self.key(words[0]))
    }

    private static func scope(_ word: String) throws(KeyOverrideError) -> KeyScope {
        let known = KeyScope.allCases.filter { $0 != .prefix }
        guard let scope = known.first(where: { $0.rawValue == word }) else {
            let names = known.map(\.rawValue)
            throw .unknownKey(
                "\"\(word)\" is no place for keys.\(Suggestion.question(for: word, among: names))"
                    + " The places are \(names.joined(separator: ", "))."
            )
        }
        return scope
    }

    private static func key(_ word: Substring) throws(KeyOverrideError) -> KeyPress {
        guard let key = KeyPress(name: String(word)) else {
            throw .unknownKey(
                "\"\(word)\" is not a key. Keys are written like ctrl-t, alt-enter, pgup, f5 or R."
            )
        }
        return key
    }

    /// The scopes in which the key gets its new meaning.
    package var bindings: [KeyBinding] {
        if let scope { return [KeyBinding(scope, key)] }
        if key.typedText != nil { return [KeyBinding(.read, key)] }
        let own = CommandTable.entries.first { $0.command == command }?.bindings ?? []
        let isForEditor = !own.isEmpty && own.allSatisfy { $0.scope == .write }
        return [KeyBinding(isForEditor ? .write : .any, key)]
    }

    /// The table with this change: whoever had the key loses it.
    func applied(to entries: [CommandEntry]) -> [CommandEntry] {
        var entries = entries
        for index in entries.indices {
            entries[index].bindings.removeAll { takes($0) }
            if entries[index].command == command {
                entries[index].bindings.insert(contentsOf: bindings, at: 0)
            }
        }
        return entries
    }

    /// True when the binding ends where this one begins to count.
    private func takes(_ binding: KeyBinding) -> Bool {
        guard binding.key == key else { return false }
        if let scope { return binding.scope == scope }
        guard binding.scope != .prefix else { return false }
        return key.typedText == nil || binding.scope != .write
    }
}

/// Why a line of the `[keys]` table cannot be taken.
package enum KeyOverrideError: Error, Sendable, Hashable {
    case unknownKey(String)
    case unknownCommand(String)
    case fixed(String)

    package var userMessage: String {
        switch self {
        case .unknownKey(let sentence), .unknownCommand(let sentence), .fixed(let sentence):
            sentence
        }
    }
}
