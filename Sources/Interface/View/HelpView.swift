import TerminalCore

/// The page of all keys and slash commands, made from the command table.
enum HelpView {
    static func rows(_ keymap: Keymap, width: Int) -> [TextRow] {
        let isWide = width >= 60
        let left = isWide ? 30 : 0
        var rows: [TextRow] = []
        for entry in keymap.entries {
            var names = entry.bindings.map { binding in
                binding.scope.place.map { "\(binding.name) (\($0))" } ?? binding.name
            }
            if let slash = entry.slash { names.append("/\(slash) \(entry.argument)") }
            let keys = Wrapping.rows(names.joined(separator: ", "), width: isWide ? 28 : width - 1)
            let help = Wrapping.rows(entry.help, width: max(1, width - left - 3))
            if isWide {
                for index in 0..<max(keys.count, help.count) {
                    let key = index < keys.count ? keys[index] : ""
                    let text = index < help.count ? help[index] : ""
                    let padded = key + String(repeating: " ", count: max(1, left - key.count))
                    rows.append(
                        TextRow([
                            TextRow.Span(text: padded, ink: .user),
                            TextRow.Span(text: text, ink: .text),
                        ])
                    )
                }
            } else {
                rows += keys.map { TextRow($0, .user) }
                rows += help.map { TextRow("  " + $0, .text) }
            }
        }
        return rows
    }

    static func draw(
        _ keymap: Keymap,
        on surface: inout Surface,
        from first: Int,
        theme: Theme
    ) {
        let rows = rows(keymap, width: surface.width)
        let room = surface.height - 1
        // A wider screen has fewer rows.
        let first = min(first, max(0, rows.count - room))
        for (index, row) in rows.dropFirst(first).prefix(room).enumerated() {
            surface.draw(row, row: index, in: surface.bounds, theme: theme)
        }
        let last = min(rows.count, first + room)
        surface.fill(Rect(x: 0, y: room, width: surface.width, height: 1), style: theme[.status])
        let hint = "Keys \(first + 1)-\(last) of \(rows.count) | j k Space b | Esc closes"
        surface.draw(hint, column: 0, row: room, style: theme[.status])
    }
}

extension KeyScope {
    /// Where its keys count, in a word; nil for everywhere and the editor.
    package var place: String? {
        switch self {
        case .any, .write, .prefix: nil
        case .read: "READ"
        case .conversation: "conversation"
        case .sessions: "sessions"
        case .inspector: "inspector"
        }
    }
}
