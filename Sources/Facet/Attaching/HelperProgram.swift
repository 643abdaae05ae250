import Foundation
import Glibc

/// Runs another program for what it writes: with a limit on time and on bytes, without a terminal.
enum HelperProgram {
    enum Outcome: Sendable, Hashable {
        /// It ended well with these bytes.
        case output([UInt8])
        /// It is not installed.
        case missing
        /// It ended with this status.
        case failed(Int32)
        case tooSlow
        case tooMuch
    }

    /// Runs a program; blocks the caller until it has ended.
    ///
    /// - Parameters:
    ///   - arguments: the program, found in `PATH`, and what it is given.
    ///   - seconds: after which it is ended.
    ///   - limit: bytes that it may write.
    /// - Returns: how it ended.
    static func run(_ arguments: [String], seconds: Double, limit: Int) -> Outcome {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return .failed(-1) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let child = spawn(arguments, output: ends[1])
        close(ends[1])
        guard let child else { return .missing }
        let (bytes, trouble) = read(ends[0], seconds: seconds, limit: limit)
        if trouble != nil { kill(child, SIGKILL) }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        if let trouble { return trouble }
        // What `WIFEXITED` and `WEXITSTATUS` say.
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -1
        return code == 0 ? .output(bytes) : code == 127 ? .missing : .failed(code)
    }

    private static func read(
        _ descriptor: Int32,
        seconds: Double,
        limit: Int
    ) -> ([UInt8], Outcome?) {
        let end = ContinuousClock.now + .seconds(seconds)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let left = end - ContinuousClock.now
            guard left > .zero else { return ([], .tooSlow) }
            var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&source, 1, Int32(left / .milliseconds(1)) + 1)
            guard ready > 0 else { continue }
            let count = unsafe buffer.withUnsafeMutableBytes { room in
                unsafe Glibc.read(descriptor, room.baseAddress, room.count)
            }
            if count == 0 { return (bytes, nil) }
            if count < 0 {
                if errno == EINTR { continue }
                return ([], .failed(-1))
            }
            guard bytes.count + count <= limit else { return ([], .tooMuch) }
            bytes += buffer.prefix(count)
        }
    }

    /// Starts it with nothing to read and its complaints thrown away; nil when it is not there.
    private static func spawn(_ arguments: [String], output: Int32) -> pid_t? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Threads of the pool block signals, and a child would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        var strings: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
        unsafe strings.append(nil)
        defer { unsafe strings.forEach { unsafe free($0) } }
        guard let name = arguments.first else { return nil }
        var child: pid_t = 0
        var failure: Int32 = 0
        for _ in 0..<20 {
            failure = unsafe posix_spawnp(&child, name, &actions, &attributes, strings, environ)
            // Somebody has the file open to write it, as one who installs it does.
            guard failure == ETXTBSY else { break }
            usleep(10_000)
        }
        return failure == 0 ? child : nil
    }
}
