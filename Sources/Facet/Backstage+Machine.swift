import Foundation
import GemmaEngine
import Interface
import ModelLibrary
import Tensors

extension Backstage {
    /// Finds out what a person has to know who has no model yet.
    func exploreMachine() {
        answer { [inbox] in
            let facts = await Task.detached { MachineFacts(of: .ofProcess) }.value
            inbox.yield(.machineExplored(facts))
        }
    }
}

extension MachineFacts {
    /// Looks for models and measures how fast memory is read, which takes a fraction of a second.
    init(of search: ModelSearch) {
        let free = MemoryPlan.freeMemory()
        let pool = WorkerPool(threadCount: EngineOptions().threadCount)
        defer { pool.stop() }
        self.init(
            models: search.runnableModelsOfOthers().map(ModelListing.init),
            modelsFolder: search.folders.first?.path ?? "",
            bytesPerSecond: MemoryReading.bandwidth(
                bufferSize: min(Self.bufferSize, free / 8),
                passes: 4,
                on: pool
            ),
            freeBytes: free
        )
    }

    /// Larger than the caches that two cores see.
    private static let bufferSize = 256 << 20
}
