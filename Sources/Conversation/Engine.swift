/// Something that answers: a model in this process, a server, or a script in a test.
///
/// An engine serves several conversations at once over the same weights. Each opens a context of
/// its own; contexts are served in turn, token by token.
package protocol Engine: Sendable {
    /// What the interface shows about this engine.
    var description: EngineDescription { get }

    /// Opens a fresh conversation cache.
    /// - Throws: `EngineError.notEnoughMemory` when the plan does not fit.
    func openContext() async throws(EngineError) -> any EngineContext
}

/// An engine that keeps what it has read of a session from one process to the next.
package protocol Resumable: Engine {
    /// Opens the cache of a session's conversation, as full as it was left.
    ///
    /// What it holds changes how long the first answer takes to begin, never what is said.
    /// - Throws: `EngineError.notEnoughMemory` when the plan does not fit.
    func openContext(resuming session: String) async throws(EngineError) -> any EngineContext
}

extension Engine {
    /// Opens a conversation's cache, as full as it was left where the engine can do that.
    ///
    /// - Parameter session: nil for a conversation of which nothing is kept.
    /// - Returns: the conversation's place.
    /// - Throws: `EngineError.notEnoughMemory` when the plan does not fit.
    package func openContext(for session: String?) async throws(EngineError) -> any EngineContext {
        guard let session, let engine = self as? any Resumable else {
            return try await openContext()
        }
        return try await engine.openContext(resuming: session)
    }
}

/// One conversation's place in an engine.
package protocol EngineContext: Sendable {
    /// Answers the request's last message.
    ///
    /// Single pass. Leaving the loop early cancels: what was computed stays usable, so that the
    /// next request reads only what is new. A second request waits for the first to end.
    func generate(_ request: GenerationRequest) -> AsyncThrowingStream<GenerationEvent, any Error>

    /// Stops the answer that is being made; its stream ends with `.finished(.cancelled, ...)`.
    func stop() async

    /// Closes the thought that is being written, so that the answer follows.
    ///
    /// Does nothing outside of a thought.
    func wrapUp() async

    /// How much of the context is in use.
    func usage() async -> ContextUsage

    /// What a request would cost; nothing is read.
    /// - Throws: `EngineError` with the sentence of what cannot be asked.
    func cost(of request: GenerationRequest) async throws(EngineError) -> PromptCost

    /// Gives the cache's memory back. Later requests fail.
    func close() async
}

/// What a person is told about the engine in use.
package struct EngineDescription: Sendable, Hashable {
    /// Short name for the status line: `e2b Q4_0`.
    package var name: String
    /// Recorded with every answer.
    package var modelHash: String
    package var isLocal: Bool
    /// Tokens a context holds.
    package var contextSize: Int
    /// False for models that know no thoughts.
    package var canThink: Bool
    /// A sentence worth showing all the time, as "completes text, was not taught to chat".
    package var caution: String?
    /// What it takes in beside text.
    package var senses = Senses.none
    /// The model's file; nil for an engine without one.
    package var path: String?
    /// What the file calls its model.
    package var title: String?
    /// How large the file says that its model is: `5M`.
    package var sizeLabel: String?
    /// Numbers in the file's tensors.
    package var parameters: Int?
    /// The file is the one that came with the program.
    package var isBuiltIn = false
    /// How its file says that tokens are to be drawn.
    package var sampling = SamplingChoices()

    /// What a person is shown: of the model that came with the program what its file calls it, with
    /// its size, since that name says more than the file's.
    package var shownName: String {
        guard isBuiltIn else { return name }
        let size = sizeLabel ?? parameters.map(Self.words)
        return (title ?? name) + (size.map { " (\($0) parameters)" } ?? "")
    }

    /// A sentence's end worth showing all the time, also of the model that came with the program.
    package var shownCaution: String? {
        caution
            ?? (isBuiltIn ? "knows facet only; /get says how to get E2B" : nil)
    }

    /// A count in a digit or two: `5M`, `4.6B`.
    private static func words(_ count: Int) -> String {
        switch count {
        case 1_000_000_000...: "\(Double(count / 100_000_000) / 10)B"
        case 1_000_000...: "\((count + 500_000) / 1_000_000)M"
        case 1_000...: "\((count + 500) / 1_000)k"
        default: "\(count)"
        }
    }

    package init(
        name: String,
        modelHash: String,
        isLocal: Bool,
        contextSize: Int,
        canThink: Bool,
        caution: String? = nil
    ) {
        self.name = name
        self.modelHash = modelHash
        self.isLocal = isLocal
        self.contextSize = contextSize
        self.canThink = canThink
        self.caution = caution
    }
}

/// Why an engine cannot answer, as a sentence for a person.
package enum EngineError: Error, Sendable, Hashable {
    /// The prompt alone does not fit the context.
    case promptTooLong(tokens: Int, contextSize: Int)
    case notEnoughMemory(neededBytes: Int, freeBytes: Int)
    /// The process may not even reserve so much, however much is free.
    case notEnoughAddressSpace(neededBytes: Int)
    /// The request holds something this model has no use for.
    case unsupported(String)
    case closed
    /// It was stopped before anything was known of it.
    case cancelled
    case failed(String)

    package var userMessage: String {
        switch self {
        case .promptTooLong(let tokens, let size):
            "The conversation needs \(tokens) tokens but the context holds \(size). "
                + "Shorten it (in the interface /compact leaves turns out), start a new session, "
                + "or open the model with a larger --context."
        case .notEnoughMemory(let needed, let free):
            "This conversation needs \(needed >> 20) MiB of memory but \(free >> 20) MiB are free. "
                + "Close another one, or choose a smaller --context or a smaller model."
        case .notEnoughAddressSpace(let needed):
            "This conversation needs \(needed >> 20) MiB of address space, and this process may not "
                + "have so much. Raise its limit (ulimit -v), or choose a smaller --context."
        case .unsupported(let what): what
        case .closed: "This conversation's engine context was closed. Open the session again."
        case .cancelled: "It was stopped."
        case .failed(let what): what
        }
    }
}
