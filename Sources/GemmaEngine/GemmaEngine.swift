package import Conversation
import Foundation
import GGUF
import Gemma
import Tensors
import Tokenization

/// Runs a Gemma model in this process.
package final class GemmaEngine: Engine {
    package let description: EngineDescription
    package let plan: MemoryPlan
    let host: ModelHost

    /// Opens a model file.
    /// - Throws: `EngineOpenError` with the sentence for the user.
    package init(path: String, options: EngineOptions) throws(EngineOpenError) {
        let loaded = try LoadedVocabulary(path: path)
        let file = loaded.file
        let configuration: Configuration
        let prompts: PromptBuilder
        do {
            configuration = try Configuration(file: file)
        } catch { throw .model(error) }
        do {
            prompts = try PromptBuilder(
                tokenizer: loaded.tokenizer,
                family: configuration.family,
                hasPerLayerEmbeddings: configuration.perLayerSize > 0,
                hasChatTemplate: file.metadata["tokenizer.chat_template"] != nil
            )
        } catch { throw .vocabulary(path: path, error) }
        plan = try MemoryPlan.make(
            configuration: configuration,
            weightBytes: file.file.count,
            batchSize: TextModel.defaultBatchSize,
            precision: options.precision,
            asked: options.contextSize,
            freeBytes: MemoryPlan.freeMemory()
        )
        do {
            host = try ModelHost(
                file: file,
                prompts: prompts,
                options: options,
                contextSize: plan.contextSize
            )
        } catch { throw .model(error) }
        description = EngineDescription(
            name: URL(filePath: path).deletingPathExtension().lastPathComponent,
            modelHash: ModelIdentity.hash(of: file),
            isLocal: true,
            contextSize: plan.contextSize,
            canThink: prompts.canThink,
            caution: prompts.style == .completion
                ? "completes text, was not taught to chat" : nil
        )
    }

    package func openContext() async throws(EngineError) -> any EngineContext {
        GemmaContext(host: host, id: await host.open())
    }

    /// The instruction set whose kernels are in use: `avx512`, `avx2` or `portable`.
    package var kernels: String { Kernels.name }

    /// The prompt a request would be given, before the cache is looked at.
    package func prompt(for request: GenerationRequest) throws(EngineError) -> BuiltPrompt {
        try host.prompts.build(
            request,
            thinks: ThinkingPolicy.decide(request, canThink: host.prompts.canThink).thinks
        )
    }
}

/// One conversation's cache in a `GemmaEngine`.
package final class GemmaContext: EngineContext {
    private let host: ModelHost
    private let id: Int

    init(host: ModelHost, id: Int) {
        self.host = host
        self.id = id
    }

    package func generate(
        _ request: GenerationRequest
    ) -> AsyncThrowingStream<GenerationEvent, any Error> {
        let (host, id) = (host, id)
        return AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    try await host.answerInTurn(request, in: id) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    package func stop() async { await host.stop(id) }

    package func close() async { await host.close(id) }
}
