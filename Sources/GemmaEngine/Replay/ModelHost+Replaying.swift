import ChatFormat
package import Conversation
import Decoding
import Foundation
import Gemma
import Tensors
import Tokenization

extension GemmaEngine {
    /// Makes an answer again from its record, as far as it was recorded, and compares.
    ///
    /// The prompt is read in the forms of passes that it was read in, the seed and the limits are the
    /// same, and a thought is closed for the model where it was: on the same machine every token is
    /// the same. What other conversations hold is not touched.
    ///
    /// - Parameters:
    ///   - trace: the record.
    ///   - request: the conversation up to the answer, for the pictures and sounds that it shows.
    /// - Returns: how far both are the same.
    /// - Throws: `EngineError` when the record is none of this model, does not fit the context, or
    ///   shows what is not there any more.
    package func replay(
        _ trace: AnswerTrace,
        of request: GenerationRequest = GenerationRequest(messages: [])
    ) async throws(EngineError) -> ReplayReport {
        try await host.replay(trace, of: request)
    }
}

extension ModelHost {
    /// An id that fills a pass up to the form it was in; what it writes is forgotten.
    private static let filler: Int32 = 0

    func replay(
        _ trace: AnswerTrace,
        of request: GenerationRequest
    ) async throws(EngineError) -> ReplayReport {
        let size = model.configuration.vocabularySize
        guard trace.machine.modelHash == modelHash else {
            throw .unsupported("The answer was made by another model.")
        }
        guard !trace.prompt.isEmpty, (0...trace.prompt.count).contains(trace.continued),
            (trace.prompt + trace.ids).allSatisfy({ (0..<size).contains($0) })
        else { throw .unsupported("The record of the answer is damaged.") }
        let length = trace.prompt.count + trace.ids.count
        guard length <= contextSize else {
            throw .promptTooLong(tokens: length, contextSize: contextSize)
        }
        let soft = try await softTokens(of: trace, request)
        // The filler has to lie somewhere.
        let cache = try makeCache(length + ActivationRows.fewRows + 1, checkpointLimit: 0)
        let rows = FloatBuffer(count: ActivationRows.fewRows * size)
        await read(trace, soft, cache, into: rows)
        return await compare(trace, cache, rows)
    }

    /// What the record's pictures and sounds were, encoded again where they are not known.
    private func softTokens(
        of trace: AnswerTrace,
        _ request: GenerationRequest
    ) async throws(EngineError) -> [String: SoftTokens] {
        guard !trace.media.isEmpty else { return [:] }
        let items = try await gather(request).items
        let soft = try await encode(items, trace.media, beyond: 0, nil) { _ in } ?? [:]
        let width = model.configuration.embeddingSize
        // A picture whose rows see each other is read in one pass.
        let longest = model.configuration.spansSeeAhead ? model.batchSize : Int.max
        let isWhole = trace.media.allSatisfy { span in
            (1...longest).contains(span.count) && span.range.upperBound <= trace.prompt.count
                && (soft[span.key]?.rows.count ?? 0) >= (span.offset + span.count) * width
        }
        guard isWhole else {
            throw .unsupported(
                "The record shows a picture or a sound that this conversation does not hold any more, "
                    + "or that other encoders made."
            )
        }
        return soft
    }

