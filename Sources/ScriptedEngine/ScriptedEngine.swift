package import Conversation
import Synchronization

/// An engine that says what a script tells it: for tests, and for trying the interface.
///
/// Each request takes the next answer of the script. Events come out as fast as they are asked
/// for; `pace` is awaited before each, so that a test can hold them and a demo can slow them down.
package actor ScriptedEngine: Engine {
    nonisolated package let description: EngineDescription
    private var answers: [[GenerationEvent]]
    /// What was asked, oldest first.
    package private(set) var requests: [GenerationRequest] = []
    private let loops: Bool
    private let pace: @Sendable () async -> Void

    /// Takes one list of events for each request.
    ///
    /// When they are used up, they begin again or requests fail with `EngineError.failed`.
    package init(
        answers: [[GenerationEvent]],
        loops: Bool = false,
        description: EngineDescription = .scripted,
        pace: @escaping @Sendable () async -> Void = {}
    ) {
        self.answers = answers
        self.loops = loops
        self.description = description
        self.pace = pace
    }

    package func openContext() async throws(EngineError) -> any EngineContext {
        ScriptedContext(engine: self, pace: pace)
    }

    fileprivate func nextAnswer(to request: GenerationRequest) throws(EngineError)
        -> [GenerationEvent]
    {
        requests.append(request)
        guard !answers.isEmpty else { throw .failed("The script has no more answers.") }
        let answer = answers.removeFirst()
        if loops { answers.append(answer) }
        return answer
    }
}

/// One conversation with a scripted engine.
private actor ScriptedContext: InspectableContext {
    private let engine: ScriptedEngine
    private let pace: @Sendable () async -> Void
    /// Answers that were asked for and have not ended: a stop is for those.
    private let asked = Mutex(0)
    private var isStopping = false
    private var isWrappingUp = false
    /// The prompt that was answered last.
    private var held: [String] = []

    init(engine: ScriptedEngine, pace: @escaping @Sendable () async -> Void) {
        self.engine = engine
        self.pace = pace
    }

    nonisolated func generate(
        _ request: GenerationRequest
    ) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<GenerationEvent, any Error>.makeStream()
        asked.withLock { $0 += 1 }
        let task = Task {
            do {
                try await answer(request) { continuation.yield($0) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in task.cancel() }
        return stream
    }

    private func answer(
        _ request: GenerationRequest,
        emit: (GenerationEvent) -> Void
    ) async throws {
        defer {
            isStopping = false
            asked.withLock { $0 -= 1 }
        }
        held = ScriptedPrompt(request).pieces
        var isInsideThought = false
        /// Drops the rest of a thought that was wrapped up.
        var skipsThought = false
        for event in try await engine.nextAnswer(to: request) {
            await pace()
            if Task.isCancelled { return }
            if isStopping {
                emit(.finished(.cancelled, Statistics()))
                return
            }
            if isWrappingUp, isInsideThought {
                emit(.thoughtClosed(.wrappedUp))
                (isInsideThought, skipsThought) = (false, true)
            }
            isWrappingUp = false
            switch event {
            case .thought: if skipsThought { continue } else { isInsideThought = true }
            case .thoughtClosed:
                if skipsThought { continue } else { isInsideThought = false }
            case .token, .looping: break
            default: (isInsideThought, skipsThought) = (false, false)
            }
            emit(event)
        }
    }

    func stop() { isStopping = asked.withLock { $0 > 0 } }

    func wrapUp() { isWrappingUp = true }

    func usage() -> ContextUsage {
        ContextUsage(used: held.count, size: engine.description.contextSize)
    }

    func cost(of request: GenerationRequest) throws(EngineError) -> PromptCost {
        let prompt = ScriptedPrompt(request)
        return PromptCost(
            promptTokens: prompt.pieces.count,
            reusedTokens: prompt.common(with: held),
            contextSize: engine.description.contextSize
        )
    }

    func prompt(for request: GenerationRequest) throws(EngineError) -> PromptReport {
        let prompt = ScriptedPrompt(request)
        return PromptReport(
            text: prompt.pieces.joined(),
            pieces: prompt.pieces.enumerated().map { index, piece in
                PromptReport.Piece(id: index, text: piece, isSpecial: piece.hasPrefix("<"))
            },
            reusedTokens: prompt.common(with: held),
            thinking: ThinkingPolicy.plan(request, canThink: engine.description.canThink)
        )
    }

    func close() {}
}

extension EngineDescription {
    /// What a scripted engine calls itself; it takes everything, since it looks at nothing.
    package static let scripted: EngineDescription = {
        var description = EngineDescription(
            name: "script",
            modelHash: "scripted",
            isLocal: true,
            contextSize: 32_768,
            canThink: true
        )
        description.senses = Senses(sees: true, hears: true)
        return description
    }()
}
