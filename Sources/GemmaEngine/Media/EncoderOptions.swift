package import Media
package import SnapshotStore

/// How a model comes to see and hear.
package struct EncoderOptions: Sendable {
    /// Decodes files.
    package var reader: any MediaReading
    /// The projector file that somebody named; it has to be of the model.
    package var path: String?
    /// Projector files that lie beside the model; the first that is of it is taken.
    package var candidates: [String]
    /// The most soft tokens that a picture may take in the models that read a picture in one pass.
    package var budget: TokenBudget
    /// Where soft tokens are kept for other processes; nil keeps none.
    package var folder: SnapshotFolder?

    package init(
        reader: any MediaReading,
        path: String? = nil,
        candidates: [String] = [],
        budget: TokenBudget = .picture,
        folder: SnapshotFolder? = nil
    ) {
        self.reader = reader
        self.path = path
        self.candidates = candidates
        self.budget = max(budget, .picture)
        self.folder = folder
    }
}
