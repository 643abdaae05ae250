import GemmaEngine
import Media
import MediaDecoding
import ModelLibrary
import SnapshotStore

/// What was said about pictures and sound, for whichever model is opened.
struct SenseOptions: Sendable {
    /// The encoders that somebody named.
    var projector: String?
    var budget: TokenBudget
    /// Where soft tokens are kept for the next process.
    var folder: SnapshotFolder?

    func options(for model: String) -> EncoderOptions {
        EncoderOptions(
            reader: Self.reader,
            path: projector,
            candidates: projector == nil ? EncoderSearch.candidates(for: model) : [],
            budget: budget,
            folder: folder
        )
    }

    /// Decodes in a process of this program's own, even where its file has been replaced since.
    static let reader = MediaReader(program: "/proc/self/exe")

    /// Poppler's programs run in such a process too.
    static let documents = DocumentReader(program: "/proc/self/exe")
}
