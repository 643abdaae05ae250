import Conversation
import Decoding
import Gemma
import Tensors

extension ModelHost {
    /// Writes the answer, token after token, from the logits after the prompt.
    ///
    /// A pass reads the token drawn last and the drafter's guesses for those that follow. Each row's
    /// logits then go to the sampler in order, with the same random numbers, penalties and budget as
    /// if there had been no guess. While the token drawn is the one guessed, the next row holds the
    /// logits after it; at the first other one the cache goes back to what was written. So a guess
    /// changes what a pass computes and never what is drawn.
    func generate(
        _ initialRun: AnswerRun,
        _ context: Context,
        _ drafter: inout some Drafter,
        _ statistics: inout Statistics,
        _ emit: (GenerationEvent) -> Void
    ) async -> StopReason {
        var run = initialRun
        var pass = Pass()
        let speculates = options.speculation != .off
        let size = model.configuration.vocabularySize
        let clock = ContinuousClock()
        let start = clock.now
        defer {
            if run.stopReason == nil {
                let unfinished = run.dropUnfinished()
                context.ids.removeLast(min(unfinished, context.ids.count))
                drafter.truncate(to: context.ids.count)
            }
            goBack(context)
            for event in run.finish() { emit(event) }
            context.spoken.note(run.sampled, prompts.tokenizer)
            statistics.generationSeconds = Self.seconds(clock.now - start)
            statistics.generatedTokens = run.generated
            statistics.thoughtTokens = run.thoughtTokens
            statistics.thoughtUnclosed = run.thoughtUnclosed
            if speculates {
                statistics.draftedTokens = pass.drafted
                statistics.acceptedTokens = pass.accepted
            }
        }
        // Asked for before there was anything to wrap up.
        context.wrapsUp = false
        unsafe logits.base.update(from: context.promptLogits.base, count: size)
        while true {
            if Task.isCancelled { return .cancelled }
            if context.wrapsUp {
                context.wrapsUp = false
                run.wrapUp()
                context.trace?.wrapUps.append(run.generated)
            }
            if let limit = run.maxTokens, run.generated >= limit { return .length }
            guard context.ids.count < context.size else { return .contextFull }
            let (id, detail) = unsafe run.next(
                UnsafeMutableBufferPointer(
                    start: logits.at(pass.row * size),
                    count: size
                ),
                seconds: Self.seconds(clock.now - start)
            )
            context.trace?.ids.append(id)
            if let detail {
                context.trace?.details.append(detail)
                emit(.token(detail))
            }
            for event in run.accept(id) { emit(event) }
            if let reason = run.stopReason { return reason }
            // A full cache has no room for this token's keys, and then no next token either.
            context.ids.append(id)
            // A pass of one token and its guesses is one of few rows.
            context.forms.append(pass: 1)
            if speculates { drafter.append(id) }
            if pass.accepts(id) { continue }
            note(pass)
            // The rows that are left are nobody's now: another conversation may have its turn.
            goBack(context, to: context.ids.count - 1)
            await giveTurn(context)
            pass.begin(with: id)
            if speculates {
                // No more than the answer and the cache have room for.
                var limit = min(DraftLength.maxRows, model.batchSize) - 1
                limit = min(limit, context.size - context.ids.count)
                if let most = run.maxTokens { limit = min(limit, most - run.generated) }
                guess(&pass, &drafter, limit: limit)
            }
            let before = clock.now
            model.forward(
                pass.tokens[...],
                cache: context.cache,
                output: .all,
                into: logits
            )
            pass.seconds = Self.seconds(clock.now - before)
        }
    }

    /// Adds guesses to the tokens of the next pass, as many as are worth it.
    private func guess(
        _ pass: inout Pass,
        _ drafter: inout some Drafter,
        limit: Int
    ) {
        guard limit > 0, let rank = drafter.seek() else { return }
        let count =
            options.speculation == .always
            ? limit : draftLength.guesses(rank: rank, limit: limit)
        guard count > 0 else { return }
        drafter.propose(count, into: &pass.guesses)
        pass.take(limit: count, vocabularySize: model.configuration.vocabularySize)
        pass.rank = rank
    }

    /// Learns from a pass whose rows have been drawn from.
    private func note(_ pass: Pass) {
        guard let seconds = pass.seconds else { return }
        draftLength.notePass(rows: pass.tokens.count, seconds: seconds)
        draftLength.noteOutcome(
            accepted: pass.row,
            wasRefuted: pass.row + 1 < pass.tokens.count,
            rank: pass.rank,
            rows: pass.tokens.count,
            seconds: seconds
        )
    }

    /// Forgets the keys and values of guesses that did not come true.
    private func goBack(_ context: Context, to count: Int? = nil) {
        let count = count ?? context.ids.count
        let held = context.cache.rewind(to: count)
        precondition(held == count, "a pass reached further than the rings' slack")
        context.forms.truncate(to: context.ids.count)
    }
}

/// The pass under way: its tokens, and the row to draw from.
private struct Pass {
    /// The token drawn last and the guesses after it.
    private(set) var tokens: [Int32] = []
    /// Room for a drafter to write to.
    var guesses: [Int32] = []
    var rank = 0
    /// The row whose logits are drawn from next, and so how many guesses came true.
    private(set) var row = 0
    /// What the pass took; nil before the first.
    var seconds: Double?
    private(set) var drafted = 0
    private(set) var accepted = 0

    mutating func begin(with id: Int) {
        tokens.removeAll(keepingCapacity: true)
        tokens.append(Int32(id))
        guesses.removeAll(keepingCapacity: true)
        rank = 0
        row = 0
    }

    /// Takes over what a drafter wrote, up to the first id that is none.
    mutating func take(limit: Int, vocabularySize: Int) {
        for id in guesses.prefix(limit) {
            guard (0..<vocabularySize).contains(Int(id)) else { break }
            tokens.append(id)
        }
        drafted += tokens.count - 1
    }

    /// Whether the pass already read this token; if so its logits are the next row's.
    mutating func accepts(_ id: Int) -> Bool {
        guard row + 1 < tokens.count, Int(tokens[row + 1]) == id else { return false }
        row += 1
        accepted += 1
        return true
    }
}
