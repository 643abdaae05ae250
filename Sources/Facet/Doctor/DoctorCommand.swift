import ArgumentParser
import Configuration
import Foundation
import Gemma
import Interface
import JSONValues
import TerminalCore

/// `facet doctor`: what is configured, by whom, and what this machine is like.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Show the merged configuration, where each value comes from, and what is wrong.",
        discussion: """
            Exit code 0 when nothing is wrong, else 1. Values come from, in this order: a flag, \
            a variable FACET_KEY, .facet.toml in the working directory, config.toml in \
            ~/.config/facet, the default.
            """
    )

    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var storage: StorageOptions

    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "List the commands that [keys] can name, with the keys they have.")
    var keys = false

    @Flag(help: "List what can be configured: what it takes, its default and what it does.")
    var settings = false

    func run() async throws {
        if settings { return try Console.write(Self.settingTable()) }
        let settings = Settings.ofProcess
        if keys { return try Console.write(Self.keyTable(settings.keymap)) }
        var checkup = Checkup(
            settings: settings.with(flags),
            environment: ProcessInfo.processInfo.environment
        )
        let report = await checkup.report(storage)
        if json { try Console.write(report.json, .pretty) } else { try Console.write(report.text) }
        if !report.problems.isEmpty { throw Failure("", .failed) }
    }

    /// The flags that were given, as settings.
    private var flags: [(SettingKey, SettingValue?, String)] {
        [
            (.model, modelOptions.model.map(SettingValue.text), "--model"),
            (.context, modelOptions.context.map(SettingValue.whole), "--context"),
            (.threads, modelOptions.threads.map(SettingValue.whole), "--threads"),
            (.kvCache, modelOptions.kvCache.map { .text($0.rawValue) }, "--kv-cache"),
            (.sessions, storage.sessions.map(SettingValue.text), "--sessions"),
        ]
    }

    private static func settingTable() -> String {
        SettingKey.all.map { key in
            let name = key.name.padding(toLength: 29, withPad: " ", startingAt: 0)
            let whose = key.isForProjects ? "" : " (not for a project's file)"
            return "\(name)\(key.kind.wish); default \(key.standard)\n    \(key.help)\(whose)\n"
        }
        .joined()
    }

    private static func keyTable(_ keymap: Keymap) -> String {
        keymap.entries.map { entry in
            let keys = entry.bindings.map { binding in
                binding.scope.place.map { "\(binding.name) (\($0))" } ?? binding.name
            }
            let name = entry.command.name
            let padding = String(repeating: " ", count: max(1, 24 - name.count))
            return "\(name)\(padding)\(keys.joined(separator: ", "))\n"
        }
        .joined()
    }
}

extension Settings {
    /// The same settings with flags before everything else.
    fileprivate func with(_ flags: [(SettingKey, SettingValue?, String)]) -> Settings {
        var settings = self
        for case (let key, let value?, let name) in flags {
            settings.set(key, Entry(value, .flag(name)))
        }
        return settings
    }
}
