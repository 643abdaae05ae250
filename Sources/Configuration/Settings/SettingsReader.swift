import Interface

/// Reads one configuration file.
struct SettingsReader {
    private(set) var settings = Settings()
    private let document: TOMLDocument
    private let isProject: Bool
    private let home: String?

    private static let tables = ["presets", "keys"]

    init(_ document: TOMLDocument, isProject: Bool, home: String?) {
        self.document = document
        self.isProject = isProject
        self.home = home
    }

    mutating func read() {
        read(TableReader(document), prefix: "")
        settings.problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
    }

    /// Reads the keys of a table; those of an inner one have its name before theirs.
    private mutating func read(_ table: TableReader, prefix: String) {
        var table = table
        for word in table.keys {
            let name = prefix + word
            if let key = SettingKey.all.first(where: { $0.name == name }) {
                take(key, word, from: table)
            } else if prefix.isEmpty, word == "presets" {
                if let presets = table.table(word) { readPresets(presets) }
            } else if prefix.isEmpty, word == "keys" {
                if let keys = table.table(word) { readKeys(keys) }
            } else if SettingKey.all.contains(where: { $0.name.hasPrefix(name + ".") }) {
                if let inner = table.table(word) { read(inner, prefix: name + ".") }
            } else {
                table.complain(at: word, Self.unknown(name))
            }
        }
        settings.problems += table.problems
    }

    private static func unknown(_ name: String) -> String {
        let names = SettingKey.all.map(\.name)
        let question = Suggestion.question(for: name, among: names + tables)
        // `top_k` alone was meant for its table.
        let whole = names.first { $0.hasSuffix("." + name) }
        let hint = whole.map { " Did you mean \"\($0)\"?" } ?? question
        return "\"\(name)\" is not a setting.\(hint) facet doctor lists the settings."
    }

    private mutating func take(_ key: SettingKey, _ word: String, from table: TableReader) {
        guard let tree = table[word] else { return }
        let path = table.path + [word]
        guard !isProject || key.isForProjects else { return refuse(key.name, at: path) }
        do {
            var value = try key.kind.value(of: tree)
            if key.kind == .folder, case .text(let text) = value, text.hasPrefix("~/") {
                value = .text((home ?? "") + text.dropFirst())
            }
            settings.entries[key] = Settings.Entry(value, origin(of: path))
        } catch {
            settings.problems.append(document.problem(at: path, "\"\(key.name)\" \(error.text)"))
        }
    }

    /// A file that came with a folder must not start work, name files or take keys.
    private mutating func refuse(_ name: String, at path: [String]) {
        settings.problems.append(
            document.problem(
                at: path,
                "\"\(name)\" may not be set by a project. Move it to your own config.toml."
            )
        )
    }

    private mutating func readPresets(_ table: TableReader) {
        var table = table
        for name in table.keys {
            guard var preset = table.table(name) else { continue }
            preset.allow(["system"], in: "a preset")
            if let system = preset.text("system") {
                settings.presets.append(
                    Settings.Preset(
                        name: name,
                        system: system,
                        origin: origin(of: preset.path + ["system"])
                    )
                )
            } else if preset["system"] == nil, preset.problems.isEmpty {
                preset.complain("The preset \"\(name)\" has to say: system = \"...\"")
            }
            table.take(problemsOf: preset)
        }
        settings.problems += table.problems
    }

    private mutating func readKeys(_ table: TableReader) {
        var table = table
        guard !isProject else { return refuse("keys", at: table.path) }
        for text in table.keys {
            guard let command = table.text(text) else { continue }
            do {
                let override = try KeyOverride(key: text, command: command)
                let twin = settings.keys.first {
                    $0.override.scope == override.scope && $0.override.key == override.key
                }
                if let twin {
                    table.complain(
                        at: text,
                        "\"\(text)\" and \"\(twin.text)\" are the same key. Keep one of them."
                    )
                    continue
                }
                settings.keys.append(
                    Settings.KeyLine(
                        text: text,
                        command: command,
                        override: override,
                        origin: origin(of: table.path + [text])
                    )
                )
            } catch {
                table.complain(at: text, error.userMessage)
            }
        }
        settings.problems += table.problems
    }

    private func origin(of path: [String]) -> Settings.Origin {
        .file(document.file, line: document.line(of: path))
    }
}
