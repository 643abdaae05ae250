import TerminalCore

/// The reference of all keys and commands, as Markdown, made from the command table.
package enum Manual {
    /// A table of keys for each place, then one of the commands that are typed.
    package static func text(_ keymap: Keymap = .standard) -> String {
        let places: [(String, [KeyScope])] = [
            ("Everywhere", [.any]), ("After Ctrl-X", [.prefix]), ("In the editor", [.write]),
            ("In every other pane", [.read]), ("In a conversation", [.conversation]),
            ("In the sessions", [.sessions]), ("In the inspector", [.inspector]),
        ]
        let tables = places.map { title, scopes in
            "### \(title)\n\n| keys | what they do |\n|---|---|\n" + rows(keymap, scopes)
        }
        return tables.joined(separator: "\n") + "\n### Typed commands\n\n"
            + "| command | what it does |\n|---|---|\n" + commands(keymap)
    }

    private static func rows(_ keymap: Keymap, _ scopes: [KeyScope]) -> String {
        keymap.entries.compactMap { entry -> String? in
            let keys = entry.bindings.filter { scopes.contains($0.scope) }
            guard !keys.isEmpty else { return nil }
            return row(keys.map { code($0.name) }.joined(separator: ", "), entry.help)
        }.joined()
    }

    private static func commands(_ keymap: Keymap) -> String {
        keymap.entries.compactMap { entry -> String? in
            guard let slash = entry.slash else { return nil }
            let argument = entry.argument.isEmpty ? "" : " \(entry.argument)"
            return row(code("/\(slash)\(argument)"), entry.help)
        }.joined()
    }

    private static func row(_ first: String, _ second: String) -> String {
        "| \(first) | \(second.replacing("|", with: "\\|")) |\n"
    }

    private static func code(_ text: String) -> String {
        "`\(text.replacing("|", with: "\\|"))`"
    }
}
