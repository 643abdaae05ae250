import Conversation
import Decoding
import Foundation
import Gemma
import GemmaEngine
import Testing
import Tokenization

/// What an answer says, without what it took: equal with and without guessing.
private func essence(_ answer: CollectedAnswer) -> [GenerationEvent] {
    answer.events.map { event in
        switch event {
        case .token(var detail):
            detail.seconds = 0
            return .token(detail)
        case .trace(var trace):
            for place in trace.details.indices { trace.details[place].seconds = 0 }
            return .trace(trace)
        case .promptProgress(var progress):
            progress.secondsLeft = nil
            return .promptProgress(progress)
        case .finished(let reason, var statistics):
            statistics.promptSeconds = 0
            statistics.generationSeconds = 0
            statistics.draftedTokens = nil
            statistics.acceptedTokens = nil
            return .finished(reason, statistics)
        default: return event
        }
    }
}

@Suite("Guessing ahead changes no answer") struct SpeculationTests {
    private let question = [user("who wrote the license of the text you read")]

    /// One model twice, without and with as many guesses as there are.
    private func pair(
        _ name: String,
        precision: Precision = .exact,
        kvFormat: KVFormat? = nil,
        contextSize: Int? = 1024
    ) throws -> (plain: GoldenEngine, guessing: GoldenEngine) {
        func open(_ speculation: EngineOptions.Speculation) throws -> GoldenEngine {
            try GoldenEngine(
                name,
                precision: precision,
                kvFormat: kvFormat,
                contextSize: contextSize,
                speculation: speculation
            )
        }
        return (try open(.off), try open(.always))
    }

    private func answer(
        _ golden: GoldenEngine,
        _ request: GenerationRequest
    ) async throws -> CollectedAnswer {
        try await collect(try await golden.engine.openContext().generate(request))
    }

    private func count(_ answer: CollectedAnswer) throws -> (drafted: Int, accepted: Int) {
        let statistics = try answer.finish().statistics
        return (
            try #require(statistics.draftedTokens), try #require(statistics.acceptedTokens)
        )
    }

    /// Asks both and gives the second answer, which must be the first.
    @discardableResult
    private func same(
        _ plain: GoldenEngine,
        _ guessing: GoldenEngine,
        _ request: GenerationRequest
    ) async throws -> CollectedAnswer {
        let expected = try await answer(plain, request)
        let found = try await answer(guessing, request)
        #expect(essence(found) == essence(expected))
        #expect(try expected.finish().statistics.draftedTokens == nil)
        return found
    }

    @Test(
        "the most probable tokens",
        arguments: GoldenEngine.topologies,
        Precision.allCases
    )
    func greedy(name: String, precision: Precision) async throws {
        let (plain, guessing) = try pair(name, precision: precision)
        let asked = request(question, maxTokens: 400, alternatives: 2)
        let (drafted, accepted) = try count(try await same(plain, guessing, asked))
        // Random weights repeat themselves when nothing is drawn.
        #expect(accepted > 20)
        #expect(drafted >= accepted)
    }

    @Test(
        "past the rings' ends, where guesses overwrite what was held",
        arguments: GoldenEngine.topologies,
        KVFormat.allCases
    )
    func rings(name: String, format: KVFormat) async throws {
        let (plain, guessing) = try pair(name, kvFormat: format)
        let text = plain.encode(String(repeating: "the license of you read ", count: 200))
        let prompt = try plain.engine.prompt(for: request(question)).ids.count
        for golden in [plain, guessing] { await golden.engine.host.setChooser { text[$0] } }
        // Right for some tokens, then wrong: passes go back by any number of positions.
        await guessing.engine.host.setDrafter(
            GuessingDrafter { place in
                guard text.indices.contains(place - prompt) else { return nil }
                return place % 19 == 0 || place % 8 == 3 ? 5 : text[place - prompt]
            }
        )
        let asked = request(question, maxTokens: 700, alternatives: 2)
        let found = try await same(plain, guessing, asked)
        #expect(try found.finish().statistics.generatedTokens == 700)
        #expect(try count(found).accepted > 350)
    }

    @Test("tokens drawn, for several seeds and filters", arguments: GoldenEngine.topologies)
    func sampled(name: String) async throws {
        let (plain, guessing) = try pair(name)
        var accepted = 0
        for seed in 1...6 {
            var asked = request(
                question,
                temperature: [1, 0.4][seed % 2],
                seed: UInt64(seed),
                maxTokens: 120,
                alternatives: 1
            )
            if seed > 3 { (asked.sampling.topK, asked.sampling.topP) = (0, 1) }
            accepted += try count(try await same(plain, guessing, asked)).accepted
        }
        #expect(accepted > 0)
    }

    @Test("with penalties, which every token changes")
    func penalties() async throws {
        let (plain, guessing) = try pair("dense")
        for temperature in [0, 0.5] {
            var asked = request(
                question,
                temperature: temperature,
                maxTokens: 150,
                alternatives: 1
            )
            asked.sampling.repetitionPenalty = 1.1
            asked.sampling.presencePenalty = 0.2
            asked.sampling.frequencyPenalty = 0.1
            #expect(try count(try await same(plain, guessing, asked)).drafted > 0)
        }
    }

