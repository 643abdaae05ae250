import Foundation
import Interface

extension Settings {
    /// The file that a folder may have for those who work in it.
    package static let projectFile = ".facet.toml"

    /// Reads and merges everything; what is wrong is collected in `problems`.
    ///
    /// The directory is the working directory, for the project's file.
    package static func load(environment: [String: String], directory: String) -> Settings {
        var settings = Settings()
        settings.readEnvironment(environment)
        let projectFile = directory + (directory.hasSuffix("/") ? "" : "/") + Self.projectFile
        settings.readFile(projectFile, isProject: true, home: environment["HOME"])
        let userFile = ConfigurationFolder(environment).file
        if userFile != projectFile {
            settings.readFile(userFile, isProject: false, home: environment["HOME"])
        }
        settings.presets.sort { $0.name < $1.name }
        return settings
    }

    private mutating func readEnvironment(_ environment: [String: String]) {
        for key in SettingKey.all {
            guard let text = environment[key.variable], !text.isEmpty else { continue }
            do {
                let value = try key.kind.value(ofVariable: text)
                entries[key] = Entry(value, .environment(key.variable))
            } catch {
                problems.append(FileProblem(file: "$\(key.variable)", "It \(error.text)"))
            }
        }
    }

    private mutating func readFile(_ file: String, isProject: Bool, home: String?) {
        guard FileManager.default.fileExists(atPath: file) else { return }
        let document: TOMLDocument
        do {
            document = try TOMLDocument(ConfigurationFolder.text(of: file), file: file)
        } catch {
            problems.append(error)
            return
        }
        var reader = SettingsReader(document, isProject: isProject, home: home)
        reader.read()
        entries.merge(reader.settings.entries) { mine, _ in mine }
        // What a person calls by name is their own, whatever a project's file brings.
        let names = Set(reader.settings.presets.map(\.name))
        presets.removeAll { names.contains($0.name) }
        presets += reader.settings.presets
        keys += reader.settings.keys
        problems += reader.settings.problems
    }
}
