import Interface
import TerminalCore
import Testing

@Suite struct KeymapTests {
    private func override(_ key: String, _ command: String) throws -> KeyOverride {
        try KeyOverride(key: key, command: command)
    }

    private func keymap(_ changes: (String, String)...) throws -> Keymap {
        Keymap(CommandTable.entries, overrides: try changes.map { try override($0.0, $0.1) })
    }

    @Test("every key of the table is read back from its name, in any letter case")
    func names() {
        for binding in CommandTable.entries.flatMap(\.bindings) {
            let name = binding.key.name
            #expect(KeyPress(name: name) == binding.key, "\(name)")
            if name.count > 1 {
                let lower = KeyPress(name: name.lowercased())
                #expect(lower == KeyPress(name: name) || name.hasPrefix("Alt-"), "\(name)")
            }
        }
    }

    @Test(
        "keys are read as people write them",
        arguments: [
            ("ctrl-T", .control("t")), ("Control-x", .control("x")), ("alt--", .alt("-")),
            ("ctrl--", .control("-")), ("-", .character("-")), ("R", .character("R")),
            ("shift-a", .character("A")), ("PageUp", KeyPress(.pageUp)),
            ("f12", KeyPress(.function(12))),
            ("shift-up", KeyPress(.up, .shift)),
            ("alt-R", KeyPress(.character("r"), [.alt, .shift])),
            ("alt-shift-r", KeyPress(.character("r"), [.alt, .shift])), ("alt-<", .alt("<")),
            ("alt-shift-enter", KeyPress(.enter, [.alt, .shift])),
            ("space", .character(" ")), ("f", .character("f")), ("é", .character("é")),
        ] as [(String, KeyPress)]
    )
    func spellings(name: String, key: KeyPress) {
        #expect(KeyPress(name: name) == key)
    }

    @Test(
        "what is no key is refused",
        arguments: [
            "", " ", "ctrl-", "ctrl", "f0", "f99", "hyper-x", "👨‍👩‍👧", "ab", "\u{1B}", "shift-1",
        ]
    )
    func noKeys(name: String) {
        #expect(KeyPress(name: name) == nil)
    }

    @Test("a new key means its command and stands first in the hints; the old ones stay")
    func adding() throws {
        let keymap = try keymap(("alt-p", "palette"))
        #expect(keymap.command(for: .alt("p"), in: .editor) == .palette)
        #expect(keymap.command(for: .alt("p"), in: .sessions) == .palette)
        #expect(keymap.command(for: .character(":"), in: .conversation) == .palette)
        #expect(keymap.hint(for: .palette) == "Alt-p")
    }

    @Test("a key that is taken loses its other meanings everywhere")
    func taking() throws {
        let keymap = try keymap(("ctrl-g", "palette"))
        #expect(keymap.command(for: .control("g"), in: .editor) == .palette)
        #expect(keymap.command(for: .control("g"), in: .conversation) == .palette)
        let editor = try #require(keymap.entries.first { $0.command == .externalEditor })
        #expect(!editor.bindings.contains(KeyBinding(.write, .control("g"))))
    }

    @Test("none frees a key: in one place when it names one, else everywhere but after Ctrl-X")
    func freeing() throws {
        let one = try keymap(("read:R", "none"))
        #expect(one.command(for: .character("R"), in: .conversation) == nil)
        let all = try keymap(("ctrl-t", "none"))
        #expect(all.command(for: .control("t"), in: .editor) == nil)
        #expect(all.prefixedCommand(for: .character("t")) == .cycleThinking)
        #expect(all.hint(for: .cycleThinking) == "Ctrl-X t")
        let second = try keymap(("ctrl-x t", "none"))
        #expect(second.prefixedCommand(for: .character("t")) == nil)
        #expect(second.command(for: .control("t"), in: .editor) == .cycleThinking)
    }

    @Test("after Ctrl-X a key has its own meaning")
    func prefix() throws {
        let keymap = try keymap(("ctrl-x r", "retry"))
        #expect(keymap.prefixedCommand(for: .character("r")) == .retry)
        #expect(keymap.command(for: .character("r"), in: .conversation) == nil)
        #expect(keymap.hint(for: .retry) == "Ctrl-X r")
    }

    @Test("a command of the editor stays in the editor, a letter stays out of it")
    func scopes() throws {
        let editing = try keymap(("alt-w", "delete-word-backward"))
        #expect(editing.command(for: .alt("w"), in: .editor) == .deleteWordBackward)
        #expect(editing.command(for: .alt("w"), in: .conversation) == nil)
        let reading = try keymap(("h", "help"))
        #expect(reading.command(for: .character("h"), in: .editor) == nil)
        #expect(reading.command(for: .character("h"), in: .sessions) == .help)
    }

    @Test("a place of its own beats a change that names none, in any order")
    func narrower() throws {
        let changes = [("f2", "palette"), ("sessions:f2", "new-session")]
        for keymap in [
            try keymap(changes[0], changes[1]), try keymap(changes[1], changes[0]),
        ] {
            #expect(keymap.command(for: KeyPress(.function(2)), in: .sessions) == .newSession)
            #expect(keymap.command(for: KeyPress(.function(2)), in: .editor) == .palette)
        }
    }

    @Test(
        "what cannot be bound is a sentence",
        arguments: [
            ("ctrl-c", "none", "Ctrl-C always stops and closes things and cannot be bound."),
            ("write:esc", "send", "Esc always stops and closes things and cannot be bound."),
            ("ctrl-i", "help", "Ctrl-I reaches a program as Tab. Bind that instead."),
            ("ctrl-x", "help", "Ctrl-X begins the two-key commands and cannot be bound."),
            (
                "ctrl-y z q", "help",
                "\"ctrl-y z q\" is not a key. Write one key, or Ctrl-X and one key."
            ),
            (
                "ctlr-y", "help",
                "\"ctlr-y\" is not a key. Keys are written like ctrl-t, alt-enter, pgup, f5 or R."
            ),
            (
                "raed:R", "retry",
                "\"raed\" is no place for keys. Did you mean \"read\"? The places are any, write, read, conversation, sessions, inspector."
            ),
            ("write:a", "help", "\"a\" is for typing in the editor. Bind it as read:a."),
            (
                "ctrl-t", "cycle-thinkin",
                "\"cycle-thinkin\" is not a command. Did you mean \"cycle-thinking\"? facet doctor --keys lists them; \"none\" frees the key."
            ),
        ]
    )
    func sentences(key: String, command: String, expected: String) {
        #expect {
            try override(key, command)
        } throws: { error in
            (error as? KeyOverrideError)?.userMessage == expected
        }
    }

    @Test("names of commands are plain and lead back", arguments: Command.allCases)
    func commandNames(command: Command) {
        #expect(Command(name: command.name) == command)
        #expect(command.name.allSatisfy { $0.isLowercase || $0 == "-" })
    }
}
