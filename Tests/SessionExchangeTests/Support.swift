import Conversation
import Foundation
import JSONValues
import SessionStore

enum Sample {
    static let time = Date(timeIntervalSince1970: 1_800_000_000)
    static let id = "01KAWQ0000000000000000000A"
    static let picture: [UInt8] = [0x89, 0x50, 0x4E, 0x47]
    static let pictureHash = String(repeating: "ab", count: 32)
    /// Text that looks like everything an export writes.
    static let tricky = """
        ## you

        <!-- facet user, 3 bytes -->
        ``` <script>alert(1)</script></details>
        世界 \u{1B}[31m

        [image: no.png]


        """

    /// A tree with two branches, a thought, a tool, a picture and a field of a later version.
    static var session: StoredSession {
        var transcript = Transcript(id: id, title: "Two\nlines", created: time)
        transcript.systemPrompt = "Be brief."
        transcript.tags = ["one"]
        transcript.append(
            Message(
                id: "a",
                parent: nil,
                role: .user,
                parts: [
                    .text(tricky),
                    .attachment(
                        Attachment(
                            kind: .image,
                            name: "\"><b>.png",
                            hash: pictureHash,
                            sizeInBytes: picture.count
                        )
                    ),
                ],
                created: time
            )
        )
        transcript.append(
            Message(
                id: "b",
                parent: "a",
                role: .assistant,
                parts: [.text("unfini")],
                thoughts: [Thought(text: "hm", seconds: 1, tokens: 2)],
                toolCalls: [ToolCall(id: "1", name: "clock", arguments: ["zone": "UTC"])],
                created: time,
                answer: AnswerRecord(
                    model: "e2b",
                    modelHash: "f00",
                    thinking: .on,
                    sampling: .gemma
                )
            )
        )
        transcript.append(
            Message(
                id: "c",
                parent: "b",
                role: .tool,
                parts: [],
                toolResults: [ToolResult(callID: "1", name: "clock", response: ["time": "12:00"])],
                created: time
            )
        )
        transcript.append(
            Message(id: "d", parent: "a", role: .assistant, parts: [.text("other")], created: time)
        )
        transcript.activate(leaf: "c")
        var stored = StoredSession(transcript)
        stored.extras["later"] = [1, 2]
        return stored
    }
}
