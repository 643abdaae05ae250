package import TerminalCore

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

extension KeyPress {
    /// Reads a key as `name` writes it, with any letter case and a few other spellings.
    package init?(name: String) {
        var rest = name[...]
        var modifiers: Modifiers = []
        while let (word, modifier) = Self.modifierWords.first(where: { word, _ in
            rest.lowercased().hasPrefix(word) && rest.count > word.count
        }) {
            modifiers.insert(modifier)
            rest = rest.dropFirst(word.count)
        }
        guard let key = Self.key(String(rest)) else { return nil }
        self.init(key, modifiers)
        guard case .character(let letter) = key else { return }
        if modifiers.contains(.control) {
            // Terminals report the key, not the letter it types.
            guard let lower = letter.lowercased().first else { return nil }
            self.key = .character(lower)
        } else if modifiers.contains(.alt), letter.isASCII, letter.isLetter {
            guard let lower = letter.lowercased().first else { return nil }
            if letter.isUppercase { modifiers.insert(.shift) }
            self = KeyPress(.character(lower), modifiers)
        } else if modifiers.contains(.shift) {
            // Shift is in the letter already; what it makes of a digit depends on the keyboard.
            guard letter.isLetter, let upper = letter.uppercased().first else { return nil }
            self = KeyPress(.character(upper), modifiers.subtracting(.shift))
        }
    }

    private static let modifierWords: [(String, Modifiers)] = [
        ("ctrl-", .control), ("control-", .control), ("alt-", .alt), ("meta-", .alt),
        ("shift-", .shift),
    ]

    private static let keyWords: [String: Key] = [
        "space": .character(" "), "enter": .enter, "return": .enter, "tab": .tab,
        "backspace": .backspace, "esc": .escape, "escape": .escape, "up": .up, "down": .down,
        "left": .left, "right": .right, "home": .home, "end": .end, "pgup": .pageUp,
        "pageup": .pageUp, "pgdn": .pageDown, "pagedown": .pageDown, "ins": .insert,
        "insert": .insert, "del": .delete, "delete": .delete,
    ]

    private static func key(_ word: String) -> Key? {
        if let key = keyWords[word.lowercased()] { return key }
        if word.count > 1, word.lowercased().hasPrefix("f"), let number = Int(word.dropFirst()),
            (1...24).contains(number)
        {
            return .function(number)
        }
        // A terminal sends one scalar a key; control characters are keys with Control.
        guard word.unicodeScalars.count == 1, let letter = word.first,
            let scalar = word.unicodeScalars.first, scalar.value > 0x20,
            !(0x7F..<0xA0).contains(scalar.value), !letter.isWhitespace
        else { return nil }
        return .character(letter)
    }
}

extension KeyBinding {
    /// How the key is written on the screen, with the one before it.
    package var name: String {
        scope == .prefix ? "\(Keymap.prefixKey.name) \(key.name)" : key.name
    }
}
