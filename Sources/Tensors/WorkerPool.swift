internal import CKernels
import Foundation
import Glibc
import Synchronization

/// Threads that share the indices of a loop, made once and kept for the engine's life.
///
/// Idle workers spin for some microseconds, since the next product usually follows at once, then
/// sleep until they are woken. The caller takes part, so a pool of one thread starts none.
///
/// Each thread has a run of consecutive indices, so that it reads its part of a matrix in order,
/// which memory rewards; one that is done takes the next index of a slower thread's run.
///
/// One thread at a time may call `run`. Which thread gets which index is open, so a body must write
/// only what belongs to its index.
@safe
package final class WorkerPool: @unchecked Sendable {
    // Proof of `Sendable`: `job` is written only by `run`, before the release stores of the tickets
    // that let workers read it, and not again until every index has been finished.

    /// Threads that work on a loop, the caller among them.
    package let threadCount: Int

    /// A run of indices as one word that can be claimed from in one step.
    ///
    /// Epoch (24 bits), end (20), next (20). The epoch keeps a late claim from hitting the run of a
    /// later loop.
    private final class Run: Sendable {
        let ticket = Atomic<UInt64>(0)
        // Neighbours on one cache line would slow each other.
        private let padding: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) =
            (0, 0, 0, 0, 0, 0, 0, 0)
    }

    private let runs: [Run]
    private var epoch: UInt64 = 0
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
        runs = (0..<max(1, threadCount)).map { _ in Run() }
        for index in 1..<max(1, threadCount) {
            let thread = Thread { [self] in serve(index) }
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
            epoch = (epoch + 1) & 0xFF_FFFF
            for (index, run) in runs.enumerated() {
                let first = UInt64(index * count / runs.count)
                let end = UInt64((index + 1) * count / runs.count)
                let word = epoch << 40 | end << 20 | first
                run.ticket.store(word, ordering: .sequentiallyConsistent)
            }
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
                condition.lock()
                condition.broadcast()
                condition.unlock()
            }
            while claim(0) {}
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

    private static func hasIndex(_ word: UInt64) -> Bool {
        word & fieldMask < word >> 20 & fieldMask
    }

    private var hasWork: Bool {
        runs.contains { Self.hasIndex($0.ticket.load(ordering: .sequentiallyConsistent)) }
    }

    /// Takes the next index of the thread's own run, else of another's, and works on it; false when
    /// none is left.
    private func claim(_ thread: Int) -> Bool {
        for offset in 0..<runs.count {
            let place = thread + offset
            if claim(from: runs[place < runs.count ? place : place - runs.count]) { return true }
        }
        return false
    }

    private func claim(from run: Run) -> Bool {
        var word = run.ticket.load(ordering: .acquiring)
        while Self.hasIndex(word) {
            let (exchanged, original) = run.ticket.weakCompareExchange(
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

    private func serve(_ thread: Int) {
        var idleTurns = 0
        while !stopping.load(ordering: .relaxed) {
            if claim(thread) {
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
