import ArgumentParser
import Conversation
import Foundation
import GGUF
import Gemma
import GemmaEngine
import JSONValues
import Tensors

/// `facet bench`: how fast this machine reads and generates.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast a model reads and generates.",
        discussion: """
            Random ids from a fixed seed, an empty cache before each run; medians. pp is all of a \
            prompt and the logits of its last token, tg one-token passes after it, or after as \
            many tokens of context as --depth says (read once, and gone back to before each run).
            """
    )

    @Option(
        help: "A model: path of a GGUF file, or its name in the models folder.",
        completion: .model
    )
    var model: String?

    @Option(name: .customShort("p"), help: "Tokens of the prompt; 0 measures none.")
    var prompt = 512

    @Option(name: .customShort("n"), help: "Tokens to generate; 0 measures none.")
    var generated = 64

    @Option(name: .shortAndLong, help: "Context before the generated tokens; by default -p.")
    var depth: Int?

    @Option(name: [.customShort("t"), .long], help: "Threads; by default one a core.")
    var threads: Int?

    @Option(name: .customShort("r"), help: "Runs.")
    var runs = 3

    @Option(help: "exact or fast.")
    var precision: Precision = .fast

    @Option(help: "How keys and values are kept: f16, or q8_0 in half the memory.")
    var kvCache: KVFormat?

    @Flag(help: "Print one line of JSON.")
    var json = false

    func validate() throws {
        try KVFormat.check(kvCache, with: precision)
        guard (0...1_000_000).contains(prompt), (0...1_000_000).contains(generated),
            (0...1_000_000).contains(depth ?? 0), prompt + generated > 0,
            (1...1000).contains(runs), (1...1024).contains(threads ?? 1)
        else { throw ValidationError("-p, -n, -d, -t and -r must be whole numbers in reason.") }
    }

    func run() async throws {
        let path = try ModelOptions.resolve(model)
        let measurement = SpeedMeasurement(
            prompt: prompt,
            generated: generated,
            depth: depth,
            runs: runs
        )
        let options = EngineOptions(
            precision: precision,
            kvFormat: kvCache,
            threads: threads,
            contextSize: max(measurement.contextSize, 16),
            speculation: .off
        )
        let pool = WorkerPool(threadCount: options.threadCount)
        defer { pool.stop() }
        var bandwidth = Self.bandwidth(on: pool)
        let clock = ContinuousClock()
        let start = clock.now
        let engine = try ModelOptions.openEngine(path: path, options: options)
        let loading = clock.now - start
        // A host may take back what lay idle: the file is read before anything is timed.
        if let file = try? MappedFile(path: path) {
            unsafe MemoryReading.touch(file.base, count: file.count, on: pool)
        }
        let report: SpeedReport
        do { report = try await engine.measure(measurement) } catch { throw Failure(error) }
        let anonymous = KernelFigures.anonymousBytes()
        // Other guests of the host take their share at times; the better of two moments is the machine's.
        bandwidth = max(bandwidth, Self.bandwidth(on: pool))
        let bytesPerToken = await engine.bytesPerToken
        let result = await BenchResult(
            model: engine.description.name,
            format: TensorType(rawValue: engine.predominantType).map { "\($0)".uppercased() }
                ?? "?",
            machine: KernelFigures.processorName(),
            cores: ProcessInfo.processInfo.activeProcessorCount,
            threads: options.threadCount,
            kernels: engine.kernels,
            precision: precision,
            kvFormat: options.kvFormat,
            measurement: measurement,
            report: report,
            bandwidth: bandwidth,
            bytesPerToken: bytesPerToken,
            loading: loading / .seconds(1),
            anonymousBytes: anonymous,
            plannedBytes: engine.plan.cacheBytes + engine.plan.scratchBytes
        )
        if json { try Console.write(result.json) } else { try Console.write(result.table) }
    }

    /// Bytes a second that these threads read in order.
    private static func bandwidth(on pool: WorkerPool) -> Double {
        MemoryReading.bandwidth(
            bufferSize: min(512 << 20, MemoryPlan.freeMemory() / 4),
            passes: 12,
            on: pool
        )
    }
}
