import Conversation
import TerminalCore

/// How an answer was made, line by line.
struct AnswerFacts {
    private let answer: Message?

    init(_ answer: Message?) { self.answer = answer }

    func rows(width: Int) -> [TextRow] {
        guard let answer, let record = answer.answer else {
            return [TextRow("There is no answer yet.", .faint)]
        }
        var facts: [(String, String)] = [
            ("model", record.model),
            ("hash", String(record.modelHash.prefix(16))),
            ("thinking", record.thinkingPlan?.rule ?? record.thinking.rawValue),
        ]
        facts += sampling(record.sampling)
        if let statistics = record.statistics { facts += cost(statistics) }
        if let failure = record.failure {
            facts.append(("failed", failure))
        } else {
            facts.append(("ended", record.stopReason?.rawValue ?? "not yet"))
        }
        return facts.flatMap { name, value in
            Wrapping.rows(value, width: max(1, width - 12)).enumerated().map { index, text in
                let label = index == 0 ? name : ""
                let padded = label + String(repeating: " ", count: max(1, 12 - label.count))
                return TextRow([
                    TextRow.Span(text: padded, ink: .faint), TextRow.Span(text: text, ink: .text),
                ])
            }
        }
    }

    private func sampling(_ settings: SamplingSettings) -> [(String, String)] {
        var facts = [
            ("temperature", "\(settings.temperature)"), ("top-k", "\(settings.topK)"),
            ("top-p", "\(settings.topP)"),
        ]
        if settings.minP > 0 { facts.append(("min-p", "\(settings.minP)")) }
        if settings.repetitionPenalty != 1 {
            facts.append(("repetition", "\(settings.repetitionPenalty)"))
        }
        if settings.presencePenalty != 0 {
            facts.append(("presence", "\(settings.presencePenalty)"))
        }
        if settings.frequencyPenalty != 0 {
            facts.append(("frequency", "\(settings.frequencyPenalty)"))
        }
        return facts
    }

    private func cost(_ statistics: Statistics) -> [(String, String)] {
        let read = statistics.promptTokens - statistics.reusedTokens
        var facts = [
            ("seed", "\(statistics.seed)"),
            (
                "prompt",
                "\(statistics.promptTokens.grouped) tokens, \(read.grouped) read in "
                    + "\(statistics.promptSeconds.tenths) s"
            ),
            (
                "written",
                "\(statistics.generatedTokens.grouped) tokens in "
                    + "\(statistics.generationSeconds.tenths) s, "
                    + "\(statistics.tokensPerSecond.tenths) a second"
            ),
            ("thought", "\(statistics.thoughtTokens.grouped) tokens"),
            (
                "context",
                "\(statistics.contextUsed.grouped) of \(statistics.contextSize.grouped) tokens"
            ),
        ]
        if let drafted = statistics.draftedTokens, drafted > 0 {
            let accepted = statistics.acceptedTokens ?? 0
            facts.append(("guessed", "\(accepted.grouped) of \(drafted.grouped) right"))
        }
        return facts
    }
}
