/// An answer token by token, with all that its tokens depend on: enough to make it again and to see
/// where it comes out otherwise.
package struct AnswerTrace: Sendable, Hashable {
    /// What computed it.
    package struct Machine: Sendable, Hashable {
        /// Identity of the model file.
        package var modelHash: String
        /// How activations are kept: `exact` or `fast`.
        package var precision: String
        /// How keys and values are kept: `f32`, `f16` or `q8_0`.
        package var kvFormat: String
        /// The instruction set of the kernels; another one may round otherwise.
        package var kernels: String

        package init(modelHash: String, precision: String, kvFormat: String, kernels: String) {
            self.modelHash = modelHash
            self.precision = precision
            self.kvFormat = kvFormat
            self.kernels = kernels
        }
    }

    package var machine: Machine
    /// Everything that the model was given, what it goes on with included.
    package var prompt: [Int]
    /// The ids in it that stand for pictures and sounds.
    package var media: [MediaSpan] = []
    /// How many ids at the prompt's end are the beginning of this same answer.
    package var continued: Int
    /// Lengths of the stretches of the prompt that were read in passes of many rows and of few, in
    /// turn, beginning with many: they round differently.
    package var forms: [Int]
    /// The prompt opened a thought itself.
    package var startsInThought: Bool
    /// With the seed that was used.
    package var sampling: SamplingSettings
    package var maxTokens: Int?
    /// Tokens after which a thought was closed for the model.
    package var budget: Int?
    /// How many tokens had been written each time someone asked for the thought's end.
    package var wrapUps: [Int] = []
    /// The tokens as they were drawn, or put in at a thought's end; that which ended the turn too.
    package var ids: [Int] = []
    package var reason: StopReason?
    /// What was looked at of each token, when that was asked for.
    package var details: [TokenDetail] = []

    package init(
        machine: Machine,
        prompt: [Int],
        continued: Int,
        forms: [Int],
        startsInThought: Bool,
        sampling: SamplingSettings,
        maxTokens: Int? = nil,
        budget: Int? = nil
    ) {
        self.machine = machine
        self.prompt = prompt
        self.continued = continued
        self.forms = forms
        self.startsInThought = startsInThought
        self.sampling = sampling
        self.maxTokens = maxTokens
        self.budget = budget
    }
}
