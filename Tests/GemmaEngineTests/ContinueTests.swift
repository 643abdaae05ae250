import Conversation
import Foundation
import GemmaEngine
import JSONValues
import Testing
import Tokenization

@Suite("Going on with an answer that was cut") struct ContinueTests {
    private let question = [user("who wrote the license")]

    private func empty() -> Message {
        var message = assistant("")
        message.parts = []
        message.answer = AnswerRecord(
            model: "m",
            modelHash: "h",
            thinking: .on,
            sampling: .gemma
        )
        return message
    }

    /// The message that an answer makes of another.
    private func message(_ answer: CollectedAnswer, after message: Message) -> Message {
        var assembly = AnswerAssembly(message)
        for event in answer.events { assembly.take(event, at: Date(timeIntervalSince1970: 0)) }
        return assembly.message
    }

    /// What an answer says, without its costs.
    private func words(_ message: Message) -> [String] {
        message.thoughts.map { "\($0.text)|\($0.ending.map(\.rawValue) ?? "")" } + [message.text]
    }

    /// Cuts an answer after each number of tokens and goes on with it; the whole must be the answer
    /// that was not cut.
    private func check(
        _ golden: GoldenEngine,
        _ asked: GenerationRequest,
        length: Int
    ) async throws {
        var uncut = asked
        uncut.maxTokens = length
        let whole = try await collect(try await golden.engine.openContext().generate(uncut))
        let expected = message(whole, after: empty())
        let count = try whole.finish().statistics.generatedTokens
        for stop in 0..<count {
            let context = try await golden.engine.openContext()
            var first = asked
            first.maxTokens = stop
            let begun = try await collect(context.generate(first))
            let partial = message(begun, after: empty())
            var more = asked
            more.messages.append(partial)
            more.continuesAnswer = true
            // Less than `stop` is held where a character was cut: then its tokens come again.
            let held = try begun.finish().statistics.contextUsed
            more.maxTokens = try length - (held - begun.finish().statistics.promptTokens)
            let rest = try await collect(context.generate(more))
            let plan = try #require(rest.plan)
            if partial.text.isEmpty, partial.thoughts.isEmpty {
                #expect(plan.reusedTokens <= held)
            } else {
                #expect(plan.promptTokens == held)
                #expect(plan.tokensToRead <= 1, "stopped after \(stop)")
            }
            let found = words(message(rest, after: partial))
            try #require(found == words(expected), "stopped after \(stop)")
            await context.close()
        }
    }

    @Test(
        "stopped at any token, the rest is as if nobody had stopped it",
        .timeLimit(.minutes(5)),
        arguments: GoldenEngine.topologies,
        [EngineOptions.Speculation.off, .always]
    )
    func everyToken(name: String, speculation: EngineOptions.Speculation) async throws {
        let golden = try GoldenEngine(name, speculation: speculation)
        try await check(golden, request(question), length: 48)
    }

    @Test("also within a thought, at its ends, and between the bytes of a character")
    func thoughts() async throws {
        let golden = try GoldenEngine("e2b")
        let specials = golden.vocabulary.specials
        let open = try #require(specials[.channelOpen])
        let close = try #require(specials[.channelClose])
        let family = "\u{1F469}\u{200D}\u{1F467} "
        let script =
            golden.encode("so ") + [open] + golden.encode("thought\n  the \(family)\n") + [close]
            + golden.encode("\n you \(family)read ") + [open]
            + golden.encode("thought\nmore") + [close] + golden.encode("the text\(family)")
            + [try #require(specials[.turnClose])]
        await golden.engine.host.setChooser { script[min($0, script.count - 1)] }
        // The family is written in byte tokens, else this would prove nothing.
        #expect(golden.encode(family).count > 8)
        try await check(golden, request(question), length: script.count + 5)
    }

    @Test("a thought goes on under the budget it began with")
    func budget() async throws {
        let golden = try GoldenEngine("e2b")
        try await golden.write(thought: 80, closes: false)
        var asked = request(question, maxTokens: 15)
        asked.thinkingBudget = 20
        let context = try await golden.engine.openContext()
        let partial = message(try await collect(context.generate(asked)), after: empty())
        #expect(partial.endsInsideThought && partial.canBeContinued)
        asked.messages.append(partial)
        asked.continuesAnswer = true
        let rest = try await collect(context.generate(asked))
        #expect(rest.closings == [.budget])
        let whole = message(rest, after: partial)
        #expect(whole.thoughts.count == 1)
        #expect(whole.answer?.statistics?.thoughtTokens == 20)
        #expect(whole.answer?.statistics?.generatedTokens == 30)
    }

    @Test("penalties count what was written before")
    func penalties() async throws {
        let golden = try GoldenEngine("dense")
        var asked = request(question)
        asked.sampling.frequencyPenalty = 0.3
        asked.sampling.repetitionPenalty = 1.2
        try await check(golden, asked, length: 30)
    }

    @Test("another context reads the question and the answer, and goes on with its text")
    func freshContext() async throws {
        let golden = try GoldenEngine("moe")
        let specials = golden.vocabulary.specials
        let channel = try #require(specials[.channelOpen])
        func ids(_ thought: Thought?, _ text: String) throws -> [Int] {
            var partial = empty()
            if !text.isEmpty { partial.parts = [.text(text)] }
            if let thought { partial.thoughts = [thought] }
            var asked = request(question)
            let begun = try golden.engine.prompt(for: asked).ids
            asked.messages.append(partial)
            asked.continuesAnswer = true
            let prompt = try golden.engine.prompt(for: asked)
            #expect(prompt.ids.starts(with: begun))
            #expect(prompt.ids.count == begun.count + prompt.continued.count)
            return prompt.continued
        }
        let close = try #require(specials[.channelClose])
        #expect(try ids(nil, " you read ") == golden.encode(" you read "))
        #expect(try ids(nil, "") == [])
        #expect(
            try ids(Thought(text: "the", ending: .closed), "you")
                == [channel] + golden.encode("thought\nthe\n") + [close] + golden.encode("you")
        )
        #expect(
            try ids(Thought(text: "the", ending: .cut), "")
                == [channel] + golden.encode("thought\nthe")
        )
        // The thought came after the text.
        #expect(
            try ids(Thought(text: "the", ending: .cut), "you")
                == golden.encode("you") + [channel] + golden.encode("thought\nthe")
        )
    }

    @Test("what is no answer, or waits for a tool, is refused in a sentence")
    func refused() async throws {
        let context = try await GoldenEngine("e2b").engine.openContext()
        var asked = request(question)
        asked.continuesAnswer = true
        await #expect(throws: EngineError.unsupported("There is no answer to go on with.")) {
            _ = try await collect(context.generate(asked))
        }
        var calling = assistant("")
        calling.toolCalls = [ToolCall(id: "c", name: "f", arguments: [:])]
        asked.messages.append(calling)
        await #expect(
            throws: EngineError.unsupported("An answer that called a tool cannot be gone on with.")
        ) { _ = try await collect(context.generate(asked)) }
    }
}
