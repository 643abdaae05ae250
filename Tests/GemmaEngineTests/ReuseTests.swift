import Conversation
import GemmaEngine
import Testing
import Tokenization

@Suite("What the next turn reads again") struct ReuseTests {
    private static let answer = "nobody in particular"
    /// More tokens than a ring keeps beyond its window, so that going back needs a checkpoint.
    private static let long = String(repeating: "the license of you ", count: 150)

    @Test(
        "after a thought of 2,000 tokens: the answer and the new text, nothing else",
        arguments: GoldenEngine.topologies
    )
    func afterThought(name: String) async throws {
        let golden = try GoldenEngine(name)
        let context = try await golden.engine.openContext()
        let first = [user("who wrote the license")]
        let start = try golden.engine.prompt(for: request(first))
        try await golden.write(thought: 2000, Self.answer)
        let answer = try await collect(context.generate(request(first)))
        // The channel's name is written, and is no part of the thought.
        let named = golden.encode("thought\n").count
        #expect(try answer.finish().statistics.thoughtTokens == 2000 - named)
        #expect(answer.text == Self.answer)
        #expect(!answer.thought.isEmpty)

        await golden.leaveToSampler()
        let second = request(
            first + [assistant(answer.text, thought: answer.thought), user("and who reads it")],
            maxTokens: 24,
            alternatives: 1024
        )
        let prompt = try golden.engine.prompt(for: second)
        #expect(prompt.ids.starts(with: start.ids.prefix(start.turnStart)))
        let continued = try await collect(context.generate(second))
        let statistics = try continued.finish().statistics
        #expect(statistics.promptTokens == prompt.ids.count)
        #expect(
            statistics.promptTokens - statistics.reusedTokens
                == prompt.ids.count - start.turnStart
        )
        try await expectSame(continued, as: second, on: golden)
    }

    @Test("after a plain answer: only the new text", arguments: GoldenEngine.topologies)
    func afterAnswer(name: String) async throws {
        let golden = try GoldenEngine(name)
        let context = try await golden.engine.openContext()
        let first = [user("who wrote the license")]
        let start = try golden.engine.prompt(for: request(first))
        try await golden.write(Self.answer)
        let answer = try await collect(context.generate(request(first)))
        await golden.leaveToSampler()
        let second = request(
            first + [assistant(answer.text), user("and who reads it")],
            maxTokens: 24,
            alternatives: 1024
        )
        let continued = try await collect(context.generate(second))
        #expect(
            try continued.finish().statistics.reusedTokens
                == start.ids.count + golden.encode(Self.answer).count
        )
        try await expectSame(continued, as: second, on: golden)
    }

    @Test("after an edit: from where the conversation differs", arguments: GoldenEngine.topologies)
    func afterEdit(name: String) async throws {
        let golden = try GoldenEngine(name)
        let context = try await golden.engine.openContext()
        let history = [user("who wrote the license"), assistant(Self.answer)]
        try await golden.write(Self.answer)
        let before = request(history + [user("and who reads the text")])
        _ = try await collect(context.generate(before))
        await golden.leaveToSampler()
        let edited = request(
            history + [user("and who reads no text")],
            maxTokens: 24,
            alternatives: 1024
        )
        let old = try golden.engine.prompt(for: before).ids
        let new = try golden.engine.prompt(for: edited).ids
        let common = zip(old, new).prefix { $0 == $1 }.count
        #expect(common > 20 && common < new.count - 2)
        let answer = try await collect(context.generate(edited))
        #expect(try answer.finish().statistics.reusedTokens == common)
        try await expectSame(answer, as: edited, on: golden)
    }

    @Test(
        "after an edit further back than the rings reach: from the turn's start before it",
        arguments: GoldenEngine.topologies
    )
    func afterFarEdit(name: String) async throws {
        let golden = try GoldenEngine(name)
        let context = try await golden.engine.openContext()
        let first = [user("who wrote the license")]
        let start = try golden.engine.prompt(for: request(first))
        try await golden.write(Self.answer)
        _ = try await collect(context.generate(request(first)))
        try await golden.write(Self.long)
        _ = try await collect(
            context.generate(request(first + [assistant(Self.answer), user("and who reads it")]))
        )
        await golden.leaveToSampler()
        let edited = request(
            first + [assistant(Self.answer), user("and who needs it")],
            maxTokens: 24,
            alternatives: 1024
        )
        let answer = try await collect(context.generate(edited))
        #expect(try answer.finish().statistics.reusedTokens == start.turnStart)
        try await expectSame(answer, as: edited, on: golden)

        let other = request([user("you wrote the license")], maxTokens: 24, alternatives: 1024)
        try await expectSame(try await collect(context.generate(other)), as: other, on: golden)
    }

    @Test("a second answer to the same prompt reads nothing, however long the first was")
    func secondAnswer() async throws {
        let golden = try GoldenEngine("moe")
        let context = try await golden.engine.openContext()
        let asked = request([user("who wrote the license")], maxTokens: 24, alternatives: 1024)
        try await golden.write(Self.long)
        var uncut = asked
        uncut.maxTokens = nil
        _ = try await collect(context.generate(uncut))
        await golden.leaveToSampler()
        let again = try await collect(context.generate(asked))
        let statistics = try again.finish().statistics
        #expect(statistics.reusedTokens == statistics.promptTokens)
        #expect(again.reading.isEmpty)
        try await expectSame(again, as: asked, on: golden)
    }

    /// A fresh context must give the same tokens and, within the chunking's rounding, the same
    /// distribution at every place.
    private func expectSame(
        _ answer: CollectedAnswer,
        as request: GenerationRequest,
        on golden: GoldenEngine
    ) async throws {
        let fresh = try await collect(try await golden.engine.openContext().generate(request))
        #expect(try fresh.finish().statistics.reusedTokens == 0)
        #expect(answer.tokens.map(\.id) == fresh.tokens.map(\.id))
        #expect(!answer.tokens.isEmpty)
        let vocabularySize = golden.engine.host.prompts.tokenizer.vocabulary.count
        for (left, right) in zip(answer.tokens, fresh.tokens) {
            let expected = Dictionary(
                uniqueKeysWithValues: right.alternatives.map { ($0.id, $0.logprob) }
            )
            #expect(expected.count == vocabularySize)
            let largest = left.alternatives.map { entry in
                expected[entry.id].map { abs($0 - entry.logprob) } ?? .infinity
            }.max()
            #expect(try #require(largest) < 1e-4)
        }
    }
}
