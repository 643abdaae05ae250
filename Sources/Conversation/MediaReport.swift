/// What became of one attachment before an answer: what the model is given of it, and how long it took.
package struct MediaReport: Sendable, Hashable {
    /// The attachment's name; outside data.
    package var name: String
    /// What is being done with it.
    package var step: Step
    /// What it holds and what the model receives: `1920x1080 -> 1056x576`.
    package var summary: String
    package var softTokens: Int
    /// Sentences: what was cut or sampled.
    package var notes: [String]

    package enum Step: Sendable, Hashable {
        /// It is being encoded: so many of its pictures are done.
        case encoding(done: Int, of: Int)
        /// It is ready; nil where nothing had to be done, since it is known from before.
        case ready(decodeSeconds: Double?, encodeSeconds: Double?)
        /// It is one of an earlier message, and this model cannot take it in.
        case leftOut
    }

    package init(
        name: String,
        step: Step,
        summary: String,
        softTokens: Int,
        notes: [String] = []
    ) {
        self.name = name
        self.step = step
        self.summary = summary
        self.softTokens = softTokens
        self.notes = notes
    }
}
