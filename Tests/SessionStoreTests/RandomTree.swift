import Conversation
import Foundation
import JSONValues
import SeededRandom

/// Transcripts with every field of the format in all mixtures.
enum RandomTree {
    static func transcript(using random: inout SeededGenerator) -> Transcript {
        var messages: [Message] = []
        for index in 0..<Int.random(in: 0...8, using: &random) {
            let parent = Bool.random(using: &random) ? messages.randomElement(using: &random) : nil
            messages.append(message(index, parent: parent?.id, using: &random))
        }
        return Transcript(
            id: ULID.next().description,
            title: text(using: &random),
            created: date(using: &random),
            updated: date(using: &random),
            systemPrompt: text(using: &random),
            thinking: ThinkingMode.allCases.randomElement(using: &random) ?? .auto,
            thinkingBudget: Bool.random(using: &random)
                ? .random(in: 0...999, using: &random) : nil,
            sampling: sampling(using: &random),
            model: Bool.random(using: &random) ? text(using: &random) : nil,
            modelHash: Bool.random(using: &random) ? "f00" : nil,
            tags: (0..<Int.random(in: 0...2, using: &random)).map { "tag \($0)" },
            notes: text(using: &random),
            isPinned: .random(using: &random),
            forkedFrom: Bool.random(using: &random)
                ? ForkOrigin(session: Sample.otherID, message: messages.first?.id) : nil,
            messages: messages,
            activeLeaf: messages.randomElement(using: &random)?.id,
            tools: Bool.random(using: &random)
                ? [ToolDeclaration(name: "t", description: "d", parameters: ["type": "object"])]
                : []
        )
    }

    private static func message(
        _ index: Int,
        parent: String?,
        using random: inout SeededGenerator
    ) -> Message {
        var message = Message(
            id: "id\(index)",
            parent: parent,
            role: Role.allCases.randomElement(using: &random) ?? .user,
            parts: [],
            created: date(using: &random)
        )
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            message.parts.append(.text(text(using: &random)))
        }
        if Bool.random(using: &random) {
            message.parts.append(
                .attachment(
                    Attachment(
                        kind: .image,
                        name: text(using: &random),
                        hash: "ab",
                        sizeInBytes: 12,
                        imageTokens: [nil, 70, 1120].randomElement(using: &random) ?? nil
                    )
                )
            )
            message.thoughts = [
                Thought(
                    text: text(using: &random),
                    seconds: 0.1,
                    tokens: 3,
                    ending: ThoughtEnding.allCases.randomElement(using: &random)
                )
            ]
            message.toolCalls = [ToolCall(id: "c", name: "n", arguments: ["a": [1, nil, true]])]
            message.toolResults = [ToolResult(callID: "c", name: "n", response: "x")]
        }
        if Bool.random(using: &random) {
            message.contextCut = ContextCut(
                start: "id\(Int.random(in: 0...index, using: &random))",
                summary: Bool.random(using: &random) ? text(using: &random) : nil
            )
        }
        if Bool.random(using: &random) {
            message.answer = AnswerRecord(
                model: "m",
                modelHash: "h",
                thinking: .on,
                thinkingPlan: Bool.random(using: &random)
                    ? ThinkingPlan(
                        thinks: Bool.random(using: &random),
                        budget: Bool.random(using: &random) ? 256 : nil,
                        rule: text(using: &random)
                    )
                    : nil,
                sampling: sampling(using: &random),
                statistics: Bool.random(using: &random)
                    ? Statistics(
                        promptSeconds: 0.25,
                        seed: random.next(),
                        thoughtUnclosed: true,
                        draftedTokens: Bool.random(using: &random) ? 12 : nil,
                        acceptedTokens: Bool.random(using: &random) ? 7 : nil
                    )
                    : nil,
                stopReason: Bool.random(using: &random) ? .cancelled : nil,
                failure: Bool.random(using: &random) ? text(using: &random) : nil
            )
        }
        return message
    }

    private static func sampling(using random: inout SeededGenerator) -> SamplingSettings {
        SamplingSettings(
            temperature: .random(in: 0...2, using: &random),
            topK: 40,
            seed: Bool.random(using: &random) ? random.next() : nil
        )
    }

    /// A date on a whole millisecond, as the format holds it.
    private static func date(using random: inout SeededGenerator) -> Date {
        let range: ClosedRange<Int64> = -60_000_000_000_000...200_000_000_000_000
        return Date(
            timeIntervalSince1970: Double(Int64.random(in: range, using: &random)) / 1000
        )
    }

    private static func text(using random: inout SeededGenerator) -> String {
        let pieces = [
            "a", "/", "\\", "\"", "\n", "\u{0}", "\u{7F}", "\u{E9}", "e\u{301}",
            "\u{1F469}\u{200D}",
            "\u{2028}", "{", "\u{1B}[31m", "\u{FFFF}",
        ]
        return (0..<Int.random(in: 0...12, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
}
