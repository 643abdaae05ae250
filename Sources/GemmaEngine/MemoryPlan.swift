import Decoding
import Foundation
package import Gemma

/// What opening a model with a context takes, and what there is.
package struct MemoryPlan: Sendable, Hashable {
    /// The mapped file; shared with other processes and reclaimable.
    package var weightBytes: Int
    /// Encoders of pictures and sound with their scratch; 0 for a model that reads text only.
    package var encoderBytes = 0
    package var cacheBytes: Int
    /// Everything else that is the process's own: buffers of a pass, logits, the vocabulary.
    package var scratchBytes: Int
    package var contextSize: Int
    package var freeBytes: Int
    /// A context that would fit, when this one does not.
    package var suggestedContext: Int?

    package var neededBytes: Int { weightBytes + encoderBytes + cacheBytes + scratchBytes }

    package var summary: String {
        func gib(_ bytes: Int) -> String { String(format: "%.1f GiB", Double(bytes) / 0x1p30) }
        let encoders = encoderBytes > 0 ? " + encoders \(gib(encoderBytes))" : ""
        return
            "weights \(gib(weightBytes))\(encoders) + cache \(gib(cacheBytes)) for \(contextSize) tokens + "
            + "scratch \(gib(scratchBytes)) = \(gib(neededBytes)), and \(gib(freeBytes)) are free"
    }

    /// Texts, scores, merges and their indexes: 18 MB were measured for Gemma's 262,144 tokens.
    private static let vocabularyBytesPerToken = 72

    /// Plans a context: the one asked for, or the largest that leaves a quarter of the free memory.
    /// - Throws: `EngineOpenError.memory` with the numbers, or `.contextTooLarge`.
    package static func make(
        configuration: Configuration,
        weightBytes: Int,
        encoderBytes: Int = 0,
        batchSize: Int,
        kvFormat: KVFormat,
        threads: Int,
        speculates: Bool = true,
        asked: Int?,
        freeBytes: Int
    ) throws(EngineOpenError) -> MemoryPlan {
        // A pass's logits, and those after the prompt, which a conversation keeps.
        let logitRows = ModelHost.logitRows(speculates: speculates) + 1
        let logitBytes = logitRows * configuration.vocabularySize * MemoryLayout<Float>.stride
        func plan(_ contextSize: Int) -> MemoryPlan {
            MemoryPlan(
                weightBytes: weightBytes,
                encoderBytes: encoderBytes,
                cacheBytes: KVCache.plannedBytes(
                    configuration,
                    capacity: contextSize,
                    batchSize: batchSize,
                    format: kvFormat
                ),
                scratchBytes: TextModel.scratchBytes(
                    configuration,
                    batchSize: batchSize,
                    threads: threads
                ) + logitBytes + configuration.vocabularySize * vocabularyBytesPerToken
                    + (speculates ? PromptLookup.plannedBytes(capacity: contextSize) : 0),
                contextSize: contextSize,
                freeBytes: freeBytes
            )
        }
        let trained = configuration.contextLength
        if let asked, asked > trained { throw .contextTooLarge(asked: asked, trained: trained) }
        func largest(within bytes: Int) -> Int? {
            ContextPlan.largest(upTo: trained) { plan($0).neededBytes <= bytes }
        }
        var wanted = plan(asked ?? min(trained, ContextPlan.step))
        if asked == nil, let roomy = largest(within: freeBytes / 4 * 3) { return plan(roomy) }
        guard asked != nil, wanted.neededBytes <= freeBytes else {
            wanted.suggestedContext = largest(within: freeBytes)
            throw .memory(wanted)
        }
        return wanted
    }

    /// What the kernel says can be had without swapping, by the machine and by what the process's
    /// control groups may take; a cautious 2 GiB when it does not say.
    package static func freeMemory() -> Int {
        let machine = KernelFigures.bytes("MemAvailable", in: "/proc/meminfo") ?? 2 << 30
        return min(machine, ControlGroup.ofProcess.freeMemory() ?? .max)
    }
}
