import ChatFormat
package import Conversation
package import Decoding
import Foundation
import GGUF
import Gemma
import Tensors
import Tokenization

/// Owns a model's weights, its threads and every conversation's cache.
///
/// All arithmetic runs on this actor's own queue. Contexts take turns: before each pass the actor
/// yields, so that another conversation's next step comes in between.
package actor ModelHost {
    /// What belongs to one conversation.
    final class Context {
        let cache: KVCache
        /// The ids whose keys and values the cache holds.
        var ids: [Int] = []
        /// The system turn in the cache switches thinking on.
        var thinks = false
        /// Finds passages of the conversation that are being repeated; knows `ids`.
        var lookup = PromptLookup()
        /// The thought that is being written is to be closed.
        var wrapsUp = false
        /// The logits after the last prompt, `[V]`, so that another answer to it reads nothing again.
        let promptLogits: FloatBuffer
        /// How many ids stand before them; nil when there are none.
        var promptLogitsPosition: Int?

        init(cache: KVCache, vocabularySize: Int) {
            self.cache = cache
            promptLogits = FloatBuffer(count: vocabularySize)
        }
    }

    nonisolated let options: EngineOptions
    package nonisolated let prompts: PromptBuilder
    nonisolated let contextSize: Int
    private let executor = SerialQueueExecutor(label: "facet.engine")
    private let pool: WorkerPool
    let model: TextModel
    /// Logits of one pass while an answer is generated, `[rows, V]`: used up before another
    /// conversation has its turn.
    let logits: FloatBuffer
    /// How many guesses are worth checking on this machine.
    var draftLength = DraftLength()
    /// Guesses in the lookup's place; for tests.
    private var drafter: (any Drafter)?
    /// Writes answers in the sampler's place; for tests.
    private var chooser: TokenChooser?
    private var contexts: [Int: Context] = [:]
    private var nextContext = 0
    /// Contexts that are answering, and the requests that wait for them.
    private var waiting: [Int: [CheckedContinuation<Void, Never>]] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Opens the weights; `plan` says for how large a context.
    init(
        file: GGUFFile,
        prompts: PromptBuilder,
        options: EngineOptions,
        contextSize: Int
    ) throws(ModelError) {
        pool = WorkerPool(threadCount: options.threadCount)
        do {
            model = try TextModel(file: file, pool: pool)
        } catch {
            pool.stop()
            throw error
        }
        logits = FloatBuffer(
            count: Self.logitRows(speculates: options.speculation != .off)
                * model.configuration.vocabularySize
        )
        self.prompts = prompts
        self.options = options
        self.contextSize = contextSize
    }

    deinit { pool.stop() }

    /// Rows of logits that a pass leaves at most.
    nonisolated static func logitRows(speculates: Bool) -> Int {
        speculates ? DraftLength.maxRows : 1
    }

    package func open() -> Int {
        nextContext += 1
        contexts[nextContext] = Context(
            cache: model.makeCache(
                capacity: contextSize,
                precision: options.precision,
                format: options.kvFormat
            ),
            vocabularySize: model.configuration.vocabularySize
        )
        return nextContext
    }

    func close(_ id: Int) { contexts[id] = nil }

    /// Closes the thought that is being written, if there is one.
    package func wrapUp(_ id: Int) { contexts[id]?.wrapsUp = true }

    /// Hands the choice of tokens to a test; nil gives it back to the sampler.
    package func setChooser(_ chooser: TokenChooser?) { self.chooser = chooser }

    /// Hands guessing to a test, each answer to a fresh copy; nil gives it back to the lookup.
    package func setDrafter(_ drafter: (any Drafter)?) { self.drafter = drafter }

    /// Answers a request after those that the same context was given before.
    package func answerInTurn(
        _ request: GenerationRequest,
        in id: Int,
        emit: (GenerationEvent) -> Void
    ) async throws {
        if waiting[id] == nil {
            waiting[id] = []
        } else {
            await withCheckedContinuation { waiting[id]?.append($0) }
        }
        defer {
            if waiting[id]?.isEmpty == false {
                waiting[id]?.removeFirst().resume()
            } else {
                waiting[id] = nil
            }
        }
        try await answer(request, in: id, emit: emit)
    }

    /// Answers a request; every event goes through `emit`, the last being `.finished`.
    /// - Throws: `EngineError`.
    private func answer(
        _ request: GenerationRequest,
        in id: Int,
        emit: (GenerationEvent) -> Void
    ) async throws {
        guard let context = contexts[id] else { throw EngineError.closed }
        let plan = ThinkingPolicy.plan(request, canThink: prompts.canThink)
        let prompt = try prompts.build(
            request,
            thinks: plan.thinks,
            keepsThinkingTurn: context.thinks
        )
        guard prompt.ids.count < contextSize else {
            throw EngineError.promptTooLong(tokens: prompt.ids.count, contextSize: contextSize)
        }
        var statistics = Statistics(
            promptTokens: prompt.ids.count,
            seed: request.sampling.seed ?? UInt64.random(in: 0...1 << 53),
            contextSize: contextSize
        )
        try goBack(context, to: prompt, &statistics)
        emit(
            .started(
                AnswerPlan(
                    thinking: plan,
                    promptTokens: statistics.promptTokens,
                    reusedTokens: statistics.reusedTokens,
                    contextSize: contextSize
                )
            )
        )
        guard await read(prompt, context, &statistics, emit) else {
            statistics.contextUsed = context.ids.count
            emit(.finished(.cancelled, statistics))
            return
        }
        let run = AnswerRun(
            request: request,
            prompt: prompt,
            budget: plan.budget,
            vocabulary: prompts.tokenizer.vocabulary,
            seed: statistics.seed,
            chooser: chooser
        )
        let reason: StopReason
        if var drafter {
            for id in context.ids { drafter.append(id) }
            reason = await generate(run, context, &drafter, &statistics, emit)
        } else {
            // Taken out meanwhile, since it changes while others have their turns.
            var lookup = context.lookup
            context.lookup = PromptLookup()
            reason = await generate(run, context, &lookup, &statistics, emit)
            context.lookup = lookup
        }
        statistics.contextUsed = context.ids.count
        emit(.finished(reason, statistics))
    }

    /// Takes the cache back to what it has in common with the prompt.
    private func goBack(
        _ context: Context,
        to prompt: BuiltPrompt,
        _ statistics: inout Statistics
    ) throws(EngineError) {
        let ids = prompt.ids
        let size = model.configuration.vocabularySize
        guard ids.allSatisfy({ $0 >= 0 && $0 < size }) else {
            throw .failed(
                "The model's embedding table is smaller than its vocabulary. Download it again."
            )
        }
        let common = zip(context.ids, ids).prefix { $0 == $1 }.count
        // The last token is read even when it is held, unless the logits after it were kept.
        let hasLogits = common == ids.count && context.promptLogitsPosition == common
        let held = context.cache.rewind(to: hasLogits ? ids.count : min(common, ids.count - 1))
        context.ids.removeSubrange(held...)
        if let position = context.promptLogitsPosition, held < position {
            context.promptLogitsPosition = nil
        }
        if options.speculation != .off { context.lookup.truncate(to: held) }
        context.thinks = prompt.thinks
        statistics.reusedTokens = held
    }

    /// Reads what the cache does not hold yet; false when cancelled.
    ///
    /// The logits of the last token are left in the context's `promptLogits`.
    private func read(
        _ prompt: BuiltPrompt,
        _ context: Context,
        _ statistics: inout Statistics,
        _ emit: (GenerationEvent) -> Void
    ) async -> Bool {
        let ids = prompt.ids
        let held = context.ids.count
        let total = ids.count - held
        let clock = ContinuousClock()
        let start = clock.now
        var position = held
        while position < ids.count {
            if Task.isCancelled { return false }
            var end = min(position + model.batchSize, ids.count)
            if position < prompt.turnStart { end = min(end, prompt.turnStart) }
            let chunk = ids[position..<end].map(Int32.init)
            let isLast = end == ids.count
            model.forward(
                chunk[...],
                cache: context.cache,
                output: isLast ? .last : .none,
                into: isLast ? context.promptLogits : nil
            )
            context.ids += ids[position..<end]
            position = end
            if position == prompt.turnStart { context.cache.makeCheckpoint() }
            let seconds = Self.seconds(clock.now - start)
            let read = position - held
            emit(
                .promptProgress(
                    PromptProgress(
                        read: read,
                        total: total,
                        secondsLeft: seconds / Double(read) * Double(total - read)
                    )
                )
            )
            await Task.yield()
        }
        context.promptLogitsPosition = ids.count
        if options.speculation != .off {
            for id in ids[context.lookup.count...] { context.lookup.append(id) }
        }
        statistics.promptSeconds = Self.seconds(clock.now - start)
        return true
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
