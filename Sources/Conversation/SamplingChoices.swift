/// Some of the settings by which tokens are drawn: what a model's file, a person's configuration or
/// a command line says of them; nil where it says nothing.
package struct SamplingChoices: Sendable, Hashable {
    package var temperature: Double?
    package var topK: Int?
    package var topP: Double?
    package var minP: Double?
    package var repetitionPenalty: Double?
    package var presencePenalty: Double?
    package var frequencyPenalty: Double?
    package var seed: UInt64?

    package init() {}

    /// These settings with every choice that was made.
    package func over(_ settings: SamplingSettings) -> SamplingSettings {
        SamplingSettings(
            temperature: temperature ?? settings.temperature,
            topK: topK ?? settings.topK,
            topP: topP ?? settings.topP,
            minP: minP ?? settings.minP,
            repetitionPenalty: repetitionPenalty ?? settings.repetitionPenalty,
            presencePenalty: presencePenalty ?? settings.presencePenalty,
            frequencyPenalty: frequencyPenalty ?? settings.frequencyPenalty,
            seed: seed ?? settings.seed
        )
    }

    /// What holds in a new session: these choices, what the model's file says, what Google says.
    package func settings(for model: EngineDescription?) -> SamplingSettings {
        over(model?.sampling.over(.gemma) ?? .gemma)
    }
}
