package import Foundation

extension Transcript {
    /// What a model is given of the active branch, oldest first.
    ///
    /// An answer that failed or was stopped before its first word says nothing to a model. Messages
    /// before a cut stay away, but for those of the system.
    package func requestMessages() -> [Message] {
        var messages = path
        if let (_, cut) = activeCut, let start = messages.firstIndex(where: { $0.id == cut.start })
        {
            messages = messages[..<start].filter { $0.role == .system } + messages[start...]
        }
        return messages.filter {
            $0.role != .assistant || !$0.text.isEmpty || !$0.toolCalls.isEmpty
        }
    }

    /// The request for an answer to the end of the active branch.
    package func request(thinking: ThinkingMode? = nil) -> GenerationRequest {
        GenerationRequest(
            systemPrompt: systemPrompt,
            summary: activeCut?.cut.summary,
            messages: requestMessages(),
            thinking: thinking ?? self.thinking,
            thinkingBudget: thinkingBudget,
            sampling: sampling
        )
    }

    /// Begins to go on with the answer at the end of the active branch, in the way it was begun.
    ///
    /// - Parameter now: when that is.
    /// - Returns: the request, and the message to be filled further; nil when there is nothing to go on
    ///   with.
    package mutating func continueAnswer(
        at now: Date
    ) -> (request: GenerationRequest, answer: Message)? {
        guard let id = activeLeaf, let cut = self[id], cut.canBeContinued else { return nil }
        var request = request(thinking: cut.answer?.thinking)
        if request.messages.last?.id != id { request.messages.append(cut) }
        request.continuesAnswer = true
        let answer = AnswerAssembly(cut).message
        update(answer)
        updated = now
        return (request, answer)
    }

    /// Adds an empty answer to the active branch.
    ///
    /// - Parameters:
    ///   - id: of the answer.
    ///   - engine: what is to answer.
    ///   - thinking: for this answer only; nil takes the conversation's.
    ///   - now: when it begins.
    /// - Returns: the request for it, and the message to be filled.
    package mutating func beginAnswer(
        id: String,
        by engine: EngineDescription,
        thinking: ThinkingMode? = nil,
        at now: Date
    ) -> (request: GenerationRequest, answer: Message) {
        let mode = engine.canThink ? thinking ?? self.thinking : .off
        let request = request(thinking: mode)
        let answer = Message(
            id: id,
            parent: activeLeaf,
            role: .assistant,
            parts: [],
            created: now,
            answer: AnswerRecord(
                model: engine.name,
                modelHash: engine.modelHash,
                thinking: mode,
                sampling: sampling
            )
        )
        append(answer)
        model = engine.name
        modelHash = engine.modelHash
        updated = now
        return (request, answer)
    }
}
