import Conversation
import Foundation
import JSONValues
import Testing

@Suite("An answer put together from its events") struct AnswerAssemblyTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private var empty: Message {
        Message(
            id: "a",
            parent: "u",
            role: .assistant,
            parts: [],
            created: start,
            answer: AnswerRecord(model: "m", modelHash: "h", thinking: .off, sampling: .gemma)
        )
    }

    /// Takes events in, a second apart.
    private func taken(_ message: Message, _ events: [GenerationEvent]) -> AnswerAssembly {
        var assembly = AnswerAssembly(message)
        for (second, event) in events.enumerated() {
            assembly.take(event, at: start + Double(second))
        }
        return assembly
    }

    @Test("thoughts, text, calls, plan and statistics stand where they belong")
    func whole() {
        let plan = AnswerPlan(
            thinking: ThinkingPlan(thinks: true, budget: 9, rule: "asked for"),
            promptTokens: 12,
            reusedTokens: 5,
            contextSize: 64
        )
        let call = ToolCall(id: "c", name: "f", arguments: [:])
        let assembly = taken(
            empty,
            [
                .started(plan), .promptProgress(.init(read: 7, total: 7, secondsLeft: 0)),
                .thought("let "), .thought("me"), .thoughtClosed(.budget), .text("one"),
                .text(" two"), .rejectedToolCall(raw: "call:", reason: "no name"),
                .toolCall(call), .thought("more"), .text("end"),
                .finished(.endOfTurn, Statistics(thoughtTokens: 30, seed: 4)),
            ]
        )
        let message = assembly.message
        #expect(assembly.plan == plan && plan.tokensToRead == 7)
        #expect(message.answer?.thinkingPlan == plan.thinking)
        #expect(
            message.thoughts == [
                Thought(text: "let me", seconds: 2, tokens: 2, ending: .budget),
                Thought(text: "more", seconds: 1, tokens: 1, ending: .closed),
            ]
        )
        #expect(
            message.text == "one two[a tool call that cannot be read: no name] call:end"
        )
        #expect(message.parts.count == 1)
        #expect(message.toolCalls == [call])
        #expect(message.answer?.stopReason == .endOfTurn)
        #expect(message.answer?.statistics?.thoughtTokens == 30)
        #expect(message.answer?.sampling.seed == 4)
        #expect(assembly.progress == nil)
        #expect(assembly.pieces == 6)
        #expect(assembly.firstToken == start + 2)
    }

    @Test("each event gives the thought that it ended, once")
    func closings() {
        var assembly = AnswerAssembly(empty)
        #expect(assembly.take(.thought("a"), at: start) == nil)
        #expect(assembly.thoughtStarted == start)
        #expect(
            assembly.take(.text("b"), at: start + 2)
                == Thought(text: "a", seconds: 2, tokens: 1, ending: .closed)
        )
        #expect(assembly.take(.thoughtClosed(), at: start + 3) == nil)
        assembly.take(.thought("c"), at: start + 4)
        #expect(assembly.stop(at: start + 5)?.ending == .cut)
        #expect(assembly.message.answer?.stopReason == .cancelled)
        #expect(assembly.message.endsInsideThought)
    }

    @Test("an error ends the answer with its sentence")
    func failure() {
        var assembly = taken(empty, [.thought("a")])
        #expect(assembly.fail("no more", at: start)?.ending == .cut)
        #expect(assembly.message.answer?.failure == "no more")
        #expect(assembly.message.answer?.stopReason == nil)
    }

    @Test("a single thought gets its exact count of tokens")
    func exactCount() {
        let assembly = taken(
            empty,
            [.thought("a"), .thoughtClosed(), .finished(.endOfTurn, Statistics(thoughtTokens: 7))]
        )
        #expect(assembly.message.thoughts[0].tokens == 7)
    }

    @Test("a repetition is known until its thought is closed")
    func repetition() {
        let found = Repetition(period: 3, times: 22)
        var assembly = taken(empty, [.thought("a"), .looping(found)])
        #expect(assembly.repetition == found)
        assembly.take(.thoughtClosed(.wrappedUp), at: start)
        #expect(assembly.repetition == nil)
    }

    @Test("a cut answer goes on where it was cut, and its costs are added up")
    func continuing() {
        let first = taken(
            empty,
            [
                .thought("a"),
                .finished(
                    .cancelled,
                    Statistics(
                        promptTokens: 10,
                        reusedTokens: 4,
                        generatedTokens: 3,
                        thoughtTokens: 3,
                        contextUsed: 13,
                        draftedTokens: 2
                    )
                ),
            ]
        ).message
        #expect(first.endsInsideThought)
        let second = AnswerAssembly(first)
        #expect(second.message.answer?.stopReason == nil)
        let whole = taken(
            first,
            [
                .thought("b"), .thoughtClosed(), .text("c"),
                .finished(
                    .length,
                    Statistics(
                        promptTokens: 13,
                        reusedTokens: 12,
                        generatedTokens: 5,
                        thoughtTokens: 2,
                        contextUsed: 18
                    )
                ),
            ]
        ).message
        #expect(whole.thoughts == [Thought(text: "ab", seconds: 2, tokens: 5, ending: .closed)])
        #expect(whole.text == "c")
        let statistics = whole.answer?.statistics
        #expect(statistics?.promptTokens == 10 && statistics?.reusedTokens == 4)
        #expect(statistics?.generatedTokens == 8 && statistics?.contextUsed == 18)
        #expect(statistics?.draftedTokens == 2 && statistics?.acceptedTokens == nil)

        let closed = taken(first, [.thoughtClosed(.wrappedUp), .text("c")]).message
        #expect(closed.thoughts == [Thought(text: "a", seconds: 1, tokens: 3, ending: .wrappedUp)])
        #expect(taken(first, [.finished(.cancelled, Statistics())]).message.endsInsideThought)

        let more = taken(whole, [.thought("d"), .text("e")]).message
        #expect(more.thoughts.map(\.text) == ["ab", "d"])
        #expect(more.text == "ce")
    }

    @Test("a thought is unasked when the plan says no, or where there is no plan the mode")
    func unasked() {
        var message = empty
        #expect(!message.hasUnaskedThoughts)
        message.thoughts = [Thought(text: "a")]
        #expect(message.hasUnaskedThoughts)
        message.answer?.thinkingPlan = ThinkingPlan(thinks: true, rule: "")
        #expect(!message.hasUnaskedThoughts)
        message.answer?.thinking = .on
        message.answer?.thinkingPlan?.thinks = false
        #expect(message.hasUnaskedThoughts)
    }
}
