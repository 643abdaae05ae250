import BuiltInThemes
import Foundation
package import Interface

/// The themes of the program and of the person's configuration folder.
package struct ThemeLibrary: Sendable {
    /// Where a theme comes from.
    package enum Origin: Sendable, Hashable {
        case builtIn
        case file(String)

        /// What errors call the file.
        var file: String {
            switch self {
            case .builtIn: "a built-in theme"
            case .file(let path): path
            }
        }
    }

    /// A theme that can be asked for.
    package struct Entry: Sendable, Hashable {
        package var name: String
        package var origin: Origin
    }

    /// The folder of the person's own themes.
    package let folder: String

    /// Takes the folder from the environment: `$XDG_CONFIG_HOME/facet/themes`.
    package init(environment: [String: String]) {
        self.init(folder: ConfigurationFolder(environment).themes)
    }

    package init(folder: String) { self.folder = folder }

    /// Every theme by name; one's own stands for a built-in one of the same name.
    package func entries() -> [Entry] {
        let own = ownNames().map { Entry(name: $0, origin: .file(path(of: $0))) }
        let names = Set(own.map(\.name))
        let builtIn = BuiltInThemes.all.map(\.name).filter { !names.contains($0) }
            .map { Entry(name: $0, origin: .builtIn) }
        return builtIn + own
    }

    /// Reads a theme.
    /// - Throws: `FileProblems` when there is none of this name, or its file is wrong.
    package func theme(named name: String) throws(FileProblems) -> Theme {
        let origin = try origin(of: name)
        return try source(name, origin, through: []).theme(named: name, file: origin.file)
    }

    /// The text of a theme's file.
    package func text(of name: String) throws(FileProblems) -> String {
        try read(name, try origin(of: name))
    }

    private func origin(of name: String) throws(FileProblems) -> Origin {
        let entries = entries()
        if let entry = entries.first(where: { $0.name == name }) { return entry.origin }
        let names = entries.map(\.name)
        throw FileProblems([
            FileProblem(
                file: folder,
                "There is no theme \"\(name)\".\(Suggestion.question(for: name, among: names))"
                    + " The themes are \(names.joined(separator: ", "))."
            )
        ])
    }

    /// The file with what it extends; `through` are the files that led here.
    private func source(
        _ name: String,
        _ origin: Origin,
        through: [String]
    ) throws(FileProblems) -> ThemeSource {
        let source = try ThemeSource(try read(name, origin), file: origin.file)
        guard let base = source.extends else { return source }
        let chain = through + [name]
        let baseOrigin: Origin
        if base == name, BuiltInThemes.all.contains(where: { $0.name == name }), origin != .builtIn
        {
            // One's own `dark` may begin with the built-in one.
            baseOrigin = .builtIn
        } else if chain.contains(base) {
            let circle = (chain + [base]).joined(separator: " -> ")
            throw FileProblems([
                FileProblem(file: origin.file, "It extends itself: \(circle). Break the circle.")
            ])
        } else {
            do { baseOrigin = try self.origin(of: base) } catch {
                throw FileProblems(
                    error.all.map { FileProblem(file: origin.file, "extends: " + $0.text) }
                )
            }
        }
        return source.over(try self.source(base, baseOrigin, through: chain))
    }

    private func read(_ name: String, _ origin: Origin) throws(FileProblems) -> String {
        switch origin {
        case .builtIn: return BuiltInThemes.all.first { $0.name == name }?.text ?? ""
        case .file(let path):
            do { return try ConfigurationFolder.text(of: path) } catch {
                throw FileProblems([error])
            }
        }
    }

    private func path(of name: String) -> String { "\(folder)/\(name).toml" }

    private func ownNames() -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }
            .map { String($0.dropLast(5)) }.sorted()
    }
}
