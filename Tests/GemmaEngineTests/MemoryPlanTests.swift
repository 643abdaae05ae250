import Foundation
import GGUF
import Gemma
import GemmaEngine
import ReferenceData
import Testing

@Suite("Memory plan") struct MemoryPlanTests {
    private func configuration() throws -> Configuration {
        var configuration = try Configuration(
            file: GGUFFile(path: TinyModel.path("moe"))
        )
        configuration.contextLength = 131_072
        return configuration
    }

    /// The outcome with so much free memory.
    private func plan(
        free: Int,
        asked: Int?,
        weights: Int = 32 << 20,
        kvFormat: KVFormat = .f16
    ) throws -> Result<MemoryPlan, EngineOpenError> {
        let configuration = try configuration()
        do {
            return .success(
                try MemoryPlan.make(
                    configuration: configuration,
                    weightBytes: weights,
                    batchSize: 256,
                    kvFormat: kvFormat,
                    threads: 2,
                    asked: asked,
                    freeBytes: free
                )
            )
        } catch { return .failure(error) }
    }

    @Test("without a wish: the largest context that leaves a quarter of the memory")
    func largest() throws {
        let whole = try plan(free: 64 << 30, asked: nil).get()
        #expect(whole.contextSize == 131_072)
        let tight = whole.neededBytes
        let smaller = try plan(free: tight, asked: nil).get()
        #expect(smaller.contextSize < whole.contextSize)
        #expect(smaller.contextSize % 1024 == 0)
        #expect(smaller.neededBytes <= tight / 4 * 3)
        let next = try plan(free: 64 << 30, asked: smaller.contextSize + 1024).get()
        #expect(next.neededBytes > tight / 4 * 3)
    }

    @Test("a wish may use all that is free; beyond it the refusal names what would fit")
    func suggestion() throws {
        let wanted = try plan(free: 64 << 30, asked: 100_000).get()
        #expect(try plan(free: wanted.neededBytes, asked: 100_000).get().contextSize == 100_000)
        guard
            case .failure(.memory(let refused)) = try plan(
                free: wanted.neededBytes - 1,
                asked: 100_000
            )
        else {
            Issue.record("a plan that needs more than there is")
            return
        }
        let suggested = try #require(refused.suggestedContext)
        #expect(suggested < 100_000)
        #expect(
            try plan(free: wanted.neededBytes - 1, asked: suggested).get().contextSize == suggested
        )
        #expect(
            EngineOpenError.memory(refused).userMessage
                == "Not enough memory: \(refused.summary). Choose a smaller --context "
                + "(\(suggested) would fit) or a smaller model."
        )
    }

    @Test("weights that do not fit are refused with numbers and without a suggestion")
    func nothingFits() throws {
        guard
            case .failure(.memory(let refused)) = try plan(
                free: 512 << 20,
                asked: nil,
                weights: 1 << 30
            )
        else {
            Issue.record("a gigabyte of weights in half of one")
            return
        }
        #expect(refused.suggestedContext == nil)
        #expect(refused.summary.hasPrefix("weights 1.0 GiB + cache 0.0 GiB for 1024 tokens + "))
        #expect(refused.summary.hasSuffix(", and 0.5 GiB are free"))
    }

    @Test("a context that only fits without a quarter to spare is suggested, not taken")
    func noQuarter() throws {
        let small = try plan(free: 64 << 30, asked: 2048).get()
        guard case .failure(.memory(let refused)) = try plan(free: small.neededBytes, asked: nil)
        else {
            Issue.record("a plan that leaves no quarter of the memory")
            return
        }
        #expect(refused.suggestedContext == 2048)
        let sentence = EngineOpenError.memory(refused).userMessage
        #expect(sentence.hasPrefix("It would leave less than a quarter of the free memory: "))
        #expect(sentence.contains("Ask for it with --context 2048, or"))
    }

    @Test("guessing ahead plans its rows of logits and its index")
    func speculation() throws {
        let configuration = try configuration()
        let plans = try [true, false].map { speculates in
            try MemoryPlan.make(
                configuration: configuration,
                weightBytes: 32 << 20,
                batchSize: 256,
                kvFormat: .f16,
                threads: 2,
                speculates: speculates,
                asked: 4096,
                freeBytes: 64 << 30
            )
        }
        // Fifteen more rows of logits, and 28 bytes a token.
        let extra = 15 * configuration.vocabularySize * 4 + 28 * 4096
        #expect(plans[0].scratchBytes == plans[1].scratchBytes + extra)
        #expect(plans[0].cacheBytes == plans[1].cacheBytes)
    }

    @Test("the plan counts what each format keeps, whole chunks of it")
    func formats() throws {
        let fast = try plan(free: 64 << 30, asked: 4096).get()
        let exact = try plan(free: 64 << 30, asked: 4096, kvFormat: .f32).get()
        #expect(exact.cacheBytes == 2 * fast.cacheBytes)
        // Keys and values of 2 bytes: 2 global layers of [1 head, 4096, 64], and 2 sliding ones of
        // [2 heads, a window of 8 + a batch of 256 in whole chunks + 2 checkpoints of 8, 32].
        let numbers = 2 * (2 * 4096 * 64 + 2 * 2 * (512 + 16) * 32)
        #expect(fast.cacheBytes == 2 * numbers)
        let q8 = try plan(free: 64 << 30, asked: 4096, kvFormat: .q8).get()
        #expect(q8.cacheBytes == numbers / 32 * 34)
        let odd = try plan(free: 64 << 30, asked: 4095).get()
        #expect(odd.cacheBytes == fast.cacheBytes)
    }
}