    /// Reads the prompt in the forms of passes in which it was read, and leaves the last logits.
    private func read(
        _ trace: AnswerTrace,
        _ soft: [String: SoftTokens],
        _ cache: KVCache,
        into logits: FloatBuffer
    ) async {
        let total = trace.prompt.count
        var forms = ReadingForms(runs: trace.forms) ?? ReadingForms()
        forms.truncate(to: total)
        if forms.count < total { forms.append(pass: total - forms.count) }
        var end = 0
        for (count, isMany) in forms.stretches {
            // A stretch that ended inside a picture was read to the picture's end.
            end += count
            while cache.count < end {
                let left = end - cache.count
                let few = ActivationRows.fewRows
                var rows = min(left, isMany ? model.batchSize : few)
                // What is left over has to be a pass of many as well.
                if isMany, left > rows, left - rows <= few { rows = left / 2 }
                var reached = cache.count + rows
                let media = SoftRows(
                    trace.media,
                    soft,
                    from: cache.count,
                    to: &reached,
                    width: model.configuration.embeddingSize,
                    seesAhead: model.configuration.spansSeeAhead
                )
                rows = reached - cache.count
                var chunk = trace.prompt[cache.count..<reached].map(Int32.init)
                let isLast = reached == total
                if isMany, rows <= few, !isLast {
                    chunk += Array(repeating: Self.filler, count: few + 1 - rows)
                }
                model.forward(
                    chunk[...],
                    cache: cache,
                    output: isLast ? .last : .none,
                    into: isLast ? logits : nil,
                    soft: media
                )
                cache.rewind(to: reached)
                await Task.yield()
            }
        }
    }

    /// Draws token after token beside the recorded ones, several to a pass, up to the first other.
    private func compare(
        _ trace: AnswerTrace,
        _ cache: KVCache,
        _ logits: FloatBuffer
    ) async -> ReplayReport {
        let size = model.configuration.vocabularySize
        var run = AnswerRun(
            request: GenerationRequest(
                messages: [],
                sampling: trace.sampling,
                maxTokens: trace.maxTokens
            ),
            prompt: BuiltPrompt(
                segments: [],
                ids: trace.prompt,
                parserStart: trace.startsInThought ? .thought : .text,
                continued: trace.prompt.suffix(trace.continued),
                turnStart: trace.prompt.count,
                thinks: false
            ),
            budget: trace.budget,
            vocabulary: prompts.tokenizer.vocabulary,
            seed: trace.sampling.seed ?? 0,
            chooser: chooser
        )
        var report = ReplayReport(same: 0, recorded: trace.ids.count)
        var row = 0
        var rows = 1
        for (place, recorded) in trace.ids.enumerated() {
            if row == rows {
                // The token drawn last, and those that follow it if all goes as it went.
                let end = min(trace.ids.count - 1, place - 1 + ActivationRows.fewRows)
                let pass = trace.ids[place - 1..<end].map(Int32.init)
                model.forward(pass[...], cache: cache, output: .all, into: logits)
                (row, rows) = (0, pass.count)
                await Task.yield()
            }
            guard run.stopReason == nil else {
                report.difference = difference(trace, place, made: nil, [])
                return report
            }
            if trace.wrapUps.contains(place) { run.wrapUp() }
            let raw = logits.array(row * size..<(row + 1) * size)
            let made = unsafe run.next(
                UnsafeMutableBufferPointer(start: logits.at(row * size), count: size),
                seconds: 0
            ).id
            guard made == recorded else {
                report.difference = difference(trace, place, made: made, raw)
                return report
            }
            report.events += run.accept(made)
            report.same += 1
            row += 1
        }
        // A cut answer ends before a character whose end did not come, as when it was made.
        if run.stopReason == nil { _ = run.dropUnfinished() }
        report.events += run.finish()
        return report
    }

    private func difference(
        _ trace: AnswerTrace,
        _ place: Int,
        made: Int?,
        _ logits: [Float]
    ) -> ReplayReport.Difference {
        let vocabulary = prompts.tokenizer.vocabulary
        func choice(_ id: Int) -> ReplayReport.Choice {
            let logprob: Double? = unsafe logits.withUnsafeBufferPointer {
                unsafe $0.isEmpty ? nil : Double($0[id]) - LogProbabilities.normaliser($0)
            }
            return .init(
                id: id,
                text: vocabulary.label(of: id),
                probability: logprob.map { exp($0) }
            )
        }
        return ReplayReport.Difference(
            place: place,
            recorded: choice(trace.ids[place]),
            made: made.map(choice),
            before: trace.ids[max(0, place - 8)..<place]
                .map { vocabulary.label(of: $0) }.joined()
        )
    }
}