    @Test("cut anywhere, also within guesses that would have come true")
    func cut() async throws {
        let (plain, guessing) = try pair("e2b")
        for maxTokens in [0, 1, 2] + Array(100...118) {
            try await same(
                plain,
                guessing,
                request(question, maxTokens: maxTokens, alternatives: 1)
            )
        }
    }

    @Test("up to a full context", arguments: 61...68)
    func fullContext(contextSize: Int) async throws {
        let (plain, guessing) = try pair("moe", contextSize: contextSize)
        let found = try await same(plain, guessing, request(question))
        #expect(try found.finish().statistics.contextUsed == contextSize)
    }

    @Test("stopped after any token: what is kept is the same, and so is what follows")
    func stopped() async throws {
        let (plain, guessing) = try pair("dense")
        for stop in [1, 30, 61, 62, 63, 75] {
            var essences: [[GenerationEvent]] = []
            for golden in [plain, guessing] {
                let host = golden.engine.host
                let id = try await host.open()
                let log = EventLog()
                let asked = request(question, maxTokens: 90, alternatives: 1)
                try await Task {
                    try await host.answerInTurn(asked, in: id) { event in
                        log.append(event)
                        if log.answer().tokens.count == stop {
                            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                        }
                    }
                }.value
                let stopped = log.answer()
                #expect(try stopped.finish().reason == .cancelled)
                let more = EventLog()
                let next = request(
                    question + [assistant(stopped.text), user("and then")],
                    maxTokens: 40,
                    alternatives: 1
                )
                try await host.answerInTurn(next, in: id) { more.append($0) }
                let again = EventLog()
                try await host.answerInTurn(asked, in: id) { again.append($0) }
                essences.append(
                    essence(stopped) + essence(more.answer()) + essence(again.answer())
                )
            }
            #expect(essences[0] == essences[1])
        }
    }

    @Test("a thought whose budget is spent within guesses")
    func budget() async throws {
        let (plain, guessing) = try pair("e2b")
        for golden in [plain, guessing] { try await golden.write(thought: 90, closes: false) }
        for budget in [20, 41, 42, 43, 44, 45, 46, 47] {
            var asked = request(question, maxTokens: 100, alternatives: 1)
            asked.thinkingBudget = budget
            let found = try await same(plain, guessing, asked)
            #expect(try found.finish().statistics.thoughtTokens == budget)
            #expect(try count(found).accepted > 0)
        }
    }

    @Test("a turn that ends, and a call that is made, within guesses")
    func ends() async throws {
        let (plain, guessing) = try pair("moe")
        let vocabulary = plain.vocabulary
        func special(_ token: SpecialToken) throws -> Int {
            try #require(vocabulary.specials[token])
        }
        let words = plain.encode("you read the license of the text")
        let call =
            [try special(.toolCallOpen)] + plain.encode("call:f{n:1}")
            + [try special(.toolCallClose)]
        let scripts = [
            words + [try special(.turnClose)] + words,
            words + call + call + [try special(.toolResponseOpen)] + words,
        ]
        for script in scripts {
            let prompt = try plain.engine.prompt(for: request(question)).ids
            await guessing.engine.host.setDrafter(
                GuessingDrafter { place in
                    let place = place - prompt.count
                    return script.indices.contains(place) ? script[place] : nil
                }
            )
            for golden in [plain, guessing] {
                await golden.engine.host.setChooser { script[min($0, script.count - 1)] }
            }
            let found = try await same(plain, guessing, request(question, alternatives: 1))
            let end = try found.finish()
            #expect(end.reason == (script == scripts[0] ? .endOfTurn : .toolCall))
            // Two passes: the first token's, and one over all guesses.
            #expect(try count(found).accepted > min(10, end.statistics.generatedTokens - 3))
        }
    }

    @Test(
        "right guesses, wrong ones, both by turns, and ids that are none",
        arguments: GoldenEngine.topologies
    )
    func guesses(name: String) async throws {
        let (plain, guessing) = try pair(name)
        let size = plain.vocabulary.count
        var accepted = [0, 0, 0, 0]
        var written = 0
        for seed in 1...8 {
            let asked = request(
                question,
                temperature: 1,
                seed: UInt64(seed),
                maxTokens: 60,
                alternatives: 1
            )
            let expected = try await answer(plain, asked)
            let ids = try plain.engine.prompt(for: asked).ids + expected.tokens.map(\.id)
            @Sendable func right(_ place: Int) -> Int? {
                ids.indices.contains(place) ? ids[place] : nil
            }
            @Sendable func wrong(_ place: Int) -> Int? { right(place).map { ($0 + 1) % size } }
            let drafters: [@Sendable (Int) -> Int?] = [
                right, wrong,
                { $0 % 7 == 3 ? wrong($0) : right($0) },
                { $0 % 5 == 0 ? -1 : $0 % 11 == 0 ? size : $0 % 3 == 0 ? .max : right($0) },
            ]
            written += expected.tokens.count
            for (number, drafter) in drafters.enumerated() {
                await guessing.engine.host.setDrafter(GuessingDrafter(guess: drafter))
                let found = try await answer(guessing, asked)
                #expect(essence(found) == essence(expected))
                accepted[number] += try count(found).accepted
            }
        }
        // All but the tokens that passes begin with and those that end an answer.
        #expect(accepted[0] >= written / 16 * 15 - 3 * 8)
        #expect(accepted[1] == 0)
        #expect(accepted[0] > accepted[2] && accepted[2] > accepted[3] && accepted[3] > 0)
    }

