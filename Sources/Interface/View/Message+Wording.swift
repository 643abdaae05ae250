package import Conversation

extension Message {
    /// Who speaks, in a word.
    var speaker: String { role.speaker }

    /// It holds thoughts, or files that are seen or heard.
    var isFoldable: Bool {
        !thoughts.isEmpty
            || parts.contains { part in
                if case .attachment(let file) = part { file.kind.media != nil } else { false }
            }
    }

    /// Says how an answer that is over ended, when it did not end by itself.
    var ending: String? {
        guard role == .assistant, let answer else { return nil }
        if let failure = answer.failure { return failure }
        switch answer.stopReason {
        case nil: return "[unfinished: facet ended here]"
        case .cancelled: return "[stopped]"
        case .length: return "[cut: the limit of tokens was reached]"
        case .contextFull: return "[cut: the context is full]"
        case .endOfTurn, .toolCall:
            let isUnclosed = answer.statistics?.thoughtUnclosed ?? false
            return isUnclosed ? "[the model ended inside its thought]" : nil
        }
    }
}

extension Role {
    /// How a person is told who speaks.
    package var speaker: String {
        switch self {
        case .user: "you"
        case .assistant: "gemma"
        case .system: "system"
        case .tool: "tool"
        }
    }
}
