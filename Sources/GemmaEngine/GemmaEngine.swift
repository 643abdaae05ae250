package import Conversation
import Foundation
import GGUF
import Gemma
import Synchronization
import Tensors
import Tokenization

/// Runs a Gemma model in this process.
package final class GemmaEngine: Resumable {
    package let description: EngineDescription
    package let plan: MemoryPlan
    package let host: ModelHost

    /// Opens a model file.
    ///
    /// - Parameters:
    ///   - path: of the model.
    ///   - options: how it is opened.
    ///   - encoders: how it comes to see and hear; nil for text only.
    /// - Throws: `EngineOpenError` with the sentence for the user.
    package init(
        path: String,
        options: EngineOptions,
        encoders: EncoderOptions? = nil
    ) throws(EngineOpenError) {
        let loaded = try LoadedVocabulary(path: path)
        let configuration: Configuration
        let prompts: PromptBuilder
        do { configuration = try Configuration(file: loaded.file) } catch { throw .model(error) }
        // Tokens that the engine writes itself.
        let vocabulary = loaded.tokenizer.vocabulary
        let written = [vocabulary.eos, vocabulary.specials[.channelClose]].compactMap(\.self)
        guard written.allSatisfy({ $0 < configuration.vocabularySize }) else {
            throw .model(
                .badValue(
                    path: path,
                    key: "tokenizer.ggml.tokens",
                    reason: "has a special token that the embedding table lacks"
                )
            )
        }
        do {
            prompts = try PromptBuilder(
                tokenizer: loaded.tokenizer,
                family: configuration.family,
                hasPerLayerEmbeddings: configuration.perLayerSize > 0,
                hasChatTemplate: loaded.file.metadata["tokenizer.chat_template"] != nil
            )
        } catch { throw .vocabulary(path: path, error) }
        let pool = WorkerPool(threadCount: options.threadCount)
        do {
            (plan, host) = try Self.open(
                loaded.file,
                configuration,
                prompts,
                options,
                encoders,
                pool
            )
        } catch {
            pool.stop()
            throw error
        }
        description = Self.description(loaded.file, prompts, host)
    }

    /// Plans the memory and opens weights and encoders on these threads.
    private static func open(
        _ file: GGUFFile,
        _ configuration: Configuration,
        _ prompts: PromptBuilder,
        _ options: EngineOptions,
        _ encoderOptions: EncoderOptions?,
        _ pool: WorkerPool
    ) throws(EngineOpenError) -> (MemoryPlan, ModelHost) {
        var opened: OpenEncoders?
        if let encoderOptions {
            opened = try OpenEncoders(
                encoderOptions,
                model: file,
                configuration: configuration,
                pool: pool
            )
        }
        let plan = try MemoryPlan.make(
            configuration: configuration,
            weightBytes: file.file.count,
            encoderBytes: opened?.bytes(threads: pool.threadCount) ?? 0,
            batchSize: ModelHost.batchSize(configuration, opened),
            kvFormat: options.kvFormat,
            threads: options.threadCount,
            speculates: options.speculation != .off,
            asked: options.contextSize,
            freeBytes: MemoryPlan.freeMemory()
        )
        do {
            let host = try ModelHost(
                file: file,
                modelHash: ModelIdentity.hash(of: file),
                prompts: prompts,
                options: options,
                contextSize: plan.contextSize,
                pool: pool,
                encoders: opened,
                reader: encoderOptions
            )
            return (plan, host)
        } catch { throw .model(error) }
    }

    private static func description(
        _ file: GGUFFile,
        _ prompts: PromptBuilder,
        _ host: ModelHost
    ) -> EngineDescription {
        var description = EngineDescription(
            name: URL(filePath: file.path).deletingPathExtension().lastPathComponent,
            modelHash: host.modelHash,
            isLocal: true,
            contextSize: host.contextSize,
            canThink: prompts.canThink,
            caution: prompts.style == .completion
                ? "completes text, was not taught to chat" : nil
        )
        description.senses = host.senses
        description.path = file.path
        description.title = file.metadata["general.name"]?.stringValue
        // Of a model and its encoders in two files the label counts both.
        description.sizeLabel = file.metadata["general.size_label"]?.stringValue
        description.sampling = SamplingChoices(metadata: file.metadata)
        description.parameters = file.tensors.reduce(0) { $0 + $1.elementCount }
        return description
    }

    package func openContext() async throws(EngineError) -> any EngineContext {
        GemmaContext(host: host, id: try await host.open())
    }

    package func openContext(
        resuming session: String
    ) async throws(EngineError) -> any EngineContext {
        GemmaContext(host: host, id: try await host.open(resuming: session))
    }

    /// The instruction set whose kernels are in use, by one of the names in `CKernels.h`.
    package var kernels: String { Kernels.name }

    /// The prompt a request would be given, before the cache is looked at.
    package func prompt(for request: GenerationRequest) throws(EngineError) -> BuiltPrompt {
        try host.prompts.build(
            request,
            thinks: ThinkingPolicy.plan(request, canThink: host.prompts.canThink).thinks
        )
    }
}

/// One conversation's cache in a `GemmaEngine`.
package final class GemmaContext: EngineContext {
    /// The answers asked for and not yet ended, oldest first.
    private struct Running {
        var count = 0
        var tasks: [(number: Int, task: Task<Void, Never>)] = []
    }

    let host: ModelHost
    let id: Int
    private let running = Mutex(Running())

    init(host: ModelHost, id: Int) {
        self.host = host
        self.id = id
    }

    package func generate(
        _ request: GenerationRequest
    ) -> AsyncThrowingStream<GenerationEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = start {
                do {
                    try await self.host.answerInTurn(request, in: self.id) {
                        continuation.yield($0)
                    }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Notes the task before it can end, so that a stop finds every answer that was asked for.
    private func start(_ answer: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        running.withLock { running in
            running.count += 1
            let number = running.count
            let task = Task {
                await answer()
                self.running.withLock { $0.tasks.removeAll { $0.number == number } }
            }
            running.tasks.append((number, task))
            return task
        }
    }

    package func stop() async {
        running.withLock { running in
            running.tasks.first { !$0.task.isCancelled }?.task.cancel()
        }
    }

    package func wrapUp() async { await host.wrapUp(id) }

    package func usage() async -> ContextUsage { await host.usage(id) }

    package func cost(of request: GenerationRequest) async throws(EngineError) -> PromptCost {
        try await host.cost(of: request, in: id)
    }

    package func close() async {
        running.withLock { running in
            for entry in running.tasks { entry.task.cancel() }
        }
        // An answer that is ending belongs to what is kept; a pass that takes long is not waited for.
        for _ in 0..<Self.patience where !running.withLock({ $0.tasks.isEmpty }) {
            try? await Task.sleep(for: .milliseconds(20))
        }
        await host.closeSaving(id)
    }

    /// How often it is looked whether answers have ended: for two seconds.
    private static let patience = 100
}
