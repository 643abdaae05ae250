import Foundation
package import GGUF
package import Gemma
package import Tokenization

/// How a model is opened.
package struct EngineOptions: Sendable, Hashable {
    package var precision: Precision
    /// How keys and values are stored.
    package var kvFormat: KVFormat
    /// Nil takes the number of physical cores.
    package var threads: Int?
    /// Nil takes the largest that leaves a quarter of the free memory.
    package var contextSize: Int?
    package var speculation: Speculation
    /// Where conversations' caches are kept for the next process; nil keeps none.
    package var snapshots: SnapshotOptions?

    /// Whether tokens are guessed and checked several in one pass; no answer depends on it.
    package enum Speculation: Sendable, Hashable {
        case off
        case whenItPays
        /// As many guesses as there are, for tests.
        case always
    }

    /// - Parameters:
    ///   - precision: how activations are kept.
    ///   - kvFormat: nil takes what goes with the precision.
    ///   - threads: nil takes the number of cores.
    ///   - contextSize: nil takes what memory allows.
    ///   - speculation: whether tokens are guessed.
    ///   - snapshots: nil keeps no caches.
    package init(
        precision: Precision = .fast,
        kvFormat: KVFormat? = nil,
        threads: Int? = nil,
        contextSize: Int? = nil,
        speculation: Speculation = .whenItPays,
        snapshots: SnapshotOptions? = nil
    ) {
        self.precision = precision
        self.kvFormat = kvFormat ?? precision.kvFormat
        self.threads = threads
        self.contextSize = contextSize
        self.speculation = speculation
        self.snapshots = snapshots
    }

    package var threadCount: Int { max(1, threads ?? ProcessorCores.physical) }
}

/// Why a model cannot be opened.
package enum EngineOpenError: Error, Sendable, Hashable {
    case file(GGUFError)
    case model(ModelError)
    case vocabulary(path: String, TokenizationError)
    case memory(MemoryPlan)
    /// The model has none that could be used; the sentence says which to get.
    case encoders(String)
    case contextTooLarge(asked: Int, trained: Int)

    package var userMessage: String {
        switch self {
        case .file(let error): error.userMessage
        case .model(let error): error.userMessage
        case .vocabulary(let path, let error): "Can't run \(path): \(error.userMessage)"
        case .encoders(let sentence): sentence
        case .memory(let plan) where plan.neededBytes <= plan.freeBytes:
            "It would leave less than a quarter of the free memory: \(plan.summary). Ask for it with "
                + "--context \(plan.suggestedContext ?? plan.contextSize), or choose a smaller model."
        case .memory(let plan):
            "Not enough memory: \(plan.summary). Choose a smaller --context"
                + (plan.suggestedContext.map { " (\($0) would fit)" } ?? "")
                + " or a smaller model."
        case .contextTooLarge(let asked, let trained):
            "A context of \(asked) tokens is more than the \(trained) this model was trained for. "
                + "Ask for \(trained) or less."
        }
    }
}
