import CSandbox
import Foundation
import Glibc
import Synchronization

/// A program that was started to answer on a pipe, and is ended when it takes too long.
final class ChildProcess: Sendable {
    /// What came out of it.
    struct Outcome: Sendable {
        enum End: Sendable, Hashable {
            case exited(Int32)
            case signalled(Int32)
            case tookTooLong
            /// It wrote more than it may.
            case wroteTooMuch
        }

        var bytes: [UInt8]
        var end: End
    }

    /// The process while it is not waited for: a number that is used again ends nobody else.
    private let process: Mutex<pid_t?>
    private let output: Int32

    /// Starts a program with an empty environment; nil when it cannot be started.
    ///
    /// - Parameters:
    ///   - program: a path.
    ///   - arguments: without the program's name.
    ///   - input: a descriptor that becomes its standard input; stays open here.
    init?(_ program: String, _ arguments: [String], input: Int32) {
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([program] + arguments).map {
            unsafe strdup($0)
        }
        // Where Swift's libraries are, when somebody had to say so.
        let libraries = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        var variables: [UnsafeMutablePointer<CChar>?] =
            unsafe libraries.map {
                unsafe [strdup("LD_LIBRARY_PATH=\($0)")]
            } ?? []
        unsafe words.append(nil)
        unsafe variables.append(nil)
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe variables.forEach { unsafe free($0) }
        }
        var output: Int32 = -1
        let child = unsafe facet_start(words, variables, input, &output)
        guard child > 0 else { return nil }
        process = Mutex(child)
        self.output = output
    }

    deinit {
        kill()
        _ = reap(waiting: true)
        close(output)
    }

    /// Ends the process; its output ends with it.
    func kill() {
        process.withLock { child in
            if let child { _ = Glibc.kill(child, SIGKILL) }
        }
    }

    /// Reads all that the program writes and waits for its end, on a thread that may block.
    func outcome(limit: Int, seconds: Double) async -> Outcome {
        await withCheckedContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(returning: self.wait(limit: limit, seconds: seconds))
            }
        }
    }

    /// Reads all that the program writes and waits for its end.
    ///
    /// - Parameters:
    ///   - limit: bytes that are read at most.
    ///   - seconds: after which it is ended.
    /// - Returns: all that it wrote, and how it ended.
    private func wait(limit: Int, seconds: Double) -> Outcome {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var bytes: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let left = (deadline - ContinuousClock.now) / .milliseconds(1)
            guard left > 0 else { return finish(bytes, .tookTooLong) }
            var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&waiting, 1, Int32(min(left + 1, 60_000)))
            guard ready > 0 else { continue }
            let count = unsafe read(output, &room, room.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            let fits = min(count, limit - bytes.count)
            bytes.append(contentsOf: room.prefix(fits))
            if fits < count { return finish(bytes, .wroteTooMuch) }
        }
        // It has closed its output; one that does not end then is ended.
        var end = reap(waiting: false)
        for _ in 0..<100 where end == nil {
            usleep(5_000)
            end = reap(waiting: false)
        }
        return end.map { Outcome(bytes: bytes, end: $0) } ?? finish(bytes, .tookTooLong)
    }

    private func finish(_ bytes: [UInt8], _ end: Outcome.End) -> Outcome {
        kill()
        _ = reap(waiting: true)
        return Outcome(bytes: bytes, end: end)
    }

    /// Takes note of the process's end; nil while there is none.
    private func reap(waiting: Bool) -> Outcome.End? {
        process.withLock { child in
            guard let number = child else { return .exited(0) }
            var status: Int32 = 0
            var result: pid_t
            repeat {
                result = unsafe waitpid(number, &status, waiting ? 0 : WNOHANG)
            } while result < 0 && errno == EINTR
            guard result != 0 else { return nil }
            child = nil
            return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .signalled(status & 0x7F)
        }
    }
}
