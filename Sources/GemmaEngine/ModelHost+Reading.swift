import Conversation
import Decoding
import Gemma
import Tensors

extension ModelHost {
    /// Takes the cache back to what it has in common with the prompt.
    func goBack(
        _ context: Context,
        to prompt: BuiltPrompt,
        _ statistics: inout Statistics
    ) throws(EngineError) {
        let size = model.configuration.vocabularySize
        guard prompt.ids.allSatisfy({ $0 >= 0 && $0 < size }) else {
            throw .failed(
                "The model's embedding table is smaller than its vocabulary. Download it again."
            )
        }
        let held = context.cache.rewind(to: context.common(with: prompt))
        context.ids.removeSubrange(held...)
        context.media.removeAll { $0.start >= held }
        context.forms.truncate(to: held)
        context.savedCount = min(context.savedCount, held)
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
    func read(
        _ prompt: BuiltPrompt,
        _ soft: [String: SoftTokens],
        _ context: Context,
        _ statistics: inout Statistics,
        _ emit: (GenerationEvent) -> Void
    ) async -> Bool {
        let ids = prompt.ids
        let held = context.ids.count
        let total = ids.count - held
        let clock = ContinuousClock()
        let start = clock.now
        var computing = Duration.zero
        defer { note(computing, tokens: context.ids.count - held) }
        var position = held
        while position < ids.count {
            if Task.isCancelled { return false }
            var end = min(position + model.batchSize, ids.count)
            if position < prompt.turnStart { end = min(end, prompt.turnStart) }
            let rows = SoftRows(
                prompt.media,
                soft,
                from: position,
                to: &end,
                width: model.configuration.embeddingSize,
                seesAhead: model.configuration.spansSeeAhead
            )
            let chunk = ids[position..<end].map(Int32.init)
            let isLast = end == ids.count
            computing += clock.measure {
                model.forward(
                    chunk[...],
                    cache: context.cache,
                    output: isLast ? .last : .none,
                    into: isLast ? context.promptLogits : nil,
                    soft: rows
                )
            }
            context.ids += ids[position..<end]
            context.media += prompt.media.filter { (position..<end).contains($0.start) }
            context.forms.append(pass: chunk.count)
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
            await giveTurn(context)
        }
        context.promptLogitsPosition = ids.count
        if options.speculation != .off {
            for id in ids[context.lookup.count...] { context.lookup.append(id) }
        }
        statistics.promptSeconds = Self.seconds(clock.now - start)
        return true
    }

    /// Learns how fast prompts are read; a few tokens say nothing about many.
    private func note(_ computing: Duration, tokens: Int) {
        guard tokens >= Self.tokensToMeasure else { return }
        secondsPerToken = Self.seconds(computing) / Double(tokens)
    }

    private static let tokensToMeasure = 64
}
