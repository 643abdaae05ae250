import Conversation

/// What the model was really given.
extension AppState {
    /// Has the engine report the prompt of the last answer, or of the next one before the first.
    func inspectPrompt() -> [Effect] {
        guard description != nil else { return [] }
        return [.inspectPrompt(session: chat.id, chat.sentRequest)]
    }

    /// Opens the prompt as a page.
    mutating func showPrompt() -> [Effect] {
        guard description != nil else {
            show("There is no model yet.")
            return []
        }
        inspector.opensPromptPage = true
        return inspectPrompt()
    }

    mutating func receive(_ report: PromptReport, in session: String) {
        let opensPage = inspector.opensPromptPage
        inspector.opensPromptPage = false
        guard chat.isCalled(session) else { return }
        let again =
            report.reusedTokens > 0 ? ", \(report.reusedTokens.grouped) of them in the cache" : ""
        let unit = report.pieces.count == 1 ? "token" : "tokens"
        let head =
            "\(report.pieces.count.grouped) \(unit)\(again). Thinking: \(report.thinking.rule)."
        (inspector.prompt, inspector.promptSession) = (head + "\n\n" + report.text, chat.id)
        guard opensPage else { return }
        overlay = .page(PageOverlay(title: "What was sent", text: head + "\n\n" + report.text))
    }
}

extension Chat {
    /// The request of the last answer; before the first one, that of the next.
    fileprivate var sentRequest: GenerationRequest {
        guard let answer = pane.branch.last(where: { transcript[$0]?.role == .assistant }),
            let message = transcript[answer]
        else { return transcript.request(thinking: thinking) }
        var asked = transcript
        asked.activate(leaf: message.parent)
        return asked.request(thinking: message.answer?.thinking)
    }
}
