import ArgumentParser
import Conversation

/// Options that decide how tokens are drawn, in place of what is configured or the session has.
struct SamplingOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Tokens after which the answer is cut.")
    var maxTokens: Int?

    @Option(parsing: .unconditional, help: "Temperature; 0 takes the most probable token.")
    var temp: Double?

    @Option(parsing: .unconditional, help: "Keep the k most probable tokens; 0 keeps all.")
    var topK: Int?

    @Option(parsing: .unconditional, help: "Keep the most probable tokens up to this probability.")
    var topP: Double?

    @Option(parsing: .unconditional, help: "Drop tokens less probable than this share of the best.")
    var minP: Double?

    @Option(parsing: .unconditional, help: "Penalty on tokens already written; 1 is none.")
    var repeatPenalty: Double?

    @Option(
        parsing: .unconditional,
        help: "Subtracted from the logit of each token already written."
    )
    var presencePenalty: Double?

    @Option(parsing: .unconditional, help: "Subtracted for each time a token was written.")
    var frequencyPenalty: Double?

    @Option(parsing: .unconditional, help: "Seed; the same seed gives the same answer.")
    var seed: UInt64?

    func validate() throws {
        if let maxTokens, maxTokens < 1 {
            throw ValidationError("--max-tokens must be at least 1.")
        }
        if let temp, temp < 0 || !temp.isFinite {
            throw ValidationError("--temp must be a number of at least 0.")
        }
        if let topK, topK < 0 { throw ValidationError("--top-k must not be negative.") }
        if let topP, !(0...1).contains(topP) {
            throw ValidationError("--top-p must be from 0 to 1.")
        }
        if let minP, !(0...1).contains(minP) {
            throw ValidationError("--min-p must be from 0 to 1.")
        }
        let penalties = [repeatPenalty, presencePenalty, frequencyPenalty].compactMap(\.self)
        guard penalties.allSatisfy(\.isFinite), repeatPenalty ?? 1 > 0 else {
            throw ValidationError("Penalties must be numbers, --repeat-penalty above 0.")
        }
    }

    /// What was given.
    var choices: SamplingChoices {
        var choices = SamplingChoices()
        choices.temperature = temp
        choices.topK = topK
        choices.topP = topP
        choices.minP = minP
        choices.repetitionPenalty = repeatPenalty
        choices.presencePenalty = presencePenalty
        choices.frequencyPenalty = frequencyPenalty
        choices.seed = seed
        return choices
    }
}
