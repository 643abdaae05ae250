import Conversation
import GGUF
import Gemma
import GemmaEngine
import Testing
import Tokenization

@Suite("Sentences about what went wrong") struct ErrorSentenceTests {
    @Test(
        "opening",
        arguments: [
            (
                EngineOpenError.file(.notGGUF(path: "a.gguf")),
                "Can't open a.gguf: it is not a GGUF file. Facet reads GGUF models; "
                    + "convert it, or choose another file."
            ),
            (
                .model(.unsupportedArchitecture(path: "a.gguf", name: "llama")),
                "Can't run a.gguf: its architecture is llama, and Facet runs gemma4 and gemma3. "
                    + "Choose a Gemma model."
            ),
            (
                .model(.missingKey(path: "a.gguf", key: "gemma4.block_count")),
                "Can't run a.gguf: it lacks the metadata key gemma4.block_count. "
                    + "Download a newer conversion."
            ),
            (
                .model(
                    .badValue(path: "a.gguf", key: "gemma4.block_count", reason: "is not positive")
                ),
                "Can't run a.gguf: its value of gemma4.block_count is not positive. "
                    + "Download it again."
            ),
            (
                .model(.missingTensor(path: "a.gguf", name: "output_norm.weight")),
                "Can't run a.gguf: it lacks the tensor output_norm.weight. "
                    + "A vocabulary-only file holds no weights; otherwise download it again."
            ),
            (
                .model(
                    .wrongShape(
                        path: "a.gguf",
                        name: "output_norm.weight",
                        found: [2],
                        expected: [3]
                    )
                ),
                "Can't run a.gguf: its tensor output_norm.weight has the shape [2] where [3] is "
                    + "needed. Download it again."
            ),
            (
                .vocabulary(path: "a.gguf", .missingSpecial("<|turn>")),
                "Can't run a.gguf: The model's vocabulary has no token \"<|turn>\", which a chat "
                    + "needs. Choose a model that was made for chatting."
            ),
            (
                .contextTooLarge(asked: 9000, trained: 4096),
                "A context of 9000 tokens is more than the 4096 this model was trained for. "
                    + "Ask for 4096 or less."
            ),
        ]
    )
    func opening(error: EngineOpenError, sentence: String) {
        #expect(error.userMessage == sentence)
    }

    @Test(
        "answering",
        arguments: [
            (
                EngineError.promptTooLong(tokens: 500, contextSize: 64),
                "The conversation needs 500 tokens but the context holds 64. "
                    + "Shorten it (in the interface /compact leaves turns out), start a new session, "
                    + "or open the model with a larger --context."
            ),
            (
                .notEnoughMemory(neededBytes: 3 << 20, freeBytes: 1 << 20),
                "This conversation needs 3 MiB of memory but 1 MiB are free. "
                    + "Close another one, or choose a smaller --context or a smaller model."
            ),
            (.unsupported("No pictures here."), "No pictures here."),
            (.closed, "This conversation's engine context was closed. Open the session again."),
            (.failed("It broke."), "It broke."),
        ]
    )
    func answering(error: EngineError, sentence: String) {
        #expect(error.userMessage == sentence)
    }
}
