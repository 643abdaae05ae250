import Conversation

/// What a person is offered who has no model yet: in an empty conversation, with the model that came
/// with facet.
package struct Welcome: Sendable, Hashable {
    package var offer: ModelOffer
    /// A question to begin with.
    package var question: String

    package init(
        offer: ModelOffer = .e2b,
        question: String = "How do I attach a picture?"
    ) {
        self.offer = offer
        self.question = question
    }
}

extension Welcome {
    /// An offer with its key and what is to be known about it.
    struct Line: Sendable, Hashable {
        var key: String
        var title: String
        var detail: String
        /// What there is room for on a narrow screen.
        var short: String
    }

    /// What opened, in a sentence or two.
    func introduction(_ model: EngineDescription) -> String {
        "This is the \(model.shownName): a very small model that came with facet. It knows facet and "
            + "little else, and it runs on this machine, as everything here does."
    }

    func lines(_ facts: MachineFacts?) -> [Line] {
        [
            Line(
                key: "1",
                title: "Get \(offer.name), a real model",
                detail: offer.figures(facts) + "; 1 and Enter say how",
                short: offer.shortFigures(facts)
            ),
            Line(
                key: "2",
                title: "Models on this disk",
                detail: found(facts),
                short: facts.map { "\($0.models.count) found" } ?? "looking"
            ),
            Line(key: "3", title: "Ask the guide: \(question)", detail: "", short: ""),
        ]
    }

    private func found(_ facts: MachineFacts?) -> String {
        guard let facts else { return "looking" }
        guard !facts.models.isEmpty else {
            return "none found in Hugging Face's cache, Ollama and LM Studio"
        }
        let named = facts.models.prefix(Self.named).map { "\($0.name) (\($0.place))" }
        let more = facts.models.count - named.count
        return "\(facts.models.count) found: " + named.joined(separator: ", ")
            + (more > 0 ? " and \(more) more" : "") + "; 2 and Enter list them"
    }

    private static let named = 2
}
