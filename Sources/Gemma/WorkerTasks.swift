import Synchronization
import Tensors

/// Hands out tasks to threads and tells each which thread's scratch is its own.
final class WorkerTasks: Sendable {
    private let next = Atomic<Int>(0)

    /// Runs `body` once for each task below `count`, with a number below the pool's `threadCount`
    /// that no other thread has meanwhile.
    func run(_ count: Int, on pool: WorkerPool, _ body: (Int, Int) -> Void) {
        next.store(0, ordering: .relaxed)
        pool.run(min(count, pool.threadCount)) { worker in
            while true {
                let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard task < count else { break }
                body(task, worker)
            }
        }
    }
}
