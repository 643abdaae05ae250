import Conversation
import GemmaEngine
import Testing

@Suite("What an answer would cost") struct CostTests {
    private let question = [user("who wrote the license")]
    private static let long = String(repeating: "the license of you ", count: 150)

    /// Asks for the cost, then for an answer, whose plan must say the same.
    private func check(
        _ context: any EngineContext,
        _ request: GenerationRequest
    ) async throws -> PromptCost {
        let cost = try await context.cost(of: request)
        let again = try await context.cost(of: request)
        #expect(cost == again)
        let answer = try await collect(context.generate(request))
        let plan = try #require(answer.plan)
        #expect(cost.promptTokens == plan.promptTokens)
        #expect(cost.reusedTokens == plan.reusedTokens)
        let used = try answer.finish().statistics.contextUsed
        #expect(await context.usage() == ContextUsage(used: used, size: cost.contextSize))
        return cost
    }

    @Test(
        "the tokens to read are those that the answer then reads",
        arguments: GoldenEngine.topologies
    )
    func tokens(name: String) async throws {
        let golden = try GoldenEngine(name)
        let context = try await golden.engine.openContext()
        #expect(await context.usage().used == 0)
        try await golden.write(Self.long)
        let first = try await check(context, request(question))
        #expect(first.reusedTokens == 0 && first.seconds == nil)
        // After a long answer: from its beginning, at the checkpoint; then within the rings' slack.
        let next = question + [assistant("nobody"), user("and who reads it")]
        let second = try await check(context, request(next, maxTokens: 4))
        #expect(second.reusedTokens > 0 && second.tokensToRead < second.promptTokens)
        let third = try await check(context, request(next, maxTokens: 4))
        #expect(third.tokensToRead == 0)
        // Another beginning: everything.
        let other = try await check(context, request([user("you there")], maxTokens: 4))
        #expect(other.reusedTokens < 10)
    }

    @Test("after a prompt that was long enough, seconds are known")
    func seconds() async throws {
        let golden = try GoldenEngine("dense")
        let context = try await golden.engine.openContext()
        _ = try await collect(context.generate(request([user(Self.long)], maxTokens: 1)))
        let cost = try await context.cost(of: request([user("b " + Self.long)]))
        #expect(cost.tokensToRead > 300)
        #expect(try #require(cost.seconds) > 0)
    }

    @Test("switching thinking on in a conversation that began without reads it all again")
    func switchingOn() async throws {
        let golden = try GoldenEngine("moe")
        let context = try await golden.engine.openContext()
        let asked = request([user(Self.long)], thinking: .off, maxTokens: 4)
        let answer = try await collect(context.generate(asked))
        let next = asked.messages + [assistant(answer.text), user("and who reads it")]
        let off = try await context.cost(of: request(next, thinking: .off))
        let on = try await context.cost(of: request(next, thinking: .on))
        #expect(off.tokensToRead < 60)
        #expect(on.tokensToRead > on.promptTokens - 5)
        #expect(on.seconds != nil)
    }

    @Test("a prompt beyond the context is counted, not refused, and turns are left out for it")
    func shortening() async throws {
        let golden = try GoldenEngine("e2b", contextSize: 256)
        let context = try await golden.engine.openContext()
        var messages: [Message] = []
        for turn in 0..<12 {
            var question = user("who wrote the license of the text \(turn)")
            question.id = "u\(turn)"
            messages += [question, assistant("nobody in particular")]
        }
        messages.append(user("and who reads it"))
        let whole = request(messages, maxTokens: 4)
        let cost = try await context.cost(of: whole)
        #expect(cost.promptTokens > 256 && cost.usage.isNearlyFull)
        let shortened = try await ContextFit.withoutOldestTurns(whole, target: 128) {
            (request: GenerationRequest) async throws(EngineError) in
            try await context.cost(of: request).promptTokens
        }
        let found = try #require(shortened)
        #expect(found.tokens <= 128 && found.tokens > 80)
        var rest = whole
        rest.messages = found.kept
        let answer = try await collect(context.generate(rest))
        #expect(try answer.finish().statistics.promptTokens == found.tokens)
    }

    @Test("a closed context costs nothing and says so")
    func closed() async throws {
        let context = try await GoldenEngine("e2b").engine.openContext()
        await context.close()
        await #expect(throws: EngineError.closed) {
            _ = try await context.cost(of: request(question))
        }
        #expect(await context.usage().used == 0)
    }
}
