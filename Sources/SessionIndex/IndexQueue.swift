import Dispatch

/// Runs the index's jobs on one queue of its own, so that reading thousands of files never occupies
/// the shared pool.
final class IndexQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "facet.index", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        unsafe UnownedSerialExecutor(ordinary: self)
    }
}