    @Test("as many as pay, and in two conversations that take turns")
    func whenItPays() async throws {
        let plain = try GoldenEngine("e2b", speculation: .off)
        let guessing = try GoldenEngine("e2b")
        let host = guessing.engine.host
        let asked = [
            request(question, maxTokens: 200, alternatives: 1),
            request([user("you read the text")], maxTokens: 200, alternatives: 1),
        ]
        let contexts = [try await host.open(), try await host.open()]
        let log = EventLog()
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
        for (number, entry) in asked.enumerated() {
            #expect(essence(log.answer(number)) == essence(try await answer(plain, entry)))
        }
    }

    /// How far draws lie from what probabilities let expect: chi squared and its degrees of
    /// freedom, rare tokens taken together.
    private func deviation(
        _ drawn: [Int],
        _ probabilities: [Int: Double]
    ) -> (chiSquared: Double, freedom: Int) {
        let counts = Dictionary(drawn.map { ($0, 1) }, uniquingKeysWith: +)
        let total = Double(drawn.count)
        var (sum, bins) = (0.0, 0)
        var (restSeen, restExpected) = (total, total)
        for (id, probability) in probabilities where probability * total >= 20 {
            let expected = probability * total
            let seen = Double(counts[id] ?? 0)
            sum += (seen - expected) * (seen - expected) / expected
            restSeen -= seen
            restExpected -= expected
            bins += 1
        }
        if restExpected >= 1 {
            sum += (restSeen - restExpected) * (restSeen - restExpected) / restExpected
            bins += 1
        }
        return (sum, bins - 1)
    }

    @Test("tokens come as often as the model says, whatever is guessed", arguments: 0..<3)
    func distribution(guessRank: Int) async throws {
        let golden = try GoldenEngine("dense", contextSize: 256, speculation: .always)
        let host = golden.engine.host
        let prompt = try golden.engine.prompt(for: request(question)).ids
        let first = golden.encode("the")[0]
        let banned = Set(golden.vocabulary.neverSampled)
        func probabilities(after ids: [Int]) async throws -> [Int: Double] {
            let next = try await golden.engine.logprobs(of: ids, top: golden.vocabulary.count).next
            let free = next.filter { !banned.contains($0.id) }
            let sum = free.reduce(0) { $0 + exp($1.logprob) }
            return Dictionary(uniqueKeysWithValues: free.map { ($0.id, exp($0.logprob) / sum) })
        }
        let second = try await probabilities(after: prompt + [first])
        // The most probable token, or one that is drawn less often.
        let guess = second.sorted { ($1.value, $0.key) < ($0.value, $1.key) }[guessRank * 2].key
        let third = try await probabilities(after: prompt + [first, guess])
        await host.setChooser { $0 == 0 ? first : nil }
        await host.setDrafter(GuessingDrafter { $0 == prompt.count + 1 ? guess : nil })

        var (seconds, thirds) = ([Int](), [Int]())
        let context = try await host.open()
        for seed in 1...3000 {
            var asked = request(
                question,
                temperature: 1,
                seed: UInt64(seed),
                maxTokens: 3,
                alternatives: 0
            )
            (asked.sampling.topK, asked.sampling.topP) = (0, 1)
            let log = EventLog()
            try await host.answerInTurn(asked, in: context) { log.append($0) }
            let ids = log.answer().tokens.map(\.id)
            #expect(ids.first == first)
            guard ids.count > 1 else { continue }
            seconds.append(ids[1])
            if ids[1] == guess, ids.count > 2 { thirds.append(ids[2]) }
        }
        func check(_ drawn: [Int], _ probabilities: [Int: Double]) -> Bool {
            let (chiSquared, freedom) = deviation(drawn, probabilities)
            // Exceeded by chance less than once in ten thousand times.
            return chiSquared < Double(freedom) + 4 * (2 * Double(freedom)).squareRoot() + 8
        }
        #expect(seconds.count == 3000)
        #expect(check(seconds, second))
        #expect(thirds.count > 200 || guessRank > 0)
        #expect(check(thirds, third))
        // The same bound finds a guess that is taken unseen once in six times.
        let biased = seconds.enumerated().map { $0.offset % 6 == 0 ? guess : $0.element }
        #expect(!check(biased, second))
    }
}
