package import Foundation

/// Where models are looked for, and how a name becomes a path.
package struct ModelSearch: Sendable {
    /// Searched in order.
    package let folders: [URL]
    /// The model that came with the program; nil where it did not.
    package let builtIn: Found?
    private let others: OtherPrograms
    private let home: String

    /// Takes the folders from the environment: `FACET_MODELS`, then the data folder's.
    ///
    /// - Parameters:
    ///   - environment: of the process.
    ///   - executable: absolute path of the running program, beside which its own model is.
    package init(environment: [String: String], executable: String) {
        builtIn = BuiltInModel.path(executable: executable).map {
            Found(name: BuiltInModel.name, path: $0, place: .builtIn)
        }
        others = OtherPrograms(environment: environment)
        home = environment["HOME"] ?? ""
        var folders: [URL] = []
        if let own = environment["FACET_MODELS"], !own.isEmpty {
            folders.append(URL(filePath: own))
        }
        folders.append(Self.dataFolder(environment))
        self.folders = folders
    }

    /// `$XDG_DATA_HOME/facet/models`, by default `~/.local/share/facet/models`.
    package static func dataFolder(_ environment: [String: String]) -> URL {
        let data: URL
        if let home = environment["XDG_DATA_HOME"], home.hasPrefix("/") {
            data = URL(filePath: home)
        } else {
            data = URL(filePath: environment["HOME"] ?? "/").appending(path: ".local/share")
        }
        return data.appending(path: "facet/models")
    }

    /// Whose a model is.
    package enum Place: Sendable, Hashable {
        /// It lies in one of the folders.
        case folder
        case builtIn
        case huggingFace
        case ollama
        case lmStudio

        /// In a word or two; nil for those of the folders.
        package var words: String? {
            switch self {
            case .folder: nil
            case .builtIn: "built in"
            case .huggingFace: "Hugging Face cache"
            case .ollama: "Ollama"
            case .lmStudio: "LM Studio"
            }
        }
    }

    /// A model's file.
    package struct Found: Sendable, Hashable {
        package var name: String
        package var path: String
        package var sizeInBytes: Int
        package var place: Place

        package init(name: String, path: String, sizeInBytes: Int, place: Place) {
            self.name = name
            self.path = path
            self.sizeInBytes = sizeInBytes
            self.place = place
        }

        init(name: String, path: String, place: Place) {
            // A link to a file elsewhere is as large as that.
            let file = URL(filePath: path).resolvingSymlinksInPath().path
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            let size = attributes?[.size] as? Int
            self.init(name: name, path: path, sizeInBytes: size ?? 0, place: place)
        }
    }

    /// What opens when nobody named a model.
    package struct Choice: Sendable, Hashable {
        /// Nil where there is none.
        package var chosen: Found?
        /// Those of the folders that come first by name and could not be opened.
        package var passedOver: [Found]
    }

    /// Every GGUF file in the folders, projector files left out, by name.
    package func models() -> [Found] {
        var found: [Found] = []
        for folder in folders {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            for name in names.sorted() where name.lowercased().hasSuffix(".gguf") {
                guard !name.lowercased().contains("mmproj") else { continue }
                let path = folder.appending(path: name).path
                found.append(Found(name: String(name.dropLast(5)), path: path, place: .folder))
            }
        }
        return found
    }

    /// What other programs keep on this disk, by program and name.
    package func modelsOfOthers() -> [Found] { others.models() }

    /// What opens when nobody named a model: the first one of the folders that can be opened; only
    /// where they hold none, the one that came with the program.
    ///
    /// A download that was broken off must not keep the others from opening. Models of other programs
    /// have to be named.
    package func choose(canOpen: (Found) -> Bool) -> Choice {
        let models = models()
        guard let first = models.firstIndex(where: canOpen) else {
            // Alone, a broken file is what the message is about.
            return Choice(
                chosen: builtIn ?? models.first,
                passedOver: builtIn == nil ? [] : models
            )
        }
        return Choice(chosen: models[first], passedOver: Array(models[..<first]))
    }

    /// The path for what a user wrote after `--model`: a path, a name, or a part of one name alone.
    ///
    /// `e2b` is enough for `gemma-4-E2B-it-Q4_K_M`; how a name begins counts before what it contains.
    /// This is the one place where a name becomes a path. Without a name it is what `choose`
    /// takes, no file looked into.
    /// - Throws: `ModelSearchError` listing what there is.
    package func resolve(_ asked: String?) throws(ModelSearchError) -> String {
        let models = models()
        let known = (models + [builtIn].compactMap(\.self)).map(\.name)
        if asked == "" {
            throw .unknown("", known: known, folders: folders.map(\.path))
        }
        guard let named = asked else {
            guard let chosen = choose(canOpen: { _ in true }).chosen else {
                throw .none(folders: folders.map(\.path))
            }
            return chosen.path
        }
        // No shell has looked at what a file or the interface says.
        let asked = named.hasPrefix("~/") ? home + named.dropFirst() : named
        if asked.contains("/") || asked.hasSuffix(".gguf"),
            FileManager.default.fileExists(atPath: asked)
        {
            return asked
        }
        // A file of its name in a folder does not hide it; that one is opened by its path.
        if let builtIn, asked == builtIn.name { return builtIn.path }
        if let exact = models.first(where: { $0.name == asked || $0.name + ".gguf" == asked }) {
            return exact.path
        }
        if let other = modelsOfOthers().first(where: { $0.name == asked }) { return other.path }
        let part = asked.lowercased()
        var fitting = models.filter { $0.name.lowercased().hasPrefix(part) }
        if fitting.isEmpty { fitting = models.filter { $0.name.lowercased().contains(part) } }
        switch fitting.count {
        case 1: return fitting[0].path
        case 0: throw .unknown(asked, known: known, folders: folders.map(\.path))
        default: throw .ambiguous(asked, matches: fitting.map(\.name))
        }
    }
}

/// Why a model cannot be found.
package enum ModelSearchError: Error, Sendable, Hashable {
    case none(folders: [String])
    case unknown(String, known: [String], folders: [String])
    case ambiguous(String, matches: [String])

    package var userMessage: String {
        switch self {
        case .none(let folders):
            "No model found. Put a GGUF file into \(folders.joined(separator: " or ")), "
                + "or name one with --model PATH."
        case .unknown(let name, let known, let folders):
            "There is no model \"\(name)\": it is not a file, and "
                + (known.isEmpty
                    ? "\(folders.joined(separator: " and ")) hold none."
                    : "the models here are \(known.joined(separator: ", ")).")
                + " Name one with --model PATH."
        case .ambiguous(let name, let matches):
            "\"\(name)\" fits several models: \(matches.joined(separator: ", ")). Write more of it."
        }
    }
}
