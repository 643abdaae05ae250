import ArgumentParser
import Conversation

/// Options that decide how tokens are drawn; the defaults are Google's for Gemma 4.
struct SamplingOptions: ParsableArguments {
    @Option(parsing: .unconditional, help: "Tokens after which the answer is cut.")
    var maxTokens: Int?

    @Option(parsing: .unconditional, help: "Temperature; 0 takes the most probable token.")
    var temp: Double = SamplingSettings.gemma.temperature

    @Option(parsing: .unconditional, help: "Keep the k most probable tokens; 0 keeps all.")
    var topK: Int = SamplingSettings.gemma.topK

    @Option(parsing: .unconditional, help: "Keep the most probable tokens up to this probability.")
    var topP: Double = SamplingSettings.gemma.topP

    @Option(parsing: .unconditional, help: "Drop tokens less probable than this share of the best.")
    var minP: Double = SamplingSettings.gemma.minP

    @Option(parsing: .unconditional, help: "Penalty on tokens already written; 1 is none.")
    var repeatPenalty: Double = SamplingSettings.gemma.repetitionPenalty

    @Option(
        parsing: .unconditional,
        help: "Subtracted from the logit of each token already written."
    )
    var presencePenalty: Double = SamplingSettings.gemma.presencePenalty

    @Option(parsing: .unconditional, help: "Subtracted for each time a token was written.")
    var frequencyPenalty: Double = SamplingSettings.gemma.frequencyPenalty

    @Option(parsing: .unconditional, help: "Seed; the same seed gives the same answer.")
    var seed: UInt64?

    func validate() throws {
        if let maxTokens, maxTokens < 1 {
            throw ValidationError("--max-tokens must be at least 1.")
        }
        guard temp >= 0, temp.isFinite else {
            throw ValidationError("--temp must be a number of at least 0.")
        }
        guard topK >= 0 else { throw ValidationError("--top-k must not be negative.") }
        guard (0...1).contains(topP) else { throw ValidationError("--top-p must be from 0 to 1.") }
        guard (0...1).contains(minP) else { throw ValidationError("--min-p must be from 0 to 1.") }
        guard repeatPenalty > 0, repeatPenalty.isFinite, presencePenalty.isFinite,
            frequencyPenalty.isFinite
        else { throw ValidationError("Penalties must be numbers, --repeat-penalty above 0.") }
    }

    var settings: SamplingSettings {
        SamplingSettings(
            temperature: temp,
            topK: topK,
            topP: topP,
            minP: minP,
            repetitionPenalty: repeatPenalty,
            presencePenalty: presencePenalty,
            frequencyPenalty: frequencyPenalty,
            seed: seed
        )
    }
}
