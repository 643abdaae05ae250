import ChatFormat
package import Conversation
package import Decoding
import Foundation
import GGUF
import Gemma
import Media
import SnapshotStore
import Tensors
import Tokenization

/// Owns a model's weights, its threads and every conversation's cache.
///
/// All arithmetic runs on this actor's own queue. Contexts take turns, pass by pass.
package actor ModelHost {
    /// What belongs to one conversation.
    final class Context {
        let cache: KVCache
        /// The ids whose keys and values the cache holds.
        var ids: [Int] = []
        /// Those of them that stand for pictures and sounds.
        var media: [MediaSpan] = []
        /// The system turn in the cache switches thinking on.
        var thinks = false
        /// Finds passages of the conversation that are being repeated; knows `ids`.
        var lookup = PromptLookup()
        /// How answers were written, where that is not how they would be encoded.
        var spoken = SpokenAnswers()
        /// How many passes were made for it while it was answering.
        var passes = 0
        /// The thought that is being written is to be closed.
        var wrapsUp = false
        /// The logits after the last prompt, `[V]`, so that another answer to it reads nothing again.
        let promptLogits: FloatBuffer
        /// Tokens it holds at most.
        var size: Int { cache.capacity }
        /// How many ids stand before them; nil when there are none.
        var promptLogitsPosition: Int?
        /// In which form of products each of `ids` was read.
        var forms = ReadingForms()
        /// The answer that is being made, token by token.
        var trace: AnswerTrace?
        /// A session's conversation, of which things may be left on the disk.
        var isKept = false
        /// The snapshot that the next process goes on from; nil for a conversation that has none.
        var snapshotName: SnapshotName?
        /// Counts answers: what the cache holds changes with each.
        var edition = 0
        /// The edition that the snapshot is of, and how many of `ids` it still has in common with it.
        var savedEdition = 0
        var savedCount = 0

        /// How many ids of a prompt need not be read again, as far as the cache reaches back.
        ///
        /// The last one is read even when it is held, unless the logits after it were kept.
        func common(with prompt: BuiltPrompt) -> Int {
            let same = zip(ids, prompt.ids).prefix { $0 == $1 }.count
            let count = prompt.ids.count
            let common = min(same, Self.agreement(media, prompt.media))
            let hasLogits = common == count && promptLogitsPosition == common
            return hasLogits ? common : min(common, count - 1)
        }

        /// How far two prompts show the same pictures in the same places.
        private static func agreement(_ some: [MediaSpan], _ others: [MediaSpan]) -> Int {
            let same = zip(some, others).prefix { $0 == $1 }.count
            return min(
                some.count > same ? some[same].start : .max,
                others.count > same ? others[same].start : .max
            )
        }

        init(cache: KVCache, vocabularySize: Int) {
            self.cache = cache
            promptLogits = FloatBuffer(count: vocabularySize)
        }
    }

    nonisolated let options: EngineOptions
    /// Identity of the model file.
    nonisolated let modelHash: String
    /// Writes snapshots; nil where none are kept.
    nonisolated let keeper: SnapshotKeeper?
    package nonisolated let prompts: PromptBuilder
    /// Tokens a context holds, unless there is too little memory for it.
    nonisolated let contextSize: Int
    /// What makes pictures and sounds into rows; nil for a model that reads text only.
    let encoders: MediaEncoders?
    nonisolated let senses: Senses
    /// What soft tokens depend on beside the files: encoders, precision, instruction set.
    ///
    /// Worked out when a file is first shown: it reads a little of every tensor.
    private(set) lazy var encoderIdentity =
        "\(encoderHash) \(options.precision.rawValue) \(Kernels.name)"
    private lazy var encoderHash = encoderFile.map(ModelIdentity.hash) ?? ""
    private let encoderFile: GGUFFile?
    private let softTokenFolder: SnapshotFolder?
    nonisolated let mediaReader: (any MediaReading)?
    lazy var softTokens = encoders.map {
        SoftTokenCache(
            folder: softTokenFolder,
            binding: String(encoderHash.prefix(20)),
            width: $0.textWidth
        )
    }
    /// What files become, by key.
    var mediaLayouts: [String: MediaLayout] = [:]
    /// Files that are decoded and not yet encoded, oldest first.
    var preparedMedia: [(key: String, media: PreparedMedia)] = []
    /// How long they took.
    var decodeSeconds: [String: Double] = [:]
    /// Bytes that the weights take, which are shared.
    private let weightBytes: Int
    /// What encoding the largest picture takes.
    private let encoderBytes: Int
    /// What is free; tests have their own idea.
    private var freeMemory: @Sendable () -> Int = MemoryPlan.freeMemory
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
    private(set) var chooser: TokenChooser?
    /// How long a token of a prompt took to read, measured on the last one that was long enough.
    var secondsPerToken: Double?
    var contexts: [Int: Context] = [:]
    /// Those that are answering and take turns, and those of them that wait for theirs.
    var answering: [Context] = []
    var waitingForTurn: [CheckedContinuation<Void, Never>] = []
    private var nextContext = 0
    /// Contexts that are answering, and the requests that wait for them.
    private var waiting: [Int: [CheckedContinuation<Void, Never>]] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Opens the weights.
    ///
    /// - Parameters:
    ///   - file: the model.
    ///   - modelHash: its identity.
    ///   - prompts: its template and vocabulary.
    ///   - options: how it is opened.
    ///   - contextSize: for how large a context there is a plan.
    ///   - pool: threads that are the host's from now on.
    ///   - opened: the model's encoders, on the same pool.
    ///   - reader: decodes what they encode.
    /// - Throws: `ModelError` naming what is missing or wrong in the file.
    init(
        file: GGUFFile,
        modelHash: String,
        prompts: PromptBuilder,
        options: EngineOptions,
        contextSize: Int,
        pool: WorkerPool,
        encoders opened: sending OpenEncoders?,
        reader: EncoderOptions?
    ) throws(ModelError) {
        self.pool = pool
        encoderBytes = opened?.bytes(threads: pool.threadCount) ?? 0
        model = try TextModel(
            file: file,
            pool: pool,
            batchSize: Self.batchSize(try Configuration(file: file), opened)
        )
        encoders = opened?.encoders
        senses = opened?.senses ?? .none
        encoderFile = opened?.file
        softTokenFolder = reader?.folder
        mediaReader = reader?.reader
        logits = FloatBuffer(
            count: Self.logitRows(speculates: options.speculation != .off)
                * model.configuration.vocabularySize
        )
        self.modelHash = modelHash
        self.prompts = prompts
        self.options = options
        self.contextSize = contextSize
        let configuration = model.configuration
        keeper = options.snapshots.map {
            SnapshotKeeper(
                options: $0,
                binding: SnapshotBinding(
                    modelHash: modelHash,
                    configuration: configuration,
                    style: prompts.style,
                    options: options
                )
            )
        }
        weightBytes = file.file.count
    }

    deinit { pool.stop() }

    /// Tokens of a pass: a picture whose rows see each other is read in one.
    nonisolated static func batchSize(
        _ configuration: Configuration,
        _ encoders: OpenEncoders?
    ) -> Int {
        guard let senses = encoders?.senses, senses.sees, configuration.spansSeeAhead else {
            return TextModel.defaultBatchSize
        }
        return max(TextModel.defaultBatchSize, senses.imageTokens)
    }

    /// Rows of logits that a pass leaves at most.
    nonisolated static func logitRows(speculates: Bool) -> Int {
        speculates ? DraftLength.maxRows : 1
    }

    /// Opens a place for a conversation, smaller than the others where memory is short.
    ///
    /// The first one takes what the model's plan was made for.
    /// - Throws: `EngineError.notEnoughMemory` when there is not even room for a small one.
    package func open() throws(EngineError) -> Int {
        let plan = ContextPlan(
            configuration: model.configuration,
            batchSize: model.batchSize,
            options: options
        )
        let size =
            contexts.isEmpty
            ? contextSize : try plan.size(upTo: contextSize, within: roomForContexts(plan))
        let cache = try makeCache(size)
        nextContext += 1
        contexts[nextContext] = Context(
            cache: cache,
            vocabularySize: model.configuration.vocabularySize
        )
        return nextContext
    }

    /// An empty cache for so many positions.
    /// - Throws: `EngineError.notEnoughAddressSpace` where the process may not have that.
    func makeCache(_ capacity: Int, checkpointLimit: Int = 2) throws(EngineError) -> KVCache {
        let bytes = KVCache.plannedBytes(
            model.configuration,
            capacity: capacity,
            batchSize: model.batchSize,
            format: options.kvFormat,
            checkpointLimit: checkpointLimit
        )
        guard KVCache.hasAddressSpace(for: bytes) else {
            throw .notEnoughAddressSpace(neededBytes: bytes)
        }
        return model.makeCache(
            capacity: capacity,
            precision: options.precision,
            format: options.kvFormat,
            checkpointLimit: checkpointLimit
        )
    }

    /// Free memory that nothing has a claim to: not encoding, not the weights, which may still have to be read, and
    /// not what open contexts have yet to fill.
    private func roomForContexts(_ plan: ContextPlan) -> Int {
        let claimed = contexts.values.reduce(0) { sum, context in
            sum + plan.bytes(context.size) - context.cache.usedBytes
        }
        return max(0, freeMemory() - weightBytes - encoderBytes - claimed)
    }

    /// Hands the measure of free memory to a test.
    package func setFreeMemory(_ measure: @escaping @Sendable () -> Int) { freeMemory = measure }

    func close(_ id: Int) { contexts[id] = nil }

    /// Closes the thought that is being written, if there is one.
    package func wrapUp(_ id: Int) { contexts[id]?.wrapsUp = true }

    func usage(_ id: Int) -> ContextUsage {
        ContextUsage(
            used: contexts[id]?.ids.count ?? 0,
            size: contexts[id]?.size ?? contextSize
        )
    }

    func cost(of request: GenerationRequest, in id: Int) async throws(EngineError) -> PromptCost {
        guard let context = contexts[id] else { throw .closed }
        let prompt = try await prompt(for: request, in: context).prompt
        let held = context.cache.reach(context.common(with: prompt))
        return PromptCost(
            promptTokens: prompt.ids.count,
            reusedTokens: held,
            contextSize: context.size,
            seconds: secondsPerToken.map { $0 * Double(prompt.ids.count - held) }
        )
    }

    /// The prompt that a context would be given now, whether it is thought about, and what it shows.
    func prompt(
        for request: GenerationRequest,
        in context: Context
    ) async throws(EngineError) -> (plan: ThinkingPlan, prompt: BuiltPrompt, media: GatheredMedia) {
        let plan = ThinkingPolicy.plan(request, canThink: prompts.canThink)
        let gathered = try await gather(request)
        var request = request
        request.messages = gathered.messages
        let prompt = try prompts.build(
            request,
            thinks: plan.thinks,
            keepsThinkingTurn: context.thinks,
            spoken: context.spoken,
            media: gathered.items
        )
        return (plan, prompt, gathered)
    }

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
        do {
            // Files are decoded before this conversation has its turns: others need not wait.
            let (plan, prompt, media) = try await prompt(for: request, in: context)
            // What is held stays whole when nothing of the prompt will be read.
            if Task.isCancelled { throw EngineError.cancelled }
            join(context)
            context.edition += 1
            defer {
                leave(context)
                snapshotSoon(id)
            }
            try await answer(request, plan, prompt, media, in: context, emit)
        } catch EngineError.cancelled {
            let statistics = Statistics(
                contextUsed: context.ids.count,
                contextSize: context.size
            )
            emit(.finished(.cancelled, statistics))
        }
    }

    /// Answers a request whose prompt is known.
    /// - Throws: `EngineError`.
    private func answer(
        _ request: GenerationRequest,
        _ plan: ThinkingPlan,
        _ prompt: BuiltPrompt,
        _ media: GatheredMedia,
        in context: Context,
        _ emit: (GenerationEvent) -> Void
    ) async throws {
        guard prompt.ids.count < context.size else {
            throw EngineError.promptTooLong(tokens: prompt.ids.count, contextSize: context.size)
        }
        var statistics = Statistics(
            promptTokens: prompt.ids.count,
            seed: request.sampling.seed ?? UInt64.random(in: 0...1 << 53),
            contextSize: context.size
        )
        try goBack(context, to: prompt, &statistics)
        emit(
            .started(
                AnswerPlan(
                    thinking: plan,
                    promptTokens: statistics.promptTokens,
                    reusedTokens: statistics.reusedTokens,
                    contextSize: context.size
                )
            )
        )
        for report in media.leftOut { emit(.media(report)) }
        guard
            let soft = try await encode(
                media.items,
                prompt.media,
                beyond: context.ids.count,
                context,
                emit
            ),
            await read(prompt, soft, context, &statistics, emit)
        else {
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
        context.trace = trace(of: request, prompt, plan, statistics.seed, context)
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
        if var trace = context.trace {
            context.trace = nil
            trace.reason = reason
            emit(.trace(trace))
        }
        emit(.finished(reason, statistics))
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
