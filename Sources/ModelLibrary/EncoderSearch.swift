import Foundation

/// Projector files that may belong to a model: those beside it, likeliest first.
package enum EncoderSearch {
    /// The files of the model's folder with `mmproj` in their names.
    ///
    /// Which of them is of the model is for whoever opens them. Names that share more with the
    /// model's come first, and among equals those of weights in two bytes.
    package static func candidates(for model: String) -> [String] {
        let url = URL(filePath: model)
        let folder = url.deletingLastPathComponent()
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let own = words(url.deletingPathExtension().lastPathComponent)
        let found = names.filter {
            $0.lowercased().contains("mmproj") && $0.lowercased().hasSuffix(".gguf")
        }
        func rank(_ name: String) -> (Int, Int, String) {
            let shared = words(name).intersection(own).count
            let lower = name.lowercased()
            let kind = ["bf16", "f16", "q8_0", "f32"].firstIndex { lower.contains($0) } ?? 4
            return (-shared, kind, name)
        }
        return found.sorted { rank($0) < rank($1) }.map { folder.appending(path: $0).path }
    }

    private static func words(_ name: String) -> Set<Substring> {
        Set(name.lowercased().split { !$0.isLetter && !$0.isNumber })
    }
}
