import Conversation
import GemmaEngine
import Testing

@Suite("Stopping an answer") struct CancellationTests {
    /// Several batches of text.
    private static let page = String(repeating: "the license of you ", count: 300)

    @Test("while the prompt is read: what was read is kept", .timeLimit(.minutes(5)))
    func whileReading() async throws {
        let host = try GoldenEngine("e2b").engine.host
        let id = try await host.open()
        let asked = request([user(Self.page)], maxTokens: 4)
        let log = EventLog()
        try await Task {
            try await host.answerInTurn(asked, in: id) { event in
                log.append(event)
                if case .promptProgress = event {
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                }
            }
        }.value
        let stopped = log.answer()
        let end = try stopped.finish()
        #expect(end.reason == .cancelled)
        #expect(stopped.reading.map(\.read) == [256])
        #expect(end.statistics.contextUsed == 256)
        #expect(end.statistics.promptTokens > 800)

        let second = EventLog()
        try await host.answerInTurn(asked, in: id) { second.append($0) }
        #expect(try second.answer().finish().reason == .length)
        #expect(try second.answer().finish().statistics.reusedTokens == 256)
    }

    @Test("by stop(), at once and while it is written; a new one begins", .timeLimit(.minutes(5)))
    func byStop() async throws {
        let golden = try GoldenEngine("moe")
        let context = try await golden.engine.openContext()
        let asked = request([user("who wrote the license")])
        try await golden.write("a ", closes: false)

        let early = context.generate(asked)
        await context.stop()
        #expect(try await collect(early).finish().reason == .cancelled)

        var answer = CollectedAnswer()
        for try await event in context.generate(asked) {
            if case .text = event, answer.text.isEmpty { await context.stop() }
            answer.append(event)
        }
        #expect(try answer.finish().reason == .cancelled)
        #expect(answer.text.hasPrefix("a"))

        try await golden.write("done")
        let next = try await collect(context.generate(asked))
        #expect(next.text == "done")
        #expect(try next.finish().reason == .endOfTurn)
    }

    @Test("by leaving the stream: the actor is free for the next one", .timeLimit(.minutes(5)))
    func byLeaving() async throws {
        let golden = try GoldenEngine("dense")
        let context = try await golden.engine.openContext()
        let asked = request([user("who wrote the license")])
        try await golden.write("a ", closes: false)
        for try await event in context.generate(asked) {
            if case .text = event { break }
        }
        try await golden.write("done")
        let next = try await collect(context.generate(asked))
        #expect(next.text == "done")
        let end = try next.finish()
        #expect(end.reason == .endOfTurn)
        // The abandoned answer left no trace in what the new one was given.
        #expect(end.statistics.reusedTokens >= end.statistics.promptTokens - 1)
    }

    @Test("a second request waits for the first", .timeLimit(.minutes(5)))
    func inTurn() async throws {
        let golden = try GoldenEngine("e2b")
        let host = golden.engine.host
        let id = try await host.open()
        let asked = request([user("who wrote the license")], maxTokens: 40)
        try await golden.write("a ", closes: false)
        let log = EventLog()
        try await withThrowingTaskGroup { group in
            for number in 0..<3 {
                group.addTask {
                    try await host.answerInTurn(asked, in: id) { log.append($0, of: number) }
                }
            }
            try await group.waitForAll()
        }
        for number in 0..<3 { #expect(try log.answer(number).finish().reason == .length) }
        let order = log.order
        #expect(zip(order, order.dropFirst()).count { $0 != $1 } == 2)
    }

    @Test("a closed context says so", .timeLimit(.minutes(5)))
    func closed() async throws {
        let context = try await GoldenEngine("e2b").engine.openContext()
        await context.close()
        await #expect(throws: EngineError.closed) {
            _ = try await collect(context.generate(request([user("a")])))
        }
    }
}
