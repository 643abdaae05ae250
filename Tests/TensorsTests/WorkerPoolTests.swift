import Synchronization
import Tensors
import Testing

@Suite("Worker pool")
struct WorkerPoolTests {
    @Test("each index is worked on exactly once, loop after loop", arguments: [1, 2, 5])
    func everyIndexOnce(threads: Int) {
        let pool = WorkerPool(threadCount: threads)
        defer { pool.stop() }
        for count in [0, 1, 2, 3, 64, 1000] {
            for _ in 0..<20 {
                let buffer = FloatBuffer(count: max(count, 1))
                pool.run(count) { index in unsafe buffer.base[index] += 1 }
                #expect(buffer.array(0..<count) == Array(repeating: 1, count: count))
            }
        }
    }
}
