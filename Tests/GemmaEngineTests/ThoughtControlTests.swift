import Conversation
import Foundation
import GemmaEngine
import Testing
import Tokenization

@Suite("Thoughts under control") struct ThoughtControlTests {
    private let question = [user("who wrote the license")]

    @Test("wrapping up closes the thought, and the answer follows", .timeLimit(.minutes(5)))
    func wrapUp() async throws {
        let golden = try GoldenEngine("e2b")
        let context = try await golden.engine.openContext()
        // A thought that never ends by itself.
        try await golden.write(thought: 30, closes: false)
        var answer = CollectedAnswer()
        for try await event in context.generate(request(question)) {
            answer.append(event)
            if case .thought = event, answer.thought.count < 20 { await context.wrapUp() }
            if case .text = event, answer.text.count < 20 { await context.stop() }
        }
        #expect(try answer.finish().reason == .cancelled)
        #expect(!answer.thought.isEmpty && !answer.text.isEmpty)
        #expect(answer.closings == [.wrappedUp])
        #expect(try !answer.finish().statistics.thoughtUnclosed)

        // What was asked for once does not hold for the next answer.
        try await golden.write(thought: 30, "done")
        let next = try await collect(context.generate(request(question)))
        #expect(next.closings == [.closed])
    }

    @Test("wrapping up outside of a thought changes nothing", .timeLimit(.minutes(5)))
    func wrapUpText() async throws {
        let golden = try GoldenEngine("moe")
        let context = try await golden.engine.openContext()
        await context.wrapUp()
        try await golden.write("you read the license of the text")
        let plain = try await collect(context.generate(request(question)))
        var answer = CollectedAnswer()
        for try await event in context.generate(request(question)) {
            answer.append(event)
            await context.wrapUp()
        }
        #expect(answer.text == plain.text)
        #expect(answer.closings.isEmpty)
    }

    @Test("the thought is closed by the very next token, whatever is drawn")
    func nextToken() throws {
        let golden = try GoldenEngine("e2b")
        let specials = golden.vocabulary.specials
        let open = try #require(specials[.channelOpen])
        let close = try #require(specials[.channelClose])
        let asked = request(question)
        var run = AnswerRun(
            request: asked,
            prompt: try golden.engine.prompt(for: asked),
            budget: nil,
            vocabulary: golden.vocabulary,
            seed: 1
        )
        var logits = [Float](repeating: 0, count: golden.vocabulary.count)
        func next() -> Int {
            unsafe logits.withUnsafeMutableBufferPointer { unsafe run.next($0, seconds: 0).id }
        }
        run.wrapUp()
        #expect(next() != close)
        for id in [open] + golden.encode("thought\nwe read") { _ = run.accept(id) }
        run.wrapUp()
        let id = next()
        #expect(id == close)
        #expect(run.accept(id) == [.thoughtClosed(.wrappedUp)])
        #expect(next() != close)
    }

    @Test("the first event says which rule applies and what is read again")
    func plan() async throws {
        let golden = try GoldenEngine("e2b", contextSize: 512)
        let context = try await golden.engine.openContext()
        var asked = request(question, thinking: .auto, maxTokens: 4)
        let tokens = try golden.engine.prompt(for: asked).ids.count
        let rule = "auto: short and plain, at most 256 tokens"
        var plan = AnswerPlan(
            thinking: ThinkingPlan(thinks: true, budget: 256, rule: rule),
            promptTokens: tokens,
            reusedTokens: 0,
            contextSize: 512
        )
        let first = try await collect(context.generate(asked))
        #expect(first.events.first == .started(plan))
        plan.reusedTokens = tokens
        #expect(try await collect(context.generate(asked)).events.first == .started(plan))

        asked.thinking = .off
        let off = try await collect(context.generate(asked))
        #expect(off.plan?.thinking == ThinkingPlan(thinks: false, rule: "switched off"))
    }

    @Test("a thought that comes although thinking is off stays labelled")
    func unasked() async throws {
        let golden = try GoldenEngine("e2b")
        try await golden.write(thought: 10, "done")
        let context = try await golden.engine.openContext()
        let answer = try await collect(context.generate(request(question, thinking: .off)))
        #expect(answer.plan?.thinking.thinks == false)
        #expect(answer.closings == [.closed])
        var empty = assistant("")
        empty.answer = AnswerRecord(
            model: "m",
            modelHash: "h",
            thinking: .auto,
            sampling: .gemma
        )
        var assembly = AnswerAssembly(empty)
        for event in answer.events { assembly.take(event, at: .now) }
        #expect(assembly.message.hasUnaskedThoughts)
    }

    @Test("a loop is noticed once in a thought and once in the text", arguments: [false, true])
    func loops(speculates: Bool) async throws {
        let golden = try GoldenEngine("e2b", speculation: speculates ? .always : .off)
        let context = try await golden.engine.openContext()
        // A thought of the same four words, closed by its budget, then text that never ends.
        try await golden.write(thought: 400, closes: false)
        var asked = request(question, maxTokens: 700)
        asked.thinkingBudget = 150
        let answer = try await collect(context.generate(asked))
        #expect(try answer.finish().reason == .length)
        let close = try #require(answer.events.firstIndex(of: .thoughtClosed(.budget)))
        func loops(_ events: ArraySlice<GenerationEvent>) -> [Repetition] {
            events.compactMap { if case .looping(let found) = $0 { found } else { nil } }
        }
        let period = golden.encode("the license of you the license of you ").count / 2
        let inThought = loops(answer.events[..<close])
        #expect(inThought.map(\.period) == [period])
        #expect(try #require(inThought.first).times >= 4)
        #expect(loops(answer.events[close...]).count == 1)
    }
}
