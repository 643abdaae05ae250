import ArgumentParser
import Foundation
import GGUF
import Interface
import ModelLibrary

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List and show model files.",
        subcommands: [List.self, Show.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the models on this disk.",
            discussion: """
                Those of the models folders, then those of Hugging Face's cache, Ollama and LM Studio \
                that facet can run, then the one that came with facet: name, size, licence, path, and \
                whose, or why it cannot be opened.
                """
        )

        func run() throws {
            let search = ModelSearch.ofProcess
            let models = search.allModels()
            for model in models {
                let size = ModelsCommand.size(model.sizeInBytes)
                let note = model.place == .folder ? model.reasonNotToOpen : model.place.note
                let line = [model.name, size, model.licence, model.path, note].compactMap(\.self)
                try Console.write(
                    line.map(ModelsCommand.printable).joined(separator: "\t") + "\n"
                )
            }
            if !models.contains(where: { $0.place != .builtIn }) {
                let offer = ModelOffer.e2b.sentence(folder: search.folders.first?.path ?? "")
                Console.complain(
                    "No models in \(search.folders.map(\.path).joined(separator: " or ")). \(offer)"
                )
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print a model file's metadata, tensors and sizes."
        )

        @Argument(help: "A GGUF file, or a model's name.", completion: .model)
        var file: String

        @Flag(help: "Only the metadata.")
        var metadata = false

        func run() throws {
            let path = try ModelOptions.resolve(file)
            let opened: GGUFFile
            do { opened = try GGUFFile(path: path) } catch {
                throw Failure(error.userMessage, .model)
            }
            try Console.write(ModelsCommand.description(of: opened, withTensors: !metadata))
        }
    }

    /// What the file says of the licence of its weights.
    static func licence(of file: GGUFFile) -> String {
        guard let name = file.metadata["general.license"]?.stringValue, !name.isEmpty else {
            return "licence not stated"
        }
        return "licence \(name)"
    }

    static func size(_ bytes: Int) -> String {
        if bytes >= 1 << 30 { return String(format: "%.2f GiB", Double(bytes) / 0x1p30) }
        if bytes >= 1 << 20 { return String(format: "%.1f MiB", Double(bytes) / 0x1p20) }
        return "\(bytes) B"
    }

    /// A report of a file: key by key, then a line a tensor, then totals by type.
    static func description(of file: GGUFFile, withTensors: Bool) -> String {
        var out = "\(printable(file.path))\n"
        out += "GGUF version \(file.version), \(size(file.file.count)), "
        out += "\(file.tensors.count) tensors, alignment \(file.alignment)\n"
        out += "\(printable(licence(of: file)))\n\nmetadata\n"
        for key in file.metadataKeys {
            out += "  \(printable(key)) = \(file.metadata[key].map(text) ?? "")\n"
        }
        guard withTensors else { return out }
        out += "\ntensors\n"
        for tensor in file.tensors {
            let shape = tensor.shape.map(String.init).joined(separator: " x ")
            out +=
                "  \(printable(tensor.name))\t\(tensor.type.name)\t[\(shape)]\t\(size(tensor.sizeInBytes))\n"
        }
        let groups = Dictionary(grouping: file.tensors) { $0.type }
        out += "\nsizes\n"
        for (type, tensors) in groups.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let bytes = tensors.reduce(0) { $0 + $1.sizeInBytes }
            out += "  \(type.name)\t\(tensors.count) tensors\t\(size(bytes))\n"
        }
        return out
    }

    private static func text(_ value: MetadataValue) -> String {
        switch value {
        case .integer(let number): String(number)
        case .unsigned(let number): String(number)
        case .real(let number): "\(Float(number))"
        case .bool(let flag): String(flag)
        case .string(let text):
            text.utf8.count > 120
                ? "\"\(printable(String(text.prefix(120))))…\" (\(text.utf8.count) bytes)"
                : "\"\(printable(text))\""
        case .array(let array): "[\(array.count) x \(array.elementType)]"
        }
    }

    /// Names and titles on one line, with nothing in them that steers a terminal.
    static func printable(_ text: String) -> String {
        let visible = Console.visible(text)
        guard visible.utf8.contains(where: { $0 < 0x20 }) else { return visible }
        return visible.replacing("\n", with: "\u{FFFD}").replacing("\t", with: " ")
    }
}
