import Conversation
import Foundation
import Testing

@Suite("Whether a message is thought about") struct ThinkingPolicyTests {
    struct Row: Sendable {
        var mode: ThinkingMode
        var text: String
        var budget: Int?
        var thinks: Bool
        var expected: Int?

        init(
            _ mode: ThinkingMode,
            _ text: String,
            budget: Int? = nil,
            thinks: Bool = true,
            expected: Int? = nil
        ) {
            self.mode = mode
            self.text = text
            self.budget = budget
            self.thinks = thinks
            self.expected = expected
        }
    }

    @Test(
        "the mode, the message and the budget asked for decide",
        arguments: [
            Row(.on, "hello"),
            Row(.on, "hello", budget: 9, expected: 9),
            Row(.off, "hello", budget: 9, thinks: false),
            Row(.auto, "hello", expected: 256),
            Row(.auto, "hello", budget: 9, expected: 9),
            Row(.auto, "hello", budget: 900, expected: 256),
            Row(.auto, String(repeating: "a", count: 79), expected: 256),
            Row(.auto, String(repeating: "a", count: 80)),
            Row(.auto, String(repeating: "a", count: 80), budget: 900, expected: 900),
            Row(.auto, "what is 2 and 2"),
            Row(.auto, "two\nlines"),
            Row(.auto, "let a = b"),
            Row(.auto, "`print`"),
            Row(.auto, "{ }"),
        ]
    )
    func plan(row: Row) {
        let request = request(row.text, row.mode, row.budget)
        let plan = ThinkingPolicy.plan(request, canThink: true)
        #expect(plan.thinks == row.thinks)
        #expect(plan.budget == row.expected)
        #expect(!plan.rule.isEmpty)
    }

    @Test("a model that knows no thoughts never thinks", arguments: ThinkingMode.allCases)
    func cannotThink(mode: ThinkingMode) {
        let plan = ThinkingPolicy.plan(request("hello", mode, 9), canThink: false)
        #expect(!plan.thinks)
        #expect(plan.budget == nil)
        #expect(plan.rule == "this model knows no thoughts")
    }

    @Test("an attachment takes a full thought")
    func attachment() {
        var asked = request("look", .auto, nil)
        asked.messages[0].parts.append(
            .attachment(Attachment(kind: .image, name: "cat.png", hash: "00", sizeInBytes: 1))
        )
        #expect(ThinkingPolicy.plan(asked, canThink: true).budget == nil)
        #expect(ThinkingPolicy.plan(asked, canThink: true).thinks)
    }

    @Test("the last message of the user counts, not what came before or after")
    func lastMessage() {
        var asked = request("what is 2 and 2", .auto, nil)
        asked.messages.append(request("thanks", .auto, nil).messages[0])
        var answer = request("2 + 2 = 4", .auto, nil).messages[0]
        answer.role = .assistant
        asked.messages.append(answer)
        #expect(ThinkingPolicy.plan(asked, canThink: true).budget == ThinkingPolicy.smallBudget)
    }

    private func request(
        _ text: String,
        _ mode: ThinkingMode,
        _ budget: Int?
    ) -> GenerationRequest {
        GenerationRequest(
            messages: [
                Message(
                    id: "m",
                    parent: nil,
                    role: .user,
                    parts: [.text(text)],
                    created: Date(timeIntervalSince1970: 0)
                )
            ],
            thinking: mode,
            thinkingBudget: budget
        )
    }
}
