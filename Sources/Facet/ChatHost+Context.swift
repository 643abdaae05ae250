import Conversation

/// Why turns cannot be left out, as a sentence for a person.
struct ShorteningFailure: Error {
    var userMessage: String
}

extension ChatHost {
    /// What a model would be given; nil where the engine can't tell.
    func prompt(
        for request: GenerationRequest,
        with engine: any Engine
    ) async throws(EngineError) -> PromptReport? {
        guard let context = try await place(in: engine) as? any InspectableContext else {
            return nil
        }
        return try await context.prompt(for: request)
    }

    /// Finds the oldest turns that a request can do without, and summarises them when asked to.
    /// - Returns: the cut, and how many messages it leaves out.
    func shorten(
        _ request: GenerationRequest,
        summarises: Bool,
        with engine: any Engine
    ) async throws(ShorteningFailure) -> (cut: ContextCut, dropped: Int) {
        do {
            let context = try await place(in: engine)
            let size = await context.usage().size
            let reserve = summarises ? ContextFit.summaryTokens : 0
            let target = Int(Double(size) * ContextFit.comfortable) - reserve
            let rest = try await ContextFit.withoutOldestTurns(request, target: target) {
                asked throws(EngineError) in try await context.cost(of: asked).promptTokens
            }
            guard let rest else {
                let turns = request.messages.count { $0.role == .user }
                throw ShorteningFailure(
                    userMessage: turns < 2
                        ? "Nothing can be left out: there is no turn before the last one."
                        : "Nothing can be left out: the last turn alone takes what there is. "
                            + "Begin a new session, or open the model with a larger --context."
                )
            }
            guard summarises else { return (ContextCut(start: rest.start), rest.dropped.count) }
            let summary = try await summarise(rest.dropped, of: request, in: context)
            return (ContextCut(start: rest.start, summary: summary), rest.dropped.count)
        } catch let error as EngineError {
            throw ShorteningFailure(userMessage: error.userMessage)
        } catch let error as ShorteningFailure {
            throw error
        } catch {
            throw ShorteningFailure(userMessage: "\(error)")
        }
    }

    private func summarise(
        _ dropped: [Message],
        of request: GenerationRequest,
        in context: any EngineContext
    ) async throws -> String {
        var text = ""
        for try await event in context.generate(ContextFit.summary(of: dropped, in: request)) {
            if case .text(let more) = event { text += more }
            // Half a summary stands for nothing.
            if case .finished(.cancelled, _) = event { throw EngineError.cancelled }
        }
        guard text.contains(where: { !$0.isWhitespace }) else {
            throw ShorteningFailure(
                userMessage:
                    "The model wrote no summary. /compact can leave the turns out without one."
            )
        }
        return text
    }
}
