import Foundation

/// GGUF files that other programs keep on this disk: Hugging Face's cache, Ollama and LM Studio.
///
/// Whether facet can run them is for whoever opens them.
package struct OtherPrograms: Sendable {
    /// Hugging Face's `hub`, Ollama's folders and LM Studio's, each where it is looked for.
    let hub: [URL]
    let ollama: [URL]
    let studio: [URL]

    /// Takes the folders from the environment, as those programs do.
    package init(environment: [String: String]) {
        func folder(_ name: String) -> URL? {
            environment[name].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil }
        }
        let home = folder("HOME") ?? URL(filePath: "/")
        let cache = folder("XDG_CACHE_HOME") ?? home.appending(path: ".cache")
        let face = folder("HF_HOME") ?? cache.appending(path: "huggingface")
        hub = [folder("HF_HUB_CACHE") ?? face.appending(path: "hub")]
        ollama = [
            folder("OLLAMA_MODELS") ?? home.appending(path: ".ollama/models"),
            URL(filePath: "/usr/share/ollama/.ollama/models"),
        ]
        studio = [
            home.appending(path: ".lmstudio/models"),
            home.appending(path: ".cache/lm-studio/models"),
        ]
    }

    /// Every model of theirs, by program and name; projectors and parts of files are left out.
    package func models() -> [ModelSearch.Found] {
        let cached = hub.flatMap { hub in
            entries(hub).filter { $0.lastPathComponent.hasPrefix("models--") }
                .flatMap { files(below: $0.appending(path: "snapshots"), depth: 4) }
        }
        var seen: Set<String> = []
        let all =
            cached.compactMap { found($0, .huggingFace) } + ollama.flatMap(models(ofOllama:))
            + studio.flatMap { files(below: $0, depth: 3) }.compactMap { found($0, .lmStudio) }
        return all.filter { seen.insert($0.path).inserted }
    }

    // MARK: - Folders

    private func entries(_ folder: URL) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.sorted().prefix(Self.mostEntries).map { folder.appending(path: $0) }
    }

    /// Files below a folder, so many folders deep.
    private func files(below folder: URL, depth: Int) -> [URL] {
        entries(folder).flatMap { entry in
            entry.lastPathComponent.lowercased().hasSuffix(".gguf")
                ? [entry] : depth > 1 ? files(below: entry, depth: depth - 1) : []
        }
    }

    private func found(_ file: URL, _ place: ModelSearch.Place) -> ModelSearch.Found? {
        let name = String(file.lastPathComponent.dropLast(5))
        // A projector is no model, and a part of a file none that can be opened.
        guard !name.lowercased().contains("mmproj"), !name.contains("-of-") else { return nil }
        return found(file, named: name, place)
    }

    private func found(
        _ file: URL,
        named name: String,
        _ place: ModelSearch.Place
    ) -> ModelSearch.Found? {
        let path = file.resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? Int,
            attributes?[.type] as? FileAttributeType == .typeRegular
        else { return nil }
        // Projectors are looked for beside the link, where the cache shows them.
        return ModelSearch.Found(name: name, path: file.path, sizeInBytes: size, place: place)
    }

    // MARK: - Ollama

    /// A manifest's part that counts here.
    private struct Manifest: Decodable {
        struct Layer: Decodable {
            var mediaType: String
            var digest: String
        }

        var layers: [Layer]
    }

    /// Manifests are `manifests/HOST/OWNER/NAME/TAG`; the model is the blob that one names.
    private func models(ofOllama folder: URL) -> [ModelSearch.Found] {
        let manifests = folder.appending(path: "manifests")
        return entries(manifests).flatMap { host in
            entries(host).flatMap { owner in
                entries(owner).flatMap { model in
                    entries(model).compactMap { tag -> ModelSearch.Found? in
                        guard let blob = blob(of: tag, in: folder) else { return nil }
                        var name = "\(model.lastPathComponent):\(tag.lastPathComponent)"
                        if owner.lastPathComponent != "library" {
                            name = "\(owner.lastPathComponent)/\(name)"
                        }
                        return found(blob, named: name, .ollama)
                    }
                }
            }
        }
    }

    private func blob(of manifest: URL, in folder: URL) -> URL? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: manifest.path)
        guard let size = attributes?[.size] as? Int, size < Self.largestManifest,
            let data = try? Data(contentsOf: manifest),
            let layers = try? JSONDecoder().decode(Manifest.self, from: data).layers,
            let digest = layers.first(where: { $0.mediaType.hasSuffix("image.model") })?.digest
        else { return nil }
        let parts = digest.split(separator: ":")
        guard parts.count == 2, parts[0] == "sha256", parts[1].count == 64,
            parts[1].allSatisfy(\.isHexDigit)
        else { return nil }
        return folder.appending(path: "blobs/sha256-\(parts[1])")
    }

    /// Names of a folder that are looked at.
    private static let mostEntries = 1_000
    private static let largestManifest = 1 << 20
}
