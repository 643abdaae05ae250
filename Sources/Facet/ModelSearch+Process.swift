import Foundation
import GGUF
import Gemma
import Interface
import ModelLibrary

extension ModelSearch {
    /// Where this process looks.
    static var ofProcess: ModelSearch {
        ModelSearch(
            environment: ProcessInfo.processInfo.environment,
            executable: StorageOptions.executable
        )
    }

    /// Every model that can be opened here; the one that came with facet comes last.
    ///
    /// Headers of other programs' files are read: what is no Gemma is left out.
    func allModels() -> [Found] {
        models() + runnableModelsOfOthers() + [builtIn].compactMap(\.self)
    }

    /// Models of other programs that facet can run.
    func runnableModelsOfOthers() -> [Found] {
        modelsOfOthers().filter { found in
            guard let file = try? GGUFFile(path: found.path) else { return false }
            return (try? Gemma.Configuration(file: file)) != nil
        }
    }

    /// Whether a file is a whole GGUF file by its header.
    static func canOpen(_ found: Found) -> Bool { (try? GGUFFile(path: found.path)) != nil }

    /// A sentence about the models that would open first and cannot; nil where there are none.
    var passedOver: String? {
        let choice = choose(canOpen: Self.canOpen)
        guard let broken = choice.passedOver.first, let chosen = choice.chosen else { return nil }
        var reason = "it cannot be read"
        do { _ = try GGUFFile(path: broken.path) } catch { reason = error.userMessage }
        return "\(chosen.name) opens instead of \(broken.name): \(reason)"
    }
}

extension ModelSearch.Place {
    /// What a list says of it; nil where there is nothing to say.
    var note: String? {
        self == .builtIn ? "built in: a small guide, for where there is no other" : words
    }
}

extension ModelListing {
    init(_ found: ModelSearch.Found) {
        self.init(
            name: found.name,
            path: found.path,
            size: ModelsCommand.size(found.sizeInBytes),
            place: found.place.words ?? ""
        )
    }
}
