import Conversation
import Foundation

extension Transcript {
    /// Adds what a person said and an empty answer of this engine; gives the request for it.
    mutating func ask(
        _ question: String,
        of engine: EngineDescription
    ) -> (request: GenerationRequest, answer: Message) {
        append(
            Message(
                id: ULID.next().description,
                parent: activeLeaf,
                role: .user,
                parts: [.text(question)],
                created: Date()
            )
        )
        let request = GenerationRequest(
            systemPrompt: systemPrompt,
            // An answer that failed or was stopped before its first word says nothing to a model.
            messages: path.filter {
                $0.role != .assistant || !$0.text.isEmpty || !$0.toolCalls.isEmpty
            },
            thinking: thinking,
            sampling: sampling
        )
        let answer = Message(
            id: ULID.next().description,
            parent: activeLeaf,
            role: .assistant,
            parts: [],
            created: Date(),
            answer: AnswerRecord(
                model: engine.name,
                modelHash: engine.modelHash,
                thinking: thinking,
                sampling: sampling
            )
        )
        append(answer)
        model = engine.name
        modelHash = engine.modelHash
        updated = Date()
        return (request, answer)
    }
}
