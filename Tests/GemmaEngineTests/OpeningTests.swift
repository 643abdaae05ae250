import Foundation
import GGUF
import Gemma
import GemmaEngine
import ReferenceData
import Testing
import Tokenization

@Suite("Opening a model") struct OpeningTests {
    @Test(
        "a vocabulary that lacks a special token of the chat is refused by its name",
        arguments: ["<|turn>", "<turn|>", "<|think|>", "<|channel>", "<channel|>", "<|tool_call>"]
    )
    func missingSpecial(token: String) throws {
        let file = try changed("moe", replacing: token, by: token.replacing("|", with: "!"))
        let error = open(file.path)
        #expect(error == .vocabulary(path: file.path, .missingSpecial(token)))
        #expect(
            error?.userMessage == "Can't run \(file.path): The model's vocabulary has no token "
                + "\"\(token)\", which a chat needs. Choose a model that was made for chatting."
        )
    }

    @Test("another architecture is refused by its name")
    func architecture() throws {
        // The tokenizer's name stands later in the file than the architecture's.
        let file = try changed("moe", replacing: "gemma4", by: "llama9")
        #expect(
            open(file.path) == .model(.unsupportedArchitecture(path: file.path, name: "llama9"))
        )
    }

    @Test(
        "a file that holds a vocabulary alone is refused",
        .enabled(if: ReferenceFolder.isPresent, "no reference folder")
    )
    func vocabularyOnly() throws {
        let path = try #require(ReferenceFolder.path("gemma4/gemma-4-vocab.gguf"))
        guard case .model(let error) = open(path) else {
            Issue.record("a vocabulary opened as a model")
            return
        }
        #expect(error.userMessage.hasPrefix("Can't run \(path): it lacks the "))
    }

    @Test("a file that is no model, and one that is not there")
    func noModel() throws {
        let file = try TemporaryFile(Array("no model at all, only some text".utf8))
        #expect(open(file.path) == .file(.notGGUF(path: file.path)))
        guard case .file(.unreadable(let path, _)) = open("/nowhere/at/all.gguf") else {
            Issue.record("an absent file opened")
            return
        }
        #expect(path == "/nowhere/at/all.gguf")
    }

    @Test("a context beyond the trained one is refused")
    func trained() throws {
        let path = GoldenEngine.path("dense")
        #expect(
            open(path, contextSize: 4097) == .contextTooLarge(asked: 4097, trained: 4096)
        )
        #expect(open(path, contextSize: 4096) == nil)
    }

    private func open(_ path: String, contextSize: Int? = nil) -> EngineOpenError? {
        do {
            _ = try GemmaEngine(path: path, options: EngineOptions(contextSize: contextSize))
            return nil
        } catch { return error }
    }

    /// A golden file whose first occurrence of a text is another text of the same length.
    private func changed(
        _ name: String,
        replacing old: String,
        by new: String
    ) throws -> TemporaryFile {
        var data = try Data(contentsOf: URL(filePath: GoldenEngine.path(name)))
        let place = try #require(data.range(of: Data(old.utf8)))
        #expect(old.utf8.count == new.utf8.count)
        data.replaceSubrange(place, with: Data(new.utf8))
        return try TemporaryFile([UInt8](data))
    }
}
