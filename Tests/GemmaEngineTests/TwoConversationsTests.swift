import Conversation
import GGUF
import Gemma
import GemmaEngine
import Testing

@Suite("Two conversations on one model") struct TwoConversationsTests {
    /// The conversation that each pass was made for, while both had something to do.
    private func passes(_ log: EventLog) -> [Int] {
        var passes: [Int] = []
        for (number, event) in log.all {
            switch event {
            case .promptProgress, .token: passes.append(number)
            default: break
            }
        }
        let starts = [0, 1].compactMap { passes.firstIndex(of: $0) }
        let ends = [0, 1].compactMap { passes.lastIndex(of: $0) }
        guard let first = starts.max(), let last = ends.min(), first < last else { return [] }
        return Array(passes[first...last])
    }

    /// The longest run of passes for one conversation.
    private func longestRun(_ passes: [Int]) -> Int {
        var (longest, run) = (0, 0)
        for index in passes.indices {
            run = index > 0 && passes[index] == passes[index - 1] ? run + 1 : 1
            longest = max(longest, run)
        }
        return longest
    }

    @Test(
        "neither gets more than two passes ahead, also while one reads a long prompt",
        .timeLimit(.minutes(5)),
        arguments: [3_500, 40]
    )
    func fairness(promptTokens: Int) async throws {
        let golden = try GoldenEngine("e2b", contextSize: 4096, speculation: .off)
        let host = golden.engine.host
        try await golden.write("a ", closes: false)
        let sentence = "the license of you "
        let second = String(
            repeating: sentence,
            count: promptTokens / golden.encode(sentence).count
        )
        let asked = [
            request([user("who wrote the license")], maxTokens: 200, alternatives: 0),
            request([user(second)], maxTokens: 100, alternatives: 0),
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
        let passes = passes(log)
        #expect(passes.count > 100)
        #expect(longestRun(passes) <= 2)
    }

    @Test("a second place is made smaller where memory is short, and refused where it is none")
    func memory() async throws {
        let golden = try GoldenEngine("moe", contextSize: 4096)
        let host = golden.engine.host
        let weights = golden.engine.plan.weightBytes
        let configuration = try Configuration(file: GGUFFile(path: GoldenEngine.path("moe")))
        func place(_ size: Int) -> Int {
            KVCache.plannedBytes(
                configuration,
                capacity: size,
                batchSize: 256,
                format: .f32
            ) + configuration.vocabularySize * 4 + 28 * size
        }
        // The first takes what the model was opened for, whatever is free.
        await host.setFreeMemory { 0 }
        let first = try await golden.engine.openContext()
        #expect(await first.usage().size == 4096)

        let whole = weights + 2 * place(4096)
        await host.setFreeMemory { whole }
        let second = try await golden.engine.openContext()
        #expect(await second.usage().size == 4096)
        await second.close()

        await host.setFreeMemory { whole - 1 }
        let smaller = try await golden.engine.openContext()
        #expect(await smaller.usage().size == 3072)
        let plan = try #require(
            try await collect(smaller.generate(request([user("a")], maxTokens: 1))).plan
        )
        #expect(plan.contextSize == 3072)

        // What the others have yet to fill is spoken for.
        await #expect {
            _ = try await golden.engine.openContext()
        } throws: { error in
            guard case .notEnoughMemory(let needed, let free) = error as? EngineError else {
                return false
            }
            return needed == place(1024) && free < needed
        }
        await smaller.close()
        let again = try await golden.engine.openContext()
        #expect(await again.usage().size == 3072)
    }
}
