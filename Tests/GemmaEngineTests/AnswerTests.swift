import Conversation
import GemmaEngine
import Testing
import Tokenization

@Suite("Answers") struct AnswerTests {
    private let question = [user("who wrote the license")]

    @Test(
        "two conversations at once take turns, and each says what it says alone",
        .timeLimit(.minutes(5)),
        arguments: GoldenEngine.topologies
    )
    func sideBySide(name: String) async throws {
        let golden = try GoldenEngine(name)
        let host = golden.engine.host
        let asked = [
            request(question, temperature: 1, seed: 1, maxTokens: 200, alternatives: 1),
            request(
                [user("you read the text")],
                temperature: 1,
                seed: 2,
                maxTokens: 200,
                alternatives: 1
            ),
        ]
        var alone: [CollectedAnswer] = []
        for entry in asked {
            alone.append(try await collect(try await golden.engine.openContext().generate(entry)))
        }
        let log = EventLog()
        let contexts = [try await host.open(), try await host.open()]
        try await withThrowingTaskGroup { group in
            for (number, entry) in asked.enumerated() {
                group.addTask {
                    try await host.answerInTurn(entry, in: contexts[number]) {
                        log.append($0, of: number)
                    }
                }
            }
            try await group.waitForAll()
        }
        for number in asked.indices {
            let together = log.answer(number)
            #expect(together.text == alone[number].text)
            #expect(together.tokens.map(\.id) == alone[number].tokens.map(\.id))
            _ = try together.finish()
        }
        let order = log.order
        #expect(zip(order, order.dropFirst()).count { $0 != $1 } >= 2)
    }

    @Test("the same seed gives the same answer, another seed another one")
    func seeds() async throws {
        let golden = try GoldenEngine("moe")
        let first = try await ids(golden, request(question, temperature: 1, seed: 3))
        #expect(try await ids(golden, request(question, temperature: 1, seed: 3)) == first)
        #expect(try await ids(golden, request(question, temperature: 1, seed: 4)) != first)
    }

    @Test("temperature 0 is the same whatever the seed")
    func greedy() async throws {
        let golden = try GoldenEngine("dense")
        let first = try await ids(golden, request(question, seed: 3))
        #expect(try await ids(golden, request(question, seed: 4)) == first)
    }

    @Test("any number of threads gives the same answer", arguments: GoldenEngine.topologies)
    func threads(name: String) async throws {
        let asked = request(question, temperature: 1, seed: 5)
        let one = try await ids(GoldenEngine(name, threads: 1), asked)
        #expect(!one.isEmpty)
        for threads in [2, 5] {
            #expect(try await ids(GoldenEngine(name, threads: threads), asked) == one)
        }
    }

    @Test("a drawn seed is named, and gives the answer again")
    func drawnSeed() async throws {
        let golden = try GoldenEngine("e2b")
        var asked = request(question, temperature: 1, maxTokens: 60)
        asked.sampling.seed = nil
        let first = try await collect(try await golden.engine.openContext().generate(asked))
        asked.sampling.seed = try first.finish().statistics.seed
        let second = try await collect(try await golden.engine.openContext().generate(asked))
        #expect(first.text == second.text)
    }

    @Test("a spent budget closes the thought, and the answer goes on")
    func budget() async throws {
        let golden = try GoldenEngine("e2b")
        let context = try await golden.engine.openContext()
        try await golden.write(thought: 50, closes: false)
        var asked = request(question, maxTokens: 60)
        asked.thinkingBudget = 20
        let answer = try await collect(context.generate(asked))
        let statistics = try answer.finish().statistics
        #expect(statistics.thoughtTokens == 20)
        #expect(!statistics.thoughtUnclosed)
        #expect(statistics.generatedTokens == 60)
        let close = try #require(answer.events.firstIndex(of: .thoughtClosed(.budget)))
        #expect(answer.events[..<close].allSatisfy { if case .text = $0 { false } else { true } })
        #expect(!answer.text.isEmpty)
    }

    @Test("an answer cut inside its thought says so")
    func unclosed() async throws {
        let golden = try GoldenEngine("e2b")
        try await golden.write(thought: 50, closes: false)
        let context = try await golden.engine.openContext()
        let answer = try await collect(context.generate(request(question, maxTokens: 30)))
        let end = try answer.finish()
        #expect(end.reason == .length)
        #expect(end.statistics.thoughtUnclosed)
        #expect(end.statistics.generatedTokens == 30)
        #expect(answer.text.isEmpty)
    }

    @Test("a full context ends the answer, and a prompt beyond it is refused with numbers")
    func fullContext() async throws {
        let golden = try GoldenEngine("moe", contextSize: 64)
        let context = try await golden.engine.openContext()
        try await golden.write("a ", closes: false)
        let answer = try await collect(context.generate(request(question)))
        let end = try answer.finish()
        #expect(end.reason == .contextFull)
        #expect(end.statistics.contextUsed == 64)
        #expect(end.statistics.promptTokens + end.statistics.generatedTokens == 64)

        let page = request([user(String(repeating: "the license of you ", count: 30))])
        let tokens = try golden.engine.prompt(for: page).ids.count
        let error = EngineError.promptTooLong(tokens: tokens, contextSize: 64)
        await #expect(throws: error) { _ = try await collect(context.generate(page)) }
        #expect(
            error.userMessage
                == "The conversation needs \(tokens) tokens but the context holds 64. "
                + "Shorten it (in the interface /compact leaves turns out), start a new session, "
                + "or open the model with a larger --context."
        )
        // A refused request leaves the conversation as it was.
        let again = try await collect(context.generate(request(question)))
        #expect(try again.finish().statistics.reusedTokens > 0)
    }

    @Test("tokens are counted once for the penalties, whether drawn or put in")
    func penalties() throws {
        let golden = try GoldenEngine("e2b")
        let vocabulary = golden.engine.host.prompts.tokenizer.vocabulary
        var asked = request(question)
        asked.sampling.frequencyPenalty = 1
        let prompt = try golden.engine.prompt(for: asked)
        let (first, second) = (golden.encode("a")[0], golden.encode("b")[0])
        var run = AnswerRun(
            request: asked,
            prompt: prompt,
            budget: nil,
            vocabulary: vocabulary,
            seed: 1
        )
        var chosen: [Int] = []
        for _ in 0..<4 {
            var logits = [Float](repeating: -9, count: vocabulary.count)
            logits[first] = 3
            logits[second] = 1.5
            let id = unsafe logits.withUnsafeMutableBufferPointer {
                unsafe run.next($0, seconds: 0).id
            }
            _ = run.accept(id)
            chosen.append(id)
        }
        // 3, then 2, then 1 against 1.5, then 1 against 0.5.
        #expect(chosen == [first, first, second, first])
    }

    private func ids(_ golden: GoldenEngine, _ request: GenerationRequest) async throws -> [Int] {
        var asked = request
        asked.maxTokens = 60
        asked.tokenAlternatives = 1
        return try await collect(try await golden.engine.openContext().generate(asked))
            .tokens.map(\.id)
    }
}
