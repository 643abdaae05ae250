import Configuration
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct SettingsTests {
    private static let hostileFiles = [
        "x = " + String(repeating: "[", count: 500_000),
        "x = " + String(repeating: "{a=", count: 200_000),
        String(repeating: "a.", count: 250_000) + "a = 1",
        "[" + String(repeating: "a.", count: 100_000) + "a]\n"
            + String(repeating: "a = 1\n", count: 20_000),
        "x = {" + String(repeating: "a=1,", count: 100_000) + "a=1}",
    ]

    private let folder = TemporaryFolder()

    private var environment: [String: String] {
        ["HOME": folder.path, "XDG_CONFIG_HOME": folder.path + "/config"]
    }

    private func load(
        user: String? = nil,
        project: String? = nil,
        variables: [String: String] = [:]
    ) throws -> Settings {
        if let user { try folder.write(user, to: "config/facet/config.toml") }
        if let project { try folder.write(project, to: "project/.facet.toml") }
        return Settings.load(
            environment: environment.merging(variables) { $1 },
            directory: folder.path + "/project"
        )
    }

    /// What is wrong, without the folder's name.
    private func complaints(_ settings: Settings) -> [String] {
        settings.problems.map { $0.userMessage.replacing(folder.path + "/", with: "") }
    }

    @Test("without any file or variable everything is at its default")
    func nothing() throws {
        let settings = try load()
        #expect(settings.problems.isEmpty && settings.entries.isEmpty)
        #expect(settings.origin(of: .theme) == .standard)
        #expect(settings.keymap.hint(for: .help) == Keymap.standard.hint(for: .help))
    }

    @Test("the environment comes before the project's file, and that before one's own")
    func order() throws {
        let settings = try load(
            user: "theme = \"dusk\"\nmouse = true\nthinking = \"on\"\n",
            project: "\ntheme = \"dawn\"\nthinking = \"off\"\n",
            variables: ["FACET_THEME": "mono"]
        )
        #expect(complaints(settings) == [])
        #expect(settings.text(.theme) == "mono")
        #expect(settings.origin(of: .theme) == .environment("FACET_THEME"))
        #expect(settings.text(.thinking) == "off")
        #expect(
            settings.origin(of: .thinking)
                == .file(folder.path + "/project/.facet.toml", line: 3)
        )
        #expect(settings.flag(.mouse) == true)
        #expect(
            settings.origin(of: .mouse) == .file(folder.path + "/config/facet/config.toml", line: 2)
        )
    }

    @Test("every kind of value is read from a file")
    func kinds() throws {
        let settings = try load(
            user: """
                model = "e2b"
                context = 8_192
                sessions = "~/chats"
                plain = false

                [sampling]
                temperature = 1
                top_p = 0.5
                seed = 7

                [presets.short]
                system = '''
                Answer in one sentence.
                '''

                [keys]
                "alt-p" = "palette"
                """
        )
        #expect(complaints(settings) == [])
        #expect(settings.text(.model) == "e2b")
        #expect(settings.whole(.context) == 8_192)
        #expect(settings.text(.sessions) == folder.path + "/chats")
        #expect(settings.flag(.plain) == false)
        #expect(settings.real(.temperature) == 1 && settings.real(.topP) == 0.5)
        #expect(settings.whole(.seed) == 7)
        #expect(settings.presets.map(\.name) == ["short"])
        #expect(settings.presets.first?.system == "Answer in one sentence.\n")
        #expect(settings.presets.first?.origin.description.hasSuffix("config.toml:12") == true)
        #expect(settings.keymap.command(for: .alt("p"), in: .editor) == .palette)
        #expect(settings.keys.first?.origin.description.hasSuffix("config.toml:17") == true)
    }

    @Test("a project's preset does not take the place of one's own")
    func presetsOfProjects() throws {
        let settings = try load(
            user: "[presets.short]\nsystem = \"mine\"\n",
            project: "[presets.short]\nsystem = \"theirs\"\n[presets.long]\nsystem = \"theirs\"\n"
        )
        #expect(complaints(settings) == [])
        #expect(settings.presets.map(\.name) == ["long", "short"])
        #expect(settings.presets.map(\.system) == ["theirs", "mine"])
    }

    @Test("every setting has a variable that reads its kind")
    func variables() throws {
        #expect(Set(SettingKey.all.map(\.variable)).count == SettingKey.all.count)
        for key in SettingKey.all {
            let text =
                switch key.kind {
                case .text: "word"
                case .folder: "folder"
                case .flag: "on"
                case .choice(let words): words[0]
                case .whole(let range): String(range.lowerBound)
                case .real(let range): String(range.upperBound)
                }
            let settings = try load(variables: [key.variable: text])
            #expect(settings.problems.isEmpty, "\(key.name)")
            #expect(settings.origin(of: key) == .environment(key.variable))
        }
        #expect(SettingKey.frequencyPenalty.standardValue == .real(0))
        #expect(SettingKey.topK.standardValue == nil)
        #expect(SettingKey.theme.standardValue == .text("auto"))
        #expect(SettingKey.model.standardValue == nil)
        #expect(SettingKey.topK.variable == "FACET_SAMPLING_TOP_K")
    }

    @Test(
        "what is wrong is said with its line and what to do",
        arguments: [
            (
                "thme = \"dark\"",
                "config.toml:1: \"thme\" is not a setting. Did you mean \"theme\"? "
                    + "facet doctor lists the settings."
            ),
            (
                "\n\nmouse = \"yes\"",
                "config.toml:3: \"mouse\" is text, but has to be true or false, without quotes."
            ),
            (
                "thinking = \"of\"",
                "config.toml:1: \"thinking\" is \"of\", but has to be \"on\", \"off\" or \"auto\"."
                    + " Did you mean \"on\"?"
            ),
            (
                "threads = 0",
                "config.toml:1: \"threads\" is 0, but has to be a whole number from 1 to 1024."
            ),
            (
                "[sampling]\ntop_p = 2",
                "config.toml:2: \"sampling.top_p\" is 2, but has to be a number from 0 to 1."
            ),
            (
                "[sampling]\ntopk = 2",
                "config.toml:2: \"sampling.topk\" is not a setting. "
                    + "Did you mean \"sampling.top_k\"? facet doctor lists the settings."
            ),
            (
                "top_k = 2",
                "config.toml:1: \"top_k\" is not a setting. "
                    + "Did you mean \"sampling.top_k\"? facet doctor lists the settings."
            ),
            (
                "sessions = \"chats\"",
                "config.toml:1: \"sessions\" is \"chats\", but has to be a folder in quotes, "
                    + "from / or ~/ on."
            ),
            ("keys = 1", "config.toml:1: \"keys\" is a whole number, but has to be a table."),
            (
                "[keys]\n\"ctrl-c\" = \"none\"",
                "config.toml:2: Ctrl-C always stops and closes things and cannot be bound."
            ),
            (
                "[keys]\n\"ctrl-t\" = \"none\"\n\"Ctrl-T\" = \"help\"",
                "config.toml:3: \"Ctrl-T\" and \"ctrl-t\" are the same key. Keep one of them."
            ),
            (
                "[presets.short]\nsytem = \"a\"",
                "config.toml:2: \"sytem\" is not a key of a preset. Did you mean \"system\"? "
                    + "The keys are system."
            ),
            (
                "a = 1\n[.x]",
                "config.toml:2: A table needs a name between its brackets, as in [inks]."
            ),
            (
                "\u{FEFF}[[",
                "config.toml:1: A table needs a name between its brackets, as in [inks]."
            ),
            (
                "theme = 1979-05-27",
                "config.toml:1: \"theme\" is a date, but has to be text in quotes."
            ),
        ]
    )
    func complaints(text: String, expected: String) throws {
        let settings = try load(user: text)
        #expect(complaints(settings).first == "config/facet/" + expected)
    }

    @Test("a broken file is one problem, and the other file still counts")
    func broken() throws {
        let settings = try load(user: "theme = ", project: "theme = \"dawn\"")
        #expect(complaints(settings).count == 1)
        #expect(complaints(settings).first?.hasPrefix("config/facet/config.toml:1: ") == true)
        #expect(settings.text(.theme) == "dawn")
    }

    @Test("a variable that cannot be taken is a problem that names it")
    func badVariable() throws {
        let settings = try load(variables: ["FACET_THREADS": "many", "FACET_MOUSE": "maybe"])
        #expect(
            complaints(settings) == [
                "$FACET_THREADS: It is \"many\", but has to be a whole number from 1 to 1024.",
                "$FACET_MOUSE: It is \"maybe\", but has to be true or false.",
            ]
        )
    }

    @Test(
        "a stranger's file that is deep or long ends in a sentence",
        arguments: hostileFiles.indices
    )
    func hostileProjects(number: Int) throws {
        let settings = try load(user: "theme = \"dusk\"", project: Self.hostileFiles[number])
        #expect(!settings.problems.isEmpty)
        #expect(settings.text(.theme) == "dusk")
    }

    @Test("a project may not start work, name files or take keys")
    func projects() throws {
        let refused = SettingKey.all.filter { !$0.isForProjects }.map(\.name)
        #expect(
            refused == [
                "model", "context", "threads", "kv_cache", "kv_snapshots", "sessions",
                "retention.keep_days", "retention.keep_megabytes", "retention.trash_days",
            ]
        )
        let settings = try load(
            project: "model = \"x\"\nsessions = \"/tmp\"\n[keys]\n\"alt-p\" = \"palette\"\n"
        )
        #expect(settings.entries.isEmpty && settings.keys.isEmpty)
        #expect(
            complaints(settings) == [
                "project/.facet.toml:1: \"model\" may not be set by a project. "
                    + "Move it to your own config.toml.",
                "project/.facet.toml:2: \"sessions\" may not be set by a project. "
                    + "Move it to your own config.toml.",
                "project/.facet.toml:3: \"keys\" may not be set by a project. "
                    + "Move it to your own config.toml.",
            ]
        )
    }

    @Test("a retention rule is off until the user's own file sets it, in days of at least 1")
    func retention() throws {
        #expect(try load().whole(.keepDays) == nil && SettingKey.keepDays.standardValue == nil)
        let set = try load(user: "[retention]\nkeep_days = 30\ntrash_days = 7\n")
        #expect(set.whole(.keepDays) == 30 && set.whole(.trashDays) == 7)
        #expect(set.whole(.keepMegabytes) == nil)
        #expect(
            complaints(try load(user: "[retention]\nkeep_days = 0\n")) == [
                "config/facet/config.toml:2: \"retention.keep_days\" is 0, but has to be a whole "
                    + "number from 1 to 36500."
            ]
        )
        #expect(try load(project: "[retention]\nkeep_days = 1\n").entries.isEmpty)
    }

    @Test("lines are found past comments, long strings, lists and inline tables")
    func lines() throws {
        let settings = try load(
            user: #"""
                # theme = "no"
                system = """
                theme = "no"
                [keys] \" """
                sampling = { top_k = 3, bad = [1, { x = "}" }] }
                "thinking" = "never"
                [presets]
                a.system = '''x''' # comment
                "b c" = { system = 1 }
                """#
        )
        let text = complaints(settings).joined(separator: "\n")
        #expect(text.contains("config.toml:5: \"sampling.bad\" is not a setting."))
        #expect(text.contains("config.toml:6: \"thinking\" is \"never\""))
        #expect(text.contains("config.toml:9: \"system\" is a whole number"))
        #expect(settings.presets.first?.origin.description.hasSuffix(":8") == true)
        #expect(settings.problems.count == 3)
    }

    @Test("no text whatever makes reading stop")
    func anything() throws {
        let pieces = [
            "[", "]", "{", "}", "=", "\"", "'''", "\"\"\"", ".", ",", "\n", "#", "a", "\\", " ",
            "\t", "\r", "'", "é", "1", "-", "x = 1\n", "\u{A0}", "\u{2028}", "\u{FEFF}", "[[",
            "[a]\n",
        ]
        var seed: UInt64 = 5
        for _ in 0..<300 {
            var text = ""
            for _ in 0..<14 {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1
                text += pieces[Int(seed >> 33) % pieces.count]
            }
            _ = try load(user: text)
        }
    }
}
