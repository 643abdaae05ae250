import Crypto
import Foundation
package import GGUF
import Gemma
package import Tokenization

/// A model file with its vocabulary, ready to be run or inspected.
package struct LoadedVocabulary: Sendable {
    package let file: GGUFFile
    package let tokenizer: Tokenizer
    package var vocabulary: Vocabulary { tokenizer.vocabulary }

    /// Opens a file for its vocabulary alone; weights may be absent.
    /// - Throws: `EngineOpenError` naming what is wrong with the file.
    package init(path: String) throws(EngineOpenError) {
        do { file = try GGUFFile(path: path) } catch { throw .file(error) }
        do {
            tokenizer = Tokenizer(vocabulary: try Vocabulary(file: file))
        } catch { throw .vocabulary(path: path, error) }
    }
}

extension Vocabulary {
    /// Reads the `tokenizer.ggml.*` keys of a file.
    convenience init(file: GGUFFile) throws(TokenizationError) {
        func key(_ name: String) -> String { "tokenizer.ggml.\(name)" }
        var model = file.metadata[key("model")]?.stringValue ?? ""
        // Ollama's converter names the family in `pre` and leaves the older name in `model`.
        if file.metadata[key("pre")]?.stringValue == "gemma4" { model = "gemma4" }
        let tokens = file.strings(key("tokens"))
        let merges = file.strings(key("merges"))
        try self.init(
            model: model,
            tokenBytes: tokens?.bytes ?? [],
            tokenOffsets: tokens?.offsets ?? [0],
            tokenTypes: (file.integers(key("token_type")) ?? []).map { Int32(clamping: $0) },
            scores: file.floats(key("scores")) ?? [],
            mergeBytes: merges?.bytes ?? [],
            mergeOffsets: merges?.offsets ?? [0],
            bos: file.metadata[key("bos_token_id")]?.intValue,
            eos: file.metadata[key("eos_token_id")]?.intValue,
            suppressTokens: file.integers(key("suppress_tokens")) ?? []
        )
    }
}

/// Tells model files apart without reading gigabytes.
package enum ModelIdentity {
    /// SHA-256 over the header, the size, and a sample of every tensor: its first 4 KiB.
    ///
    /// Two conversions of one model differ in it; a copy of a file does not.
    package static func hash(of file: GGUFFile) -> String {
        var hasher = SHA256()
        hasher.update(data: file.file.bytes(0..<file.headerSize))
        hasher.update(data: Array("\(file.file.count)".utf8))
        for tensor in file.tensors {
            let end = tensor.offset + min(tensor.sizeInBytes, 4096)
            hasher.update(data: file.file.bytes(tensor.offset..<end))
        }
        return hasher.finalize().map { String(format: "%02x", $0) }.joined()
    }
}
