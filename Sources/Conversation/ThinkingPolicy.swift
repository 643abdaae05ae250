/// Whether one answer is thought about, and why.
package struct ThinkingPlan: Sendable, Hashable {
    /// The prompt lets the model think; without it a thought may still come, unasked.
    package var thinks: Bool
    /// Tokens after which a thought is closed for the model; nil leaves it free.
    package var budget: Int?
    /// The rule that applied, in words: `auto: short and plain, at most 256 tokens`.
    package var rule: String

    package init(thinks: Bool, budget: Int? = nil, rule: String) {
        self.thinks = thinks
        self.budget = budget
        self.rule = rule
    }
}

/// Decides whether a message is thought about, and for how long.
package enum ThinkingPolicy {
    /// Tokens a thought may take for a short, plain message under `auto`.
    package static let smallBudget = 256
    /// A message with fewer characters counts as short.
    package static let shortLength = 80

    /// What `auto` does, as sentences for a person.
    package static let autoRule =
        "auto thinks about every message. One of fewer than \(shortLength) characters, without "
        + "digits, code, line breaks or attachments, gets at most \(smallBudget) tokens for it."

    package static func plan(_ request: GenerationRequest, canThink: Bool) -> ThinkingPlan {
        guard canThink else {
            return ThinkingPlan(thinks: false, rule: "this model knows no thoughts")
        }
        switch request.thinking {
        case .on: return thinking("asked for", request.thinkingBudget)
        case .off: return ThinkingPlan(thinks: false, rule: "switched off")
        case .auto:
            guard let message = request.messages.last(where: { $0.role == .user }),
                isShortAndPlain(message)
            else { return thinking("auto: a full thought", request.thinkingBudget) }
            let budget = min(request.thinkingBudget ?? smallBudget, smallBudget)
            return thinking("auto: short and plain", budget)
        }
    }

    private static func thinking(_ reason: String, _ budget: Int?) -> ThinkingPlan {
        let limit = budget.map { ", at most \($0) tokens" } ?? ""
        return ThinkingPlan(thinks: true, budget: budget, rule: reason + limit)
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
