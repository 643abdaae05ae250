package import GGUF

extension Vocabulary {
    /// Reads the `tokenizer.ggml.*` keys of a file.
    ///
    /// - Throws: `TokenizationError` naming what is missing or wrong.
    package convenience init(file: GGUFFile) throws(TokenizationError) {
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
