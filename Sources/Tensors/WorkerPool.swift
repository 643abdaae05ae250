internal import CKernels
import Foundation
import Glibc
import Synchronization

/// Threads that share the indices of a loop, made once and kept for the engine's life.
///
/// Idle workers spin for some microseconds, since the next product usually follows at once, then
/// sleep until they are woken. The caller takes part, so a pool of one thread starts none.
///
/// One thread at a time may call `run`. Indices are handed out in order; which thread gets which
/// is open, so a body must write only what belongs to its index.
@safe
package final class WorkerPool: @unchecked Sendable {
    // Proof of `Sendable`: `job` is written only by `run`, before the release store of `ticket`
    // that lets workers read it, and not again until every index has been finished.

    /// Threads that work on a loop, the caller among them.
    package let threadCount: Int

    /// One word that a worker can claim from in one step: epoch (24 bits), count (20), next (20).
    private let ticket = Atomic<UInt64>(0)
    private let finished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let stopping = Atomic<Bool>(false)
    private let condition = NSCondition()
    private var job: ((Int) -> Void)?
    private var threads: [Thread] = []

    private static let fieldMask: UInt64 = 1 << 20 - 1
    private static let spins = 4_000

    package init(threadCount: Int) {
        self.threadCount = max(1, threadCount)
        for index in 1..<max(1, threadCount) {
            let thread = Thread { [self] in serve() }
            thread.name = "facet-\(index)"
            thread.stackSize = 1 << 20
            threads.append(thread)
            thread.start()
        }
    }

    /// Runs `body` once for each index below `count` and returns when all are done.
    package func run(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1, threadCount > 1 else {
            for index in 0..<max(count, 0) { body(index) }
            return
        }
        precondition(count < Int(Self.fieldMask), "too many pieces for one loop")
        // No thread holds the body once every index is finished, so it does not escape.
        withoutActuallyEscaping(body) { body in
            job = body
            finished.store(0, ordering: .relaxed)
            let epoch = (ticket.load(ordering: .relaxed) >> 40 &+ 1) & 0xFF_FFFF
            ticket.store(epoch << 40 | UInt64(count) << 20, ordering: .sequentiallyConsistent)
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                condition.lock()
                condition.broadcast()
                condition.unlock()
            }
            while claim() {}
            var turns = 0
            while finished.load(ordering: .acquiring) < count {
                turns += 1
                if turns > Self.spins { sched_yield() } else { ck_pause() }
            }
            job = nil
        }
    }

    /// Ends the threads and waits for them.
    package func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        condition.lock()
        condition.broadcast()
        condition.unlock()
        for thread in threads { while !thread.isFinished { usleep(100) } }
        threads = []
    }

    private var hasWork: Bool {
        let word = ticket.load(ordering: .sequentiallyConsistent)
        return word & Self.fieldMask < word >> 20 & Self.fieldMask
    }

    /// Takes the next index of the current loop and works on it; false when none is left.
    private func claim() -> Bool {
        var word = ticket.load(ordering: .acquiring)
        while word & Self.fieldMask < word >> 20 & Self.fieldMask {
            let (exchanged, original) = ticket.weakCompareExchange(
                expected: word,
                desired: word + 1,
                ordering: .acquiringAndReleasing
            )
            if exchanged {
                // The loop cannot end before this index is finished, so the job is the word's.
                work(Int(word & Self.fieldMask))
                finished.add(1, ordering: .acquiringAndReleasing)
                return true
            }
            word = original
        }
        return false
    }

    /// The job's reference is given up before the index counts as finished.
    @inline(never)
    private func work(_ index: Int) { job?(index) }

    private func serve() {
        var idleTurns = 0
        while !stopping.load(ordering: .relaxed) {
            if claim() {
                idleTurns = 0
                continue
            }
            idleTurns += 1
            guard idleTurns > Self.spins else {
                ck_pause()
                continue
            }
            condition.lock()
            sleepers.add(1, ordering: .sequentiallyConsistent)
            while !hasWork, !stopping.load(ordering: .sequentiallyConsistent) { condition.wait() }
            sleepers.subtract(1, ordering: .sequentiallyConsistent)
            condition.unlock()
            idleTurns = 0
        }
    }
}
