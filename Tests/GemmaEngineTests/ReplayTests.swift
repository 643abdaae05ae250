import Conversation
import Gemma
import GemmaEngine
import Testing
import Tokenization

@Suite("Making an answer again from its record") struct ReplayTests {
    private static let forms: [(Precision, KVFormat?)] = [
        (.exact, nil), (.fast, nil), (.fast, .q8),
    ]
    private let question = [user("who wrote the license of the text you read")]

    private func trace(_ answer: CollectedAnswer) throws -> AnswerTrace {
        let traces = answer.events.compactMap {
            if case .trace(let trace) = $0 { trace } else { nil }
        }
        #expect(traces.count == 1)
        return try #require(traces.first)
    }

    private func open(
        _ name: String,
        _ form: (Precision, KVFormat?) = (.fast, nil),
        threads: Int = 2
    ) throws -> GoldenEngine {
        try GoldenEngine(name, precision: form.0, kvFormat: form.1, threads: threads)
    }

    @Test(
        "several turns, drawn with a temperature: every answer is the same",
        arguments: forms.indices
    )
    func turns(form: Int) async throws {
        for name in GoldenEngine.topologies {
            let golden = try open(name, Self.forms[form])
            let context = try await golden.engine.openContext()
            var messages = question
            var traces: [AnswerTrace] = []
            for turn in 0..<3 {
                let asked = request(
                    messages,
                    temperature: 1,
                    seed: UInt64(turn),
                    maxTokens: 40,
                    alternatives: turn
                )
                let answer = try await collect(context.generate(asked))
                traces.append(try trace(answer))
                messages += [assistant(answer.text), user("and who reads \(turn)")]
            }
            // One thread, and a cache that never held anything else.
            let other = try open(name, Self.forms[form], threads: 1)
            for trace in traces {
                let report = try await other.engine.replay(trace)
                #expect(report.difference == nil)
                #expect((report.same, report.recorded) == (trace.ids.count, trace.ids.count))
                #expect(!trace.ids.isEmpty && trace.reason != nil)
            }
            // Read in passes of many rows and of few.
            #expect(traces[2].forms.count > 1)
            #expect(traces[2].details.count == traces[2].ids.count)
            #expect(traces[2].details.first?.alternatives.count == 2)
        }
    }

    @Test("a thought is closed where its budget was spent, and where it was wrapped up")
    func closedThoughts() async throws {
        let golden = try open("e2b")
        // Written by the test, the end apart.
        try await golden.write(thought: 200, closes: false)
        var asked = request(question, temperature: 1, maxTokens: 30)
        asked.thinkingBudget = 12
        let context = try await golden.engine.openContext()
        let spent = try await collect(context.generate(asked))
        #expect(spent.closings.first == .budget)

        asked.thinkingBudget = nil
        asked.maxTokens = 120
        var wrapped = CollectedAnswer()
        for try await event in context.generate(asked) {
            wrapped.append(event)
            if case .thought = event { await context.wrapUp() }
        }
        #expect(wrapped.closings.first == .wrappedUp)
        for answer in [spent, wrapped] {
            let trace = try trace(answer)
            #expect(try await golden.engine.replay(trace).difference == nil)
        }
        var other = try trace(spent)
        other.budget = 11
        #expect(try await golden.engine.replay(other).difference != nil)
        other = try trace(wrapped)
        other.wrapUps = []
        #expect(try await golden.engine.replay(other).difference != nil)
    }

    @Test("a budget of nothing leaves the empty thought that the models know, and counts nothing")
    func emptyThought() async throws {
        let golden = try open("e2b")
        try await golden.write(thought: 50, closes: false)
        var asked = request(question, maxTokens: 20)
        asked.thinkingBudget = 0
        let context = try await golden.engine.openContext()
        let answer = try await collect(context.generate(asked))
        let ids = try trace(answer).ids
        let specials = golden.vocabulary.specials
        let close = try #require(ids.firstIndex { $0 == specials[.channelClose] })
        #expect(ids.first == specials[.channelOpen])
        let name = ids[1..<close].flatMap { golden.vocabulary.textBytes(of: $0) }
        #expect(String(decoding: name, as: UTF8.self) == "thought\n")
        #expect(try answer.finish().statistics.thoughtTokens == 0)
    }

    @Test("an answer that was cut and gone on with is two records, both the same")
    func continued() async throws {
        let golden = try open("moe")
        let context = try await golden.engine.openContext()
        let begun = try await collect(
            context.generate(request(question, temperature: 1, maxTokens: 9))
        )
        var cut = assistant(begun.text, thought: begun.thought)
        cut.answer = AnswerRecord(model: "m", modelHash: "h", thinking: .on, sampling: .gemma)
        var asked = request(question + [cut], temperature: 1, seed: 3, maxTokens: 9)
        asked.continuesAnswer = true
        let rest = try await collect(context.generate(asked))
        for answer in [begun, rest] {
            let trace = try trace(answer)
            #expect(try await golden.engine.replay(trace).difference == nil)
        }
        #expect(try trace(rest).continued > 0)
    }

    @Test("another token at any place is found there, with the probabilities of both")
    func doctored() async throws {
        let golden = try open("dense")
        let context = try await golden.engine.openContext()
        let answer = try await collect(
            context.generate(request(question, temperature: 1, maxTokens: 40))
        )
        let trace = try trace(answer)
        let vocabularySize = golden.vocabulary.count
        for place in trace.ids.indices {
            var doctored = trace
            doctored.ids[place] = (trace.ids[place] + 1) % vocabularySize
            let report = try await golden.engine.replay(doctored)
            let difference = try #require(report.difference)
            #expect(report.same == place && difference.place == place)
            #expect(difference.recorded?.id == doctored.ids[place])
            #expect(difference.made?.id == trace.ids[place])
            let probability = try #require(difference.made?.probability)
            #expect(probability > 0 && probability <= 1)
        }
    }

    @Test("an answer that was stopped is compared up to where it was")
    func stopped() async throws {
        let golden = try open("e2b")
        let context = try await golden.engine.openContext()
        let asked = request(question, temperature: 1, maxTokens: 40)
        var trace = try trace(try await collect(context.generate(asked)))
        trace.ids.removeLast(trace.ids.count / 2)
        trace.reason = .cancelled
        let report = try await golden.engine.replay(trace)
        #expect(report.difference == nil)
        #expect((report.same, report.recorded) == (trace.ids.count, trace.ids.count))
    }

    @Test("a record of another model, or one that cannot be, is refused in a sentence")
    func refused() async throws {
        let golden = try open("e2b")
        let context = try await golden.engine.openContext()
        let trace = try trace(
            try await collect(context.generate(request(question, maxTokens: 4)))
        )
        func expectRefused(_ change: (inout AnswerTrace) -> Void) async {
            var changed = trace
            change(&changed)
            await #expect(throws: EngineError.self) { try await golden.engine.replay(changed) }
        }
        await expectRefused { $0.machine.modelHash = "another" }
        await expectRefused { $0.prompt = [] }
        await expectRefused { $0.prompt[0] = 1 << 40 }
        await expectRefused { $0.ids[0] = -1 }
        await expectRefused { $0.continued = $0.prompt.count + 1 }
        // What only says how passes were cut is made up where it is missing.
        var unknown = trace
        unknown.forms = [1, 2, .max]
        #expect(try await golden.engine.replay(unknown).recorded == 4)
    }
}
