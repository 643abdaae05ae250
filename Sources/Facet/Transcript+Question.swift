import Conversation
import Foundation

extension Transcript {
    /// Adds what a person said and an empty answer of this engine; gives the request for it.
    mutating func ask(
        _ question: String,
        attaching attachments: [Attachment] = [],
        of engine: EngineDescription
    ) -> (request: GenerationRequest, answer: Message) {
        append(
            Message(
                id: ULID.next().description,
                parent: activeLeaf,
                role: .user,
                parts: attachments.map { .attachment($0) } + [.text(question)],
                created: Date()
            )
        )
        return beginAnswer(id: ULID.next().description, by: engine, at: Date())
    }
}
