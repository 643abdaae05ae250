import ChatFormat
package import Conversation
import Decoding
import Gemma
import Tensors
import Tokenization

extension GemmaEngine: Inspectable {
    package func logprobs(of ids: [Int], top: Int) async throws(EngineError) -> LogprobReport {
        try await host.logprobs(of: ids, top: top)
    }
}

extension GemmaContext: InspectableContext {
    package func prompt(
        for request: GenerationRequest
    ) async throws(EngineError) -> PromptReport {
        try await host.report(request, in: id)
    }
}

extension ModelHost {
    func report(
        _ request: GenerationRequest,
        in id: Int
    ) async throws(EngineError) -> PromptReport {
        guard let context = contexts[id] else { throw .closed }
        let (plan, prompt, _) = try await prompt(for: request, in: context)
        let vocabulary = prompts.tokenizer.vocabulary
        return PromptReport(
            text: PromptRenderer.text(of: prompt.segments),
            pieces: prompt.ids.map { id in
                PromptReport.Piece(
                    id: id,
                    text: vocabulary.label(of: id),
                    isSpecial: vocabulary.specials.token(of: id) != nil
                )
            },
            reusedTokens: context.cache.reach(context.common(with: prompt)),
            thinking: plan
        )
    }

    /// Rows of logits held at once; a row of a real vocabulary takes a mebibyte.
    private static let rowsAtOnce = 32

    func logprobs(of ids: [Int], top: Int) async throws(EngineError) -> LogprobReport {
        let size = model.configuration.vocabularySize
        guard ids.allSatisfy({ (0..<size).contains($0) }) else {
            throw .unsupported(
                "An id lies outside this model's vocabulary of \(size). Check --ids."
            )
        }
        guard ids.count <= contextSize else {
            throw .promptTooLong(tokens: ids.count, contextSize: contextSize)
        }
        let cache = try makeCache(max(ids.count, 1), checkpointLimit: 0)
        let rows = FloatBuffer(count: min(Self.rowsAtOnce, max(ids.count, 1)) * size)
        var report = LogprobReport(tokens: [], next: [])
        var position = 0
        while position < ids.count {
            let end = min(position + Self.rowsAtOnce, ids.count)
            let chunk = ids[position..<end].map(Int32.init)
            model.forward(chunk[...], cache: cache, output: .all, into: rows)
            for row in 0..<(end - position) {
                let logits = unsafe UnsafeBufferPointer(start: rows.at(row * size), count: size)
                let place = position + row + 1
                let normaliser = unsafe LogProbabilities.normaliser(logits)
                let best = unsafe LogProbabilities.top(top, in: logits, normaliser: normaliser)
                    .map { LogprobReport.Choice(id: $0.id, logprob: $0.logprob) }
                if place < ids.count {
                    report.tokens.append(
                        .init(
                            id: ids[place],
                            logprob: unsafe LogProbabilities.logprob(
                                of: ids[place],
                                in: logits,
                                normaliser: normaliser
                            ),
                            top: best
                        )
                    )
                } else {
                    report.next = best
                }
            }
            position = end
            await Task.yield()
        }
        return report
    }
}
