import ArgumentParser
import Configuration
import Foundation
import GemmaEngine
import Interface
import JSONValues
import ModelLibrary
import Tensors
import TerminalCore
import TerminalCurses

/// Looks at everything that facet depends on.
struct Checkup {
    typealias Row = DoctorReport.Row

    let settings: Settings
    let environment: [String: String]
    var report = DoctorReport()
    /// The path of the model that opens.
    private(set) var model: String?

    init(settings: Settings, environment: [String: String]) {
        self.settings = settings
        self.environment = environment
    }

    mutating func report(_ storage: StorageOptions) async -> DoctorReport {
        report = DoctorReport()
        report.problems = settings.problems.map(\.userMessage)
        report.add("facet", [Row(name: "version", value: .string(Facet.configuration.version))])
        addSettings()
        addTerminal()
        addThemes()
        await addFolders(storage)
        addModel()
        await addMedia()
        addMachine()
        return report
    }

    // MARK: - The configuration

    private mutating func addSettings() {
        report.add(
            "settings",
            SettingKey.all.map { key in
                Row(
                    name: key.name,
                    value: (settings.value(key) ?? key.standardValue)?.json ?? .null,
                    source: settings.origin(of: key).description
                )
            }
        )
        report.add(
            "presets",
            settings.presets.map {
                Row(name: $0.name, value: .string($0.system), source: $0.origin.description)
            }
        )
        report.add(
            "keys",
            settings.keys.map {
                Row(name: $0.text, value: .string($0.command), source: $0.origin.description)
            }
        )
        let standard = Dictionary(
            uniqueKeysWithValues: CommandTable.entries.map { ($0.command, $0.bindings) }
        )
        for entry in settings.keymap.entries
        where entry.bindings.isEmpty && standard[entry.command]?.isEmpty == false {
            let rest = entry.slash.map { "; /\($0) is left" } ?? ""
            report.notes.append("[keys] leaves \(entry.command.name) without a key\(rest).")
        }
    }

    private mutating func addThemes() {
        let library = ThemeLibrary(environment: environment)
        for key in [SettingKey.theme, .themeDark, .themeLight] {
            guard let name = settings.text(key), key != .theme || name != "auto" else { continue }
            do { _ = try library.theme(named: name) } catch {
                report.problems.append("\(key.name): \(error.userMessage)")
            }
        }
        for case .file(let path) in library.entries().map(\.origin) {
            let name = (path as NSString).lastPathComponent.dropLast(5)
            do { _ = try library.theme(named: String(name)) } catch {
                if !report.problems.contains(where: { $0.contains(path) }) {
                    report.problems.append(error.userMessage)
                }
            }
        }
    }

    // MARK: - The terminal

    private mutating func addTerminal() {
        func variable(_ name: String) -> JSONValue { .string(environment[name] ?? "(not set)") }
        var rows = [
            Row(name: "TERM", value: variable("TERM")),
            Row(name: "COLORTERM", value: variable("COLORTERM")),
            Row(name: "NO_COLOR", value: variable("NO_COLOR")),
        ]
        if let size = TerminalSize.ofStandardStreams {
            rows.append(Row(name: "size", value: .string("\(size.width) x \(size.height)")))
        } else {
            report.notes.append("No standard stream is a terminal, so its size is not known.")
        }
        do {
            let depth = try Capabilities(environment: environment, descriptor: 1).depth
            rows.append(Row(name: "colours", value: .string(depth.words)))
        } catch {
            rows.append(Row(name: "colours", value: "plain mode"))
            report.notes.append(error.userMessage)
        }
        let isInTmux = !(environment["TMUX"] ?? "").isEmpty
        rows.append(Row(name: "tmux", value: .bool(isInTmux)))
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }
            .first { !$0.isEmpty }
        rows.append(Row(name: "locale", value: .string(locale ?? "(not set)")))
        let words = (locale ?? "").lowercased()
        if !words.contains("utf-8"), !words.contains("utf8") {
            report.notes.append(
                "The locale does not say UTF-8, which facet writes. Set LANG=C.UTF-8 where other "
                    + "letters than plain English ones look wrong."
            )
        }
        report.add("terminal", rows)
    }

    // MARK: - Model and machine

    private mutating func addModel() {
        do {
            let path = try ModelOptions.find(settings.text(.model))
            model = path
            report.add("model", [Row(name: "path", value: .string(path))])
            // A broken file of the models folder has been said.
            if let reason = ModelSearch.reasonNotToOpen(path), !report.problems.contains(reason) {
                report.problems.append(reason)
            }
        } catch {
            report.problems.append((error as? Failure)?.message ?? "\(error)")
        }
    }

    private mutating func addMachine() {
        report.add(
            "machine",
            [
                Row(name: "processor", value: .string(KernelFigures.processorName())),
                Row(name: "kernels", value: .string(Kernels.name)),
                Row(name: "threads", value: .number(EngineOptions().threadCount)),
                Row(
                    name: "free_memory",
                    value: .string(ModelsCommand.size(MemoryPlan.freeMemory()))
                ),
                Row(
                    name: "memory",
                    value: .string(
                        ModelsCommand.size(Int(clamping: ProcessInfo.processInfo.physicalMemory))
                    )
                ),
            ]
        )
    }
}

extension SettingValue {
    fileprivate var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .flag(let flag): .bool(flag)
        case .whole(let number): .number(number)
        case .real(let number): .number(number)
        }
    }
}

extension ColorDepth {
    fileprivate var words: String {
        switch self {
        case .none: "none"
        case .eight: "8"
        case .sixteen: "16"
        case .indexed: "256"
        case .full: "24-bit"
        }
    }
}
