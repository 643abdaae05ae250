import Conversation
import Decoding
import Gemma

/// What one conversation's place in an open model takes.
struct ContextPlan: Sendable {
    let configuration: Configuration
    let batchSize: Int
    let options: EngineOptions

    /// Bytes of a context when it is full: its cache, the logits it keeps, its index for guessing.
    func bytes(_ size: Int) -> Int {
        KVCache.plannedBytes(
            configuration,
            capacity: size,
            batchSize: batchSize,
            format: options.kvFormat
        ) + configuration.vocabularySize * MemoryLayout<Float>.stride
            + (options.speculation != .off ? PromptLookup.plannedBytes(capacity: size) : 0)
    }

    /// The size asked for, or the largest in whole steps that fits.
    /// - Throws: `EngineError.notEnoughMemory` with what the smallest step needs.
    func size(upTo wanted: Int, within room: Int) throws(EngineError) -> Int {
        if bytes(wanted) <= room { return wanted }
        if let size = Self.largest(upTo: wanted, where: { bytes($0) <= room }) { return size }
        let smallest = min(Self.step, wanted)
        throw .notEnoughMemory(neededBytes: bytes(smallest), freeBytes: room)
    }

    /// Steps that a context is rounded down to.
    static let step = 1024

    /// The largest size in whole steps that fits; the whole of `limit` counts as one when it is
    /// shorter than that.
    static func largest(upTo limit: Int, where fits: (Int) -> Bool) -> Int? {
        let step = min(step, limit)
        var (found, low, high) = (0, 1, limit / step)
        while low <= high {
            let middle = (low + high) / 2
            if fits(middle * step) {
                (found, low) = (middle, middle + 1)
            } else {
                high = middle - 1
            }
        }
        return found > 0 ? found * step : nil
    }
}
