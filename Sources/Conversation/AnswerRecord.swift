/// How one answer was made: enough to make it again.
package struct AnswerRecord: Sendable, Hashable {
    package var model: String
    /// Identity of the model file; see `ModelIdentity`.
    package var modelHash: String
    /// What was asked for.
    package var thinking: ThinkingMode
    /// What came of it; nil before the engine said so, and where nobody noted it.
    package var thinkingPlan: ThinkingPlan?
    package var sampling: SamplingSettings
    package var statistics: Statistics?
    /// Nil while the answer streams, and for one whose process died in the middle.
    package var stopReason: StopReason?
    /// The sentence of the error that ended it, when one did.
    package var failure: String?

    package init(
        model: String,
        modelHash: String,
        thinking: ThinkingMode,
        thinkingPlan: ThinkingPlan? = nil,
        sampling: SamplingSettings,
        statistics: Statistics? = nil,
        stopReason: StopReason? = nil,
        failure: String? = nil
    ) {
        self.model = model
        self.modelHash = modelHash
        self.thinking = thinking
        self.thinkingPlan = thinkingPlan
        self.sampling = sampling
        self.statistics = statistics
        self.stopReason = stopReason
        self.failure = failure
    }
}
