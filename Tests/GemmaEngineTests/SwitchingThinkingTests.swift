import Conversation
import GemmaEngine
import Testing
import Tokenization

@Suite("Switching thinking within a conversation") struct SwitchingThinkingTests {
    private static let long = String(repeating: "the license of you ", count: 40)
    private static let emptyThought = "<|turn>model\n<|channel>thought\n<channel|>"

    /// A conversation whose first answer was made in this mode, and the messages for a second one.
    private func begun(
        _ golden: GoldenEngine,
        _ thinking: ThinkingMode
    ) async throws -> (any InspectableContext, [Message]) {
        let context = try #require(try await golden.engine.openContext() as? any InspectableContext)
        let first = [user(Self.long)]
        try await golden.write("done")
        let answer = try await collect(context.generate(request(first, thinking: thinking)))
        #expect(answer.text == "done")
        return (context, first + [assistant(answer.text), user("and who reads it")])
    }

    @Test(
        "off on a large model: the thought is opened and closed at once, nothing is read again",
        arguments: ["moe", "dense"]
    )
    func offLarge(name: String) async throws {
        let golden = try GoldenEngine(name)
        let (context, messages) = try await begun(golden, .on)
        let off = request(messages, thinking: .off, maxTokens: 20, alternatives: 0)
        let report = try await context.prompt(for: off)
        #expect(report.text.hasPrefix("<bos><|turn>system\n<|think|>\n<turn|>\n"))
        #expect(report.text.hasSuffix(Self.emptyThought))
        #expect(report.pieces.count - report.reusedTokens < 40)
        #expect(!report.thinking.thinks)

        await golden.leaveToSampler()
        let answer = try await collect(context.generate(off))
        let plan = try #require(answer.plan)
        #expect(plan.thinking.thinks == false)
        #expect(plan.tokensToRead == report.pieces.count - report.reusedTokens)
        #expect(try answer.finish().statistics.thoughtTokens == 0)
        // The model saw just this prompt: its first choice follows from it.
        let next = try await golden.engine.logprobs(of: report.pieces.map(\.id), top: 300).next
        let banned = Set(golden.vocabulary.neverSampled)
        #expect(answer.tokens.first?.id == next.first { !banned.contains($0.id) }?.id)

        // And on again: the system turn never changed.
        let on = request(messages + [assistant("a"), user("b")], thinking: .on)
        let again = try await context.prompt(for: on)
        #expect(again.text.hasPrefix("<bos><|turn>system\n<|think|>\n<turn|>\n"))
        #expect(again.text.hasSuffix("<|turn>model\n"))
        #expect(again.reusedTokens > Self.long.count / 8)
    }

    @Test("off on a small model: the switch leaves the system turn, and all is read again")
    func offSmall() async throws {
        let golden = try GoldenEngine("e2b")
        let (context, messages) = try await begun(golden, .on)
        let report = try await context.prompt(for: request(messages, thinking: .off))
        #expect(!report.text.contains("<|think|>"))
        #expect(report.text.hasSuffix("<|turn>model\n"))
        #expect(report.reusedTokens < 5)
    }

    @Test("on after off: all is read again; off from the beginning has no switch")
    func onAfterOff() async throws {
        let golden = try GoldenEngine("dense")
        let (context, messages) = try await begun(golden, .off)
        let off = try await context.prompt(for: request(messages, thinking: .off))
        #expect(!off.text.contains("<|think|>"))
        #expect(off.text.hasSuffix(Self.emptyThought))
        #expect(off.reusedTokens > Self.long.count / 8)
        let on = try await context.prompt(for: request(messages, thinking: .on))
        #expect(on.text.hasPrefix("<bos><|turn>system\n<|think|>"))
        #expect(on.reusedTokens < 5)
    }
}
