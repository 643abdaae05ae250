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

    /// Why a file cannot be opened, as its header says; nil where that is sound.
    static func reasonNotToOpen(_ path: String) -> String? {
        do {
            _ = try Gemma.Configuration(file: GGUFFile(path: path))
            return nil
        } catch let error as GGUFError {
            return error.userMessage
        } catch let error as ModelError {
            return error.userMessage
        } catch { return "\(error)" }
    }

    /// What opens when nobody named a model, found out once: headers are read for it.
    static let choiceOfProcess = ofProcess.choose { (try? GGUFFile(path: $0.path)) != nil }
}

extension ModelSearch.Found {
    /// As its header says.
    var licence: String {
        (try? GGUFFile(path: path)).map(ModelsCommand.licence) ?? "licence unknown"
    }

    /// Why facet cannot open it, as its header says; nil where that is sound.
    var reasonNotToOpen: String? { ModelSearch.reasonNotToOpen(path) }
}

extension ModelSearch.Choice {
    /// A sentence about a model that would open first and cannot; nil where there is none.
    var complaint: String? {
        guard let broken = passedOver.first, let chosen, let reason = broken.reasonNotToOpen
        else { return nil }
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
