package import Conversation

/// Decides whether a message is thought about, and for how long.
package enum ThinkingPolicy {
    /// Tokens a thought may take for a short, plain message under `auto`.
    package static let smallBudget = 256
    /// A message with fewer characters counts as short.
    package static let shortLength = 80

    /// What applies to one answer, with the words that explain it.
    package struct Decision: Sendable, Hashable {
        package var thinks: Bool
        package var budget: Int?
        package var reason: String
    }

    package static func decide(_ request: GenerationRequest, canThink: Bool) -> Decision {
        guard canThink else {
            return Decision(thinks: false, budget: nil, reason: "this model knows no thoughts")
        }
        switch request.thinking {
        case .on:
            return Decision(thinks: true, budget: request.thinkingBudget, reason: "asked for")
        case .off: return Decision(thinks: false, budget: nil, reason: "switched off")
        case .auto:
            guard let message = request.messages.last(where: { $0.role == .user }),
                isShortAndPlain(message)
            else {
                return Decision(
                    thinks: true,
                    budget: request.thinkingBudget,
                    reason: "auto: a full thought"
                )
            }
            return Decision(
                thinks: true,
                budget: min(request.thinkingBudget ?? smallBudget, smallBudget),
                reason: "auto: short and plain, at most \(smallBudget) tokens"
            )
        }
    }

    private static func isShortAndPlain(_ message: Message) -> Bool {
        for part in message.parts {
            if case .attachment = part { return false }
        }
        let text = message.text
        guard text.count < shortLength else { return false }
        return !text.contains { $0.isNumber || "`{}=;<>\\".contains($0) || $0.isNewline }
    }
}
