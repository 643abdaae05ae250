import ArgumentParser
import Conversation
import Foundation
import Gemma
import GemmaEngine
import JSONValues

/// `facet bench`: how fast this machine reads and generates.
struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure how fast a model reads and generates.",
        discussion: """
            Random ids from a fixed seed, an empty cache before each run; medians. pp is all of a \
            prompt and the logits of its last token, tg one-token passes after it.
            """
    )

    @Option(help: "A model: path of a GGUF file, or its name in the models folder.")
    var model: String?

    @Option(name: .customShort("p"), help: "Tokens of the prompt.")
    var prompt = 512

    @Option(name: .customShort("n"), help: "Tokens to generate.")
    var generated = 64

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
            prompt + generated > 0, (1...1000).contains(runs), (1...1024).contains(threads ?? 1)
        else { throw ValidationError("-p, -n, -t and -r must be whole numbers in reason.") }
    }

    func run() async throws {
        let path = try ModelOptions.resolve(model)
        let options = EngineOptions(
            precision: precision,
            kvFormat: kvCache,
            threads: threads,
            contextSize: max(prompt + generated, 16),
            speculation: .off
        )
        let start = ContinuousClock.now
        let engine = try ModelOptions.openEngine(path: path, options: options)
        let loading = ContinuousClock.now - start
        let report = await engine.measure(prompt: prompt, generated: generated, runs: runs)
        let loadSeconds =
            Double(loading.components.seconds) + Double(loading.components.attoseconds) * 1e-18
        let result: JSONValue = [
            "model": .string(engine.description.name),
            "threads": .number(threads ?? ProcessInfo.processInfo.activeProcessorCount),
            "kernels": .string(engine.kernels),
            "precision": .string(precision.rawValue),
            "kv_cache": .string(options.kvFormat.rawValue),
            "pp\(prompt)": .number(Self.rounded(report.promptSpeed)),
            "tg\(generated)": .number(Self.rounded(report.generationSpeed)),
            "load_s": .number(Self.rounded(loadSeconds)),
            "anon_mb": .number(Self.anonymousMegabytes()),
        ]
        if json { return try Console.write(result.text() + "\n") }
        for member in result.objectValue ?? [] {
            try Console.write("\(member.key)\t\(member.value.stringValue ?? member.value.text())\n")
        }
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// Anonymous memory of this process now, in megabytes; 0 where the kernel does not say.
    private static func anonymousMegabytes() -> Int {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
            return 0
        }
        for line in text.split(separator: "\n") where line.hasPrefix("RssAnon:") {
            let digits = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
            return (digits.flatMap { Int($0) } ?? 0) / 1024
        }
        return 0
    }
}
