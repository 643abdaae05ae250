import Foundation
import Glibc

/// A pseudo terminal with the interface in it, whose bytes a test reads and answers.
final class Pty {
    private let master: Int32
    private let child: pid_t
    /// All that was written so far.
    private(set) var output: [UInt8] = []
    /// What is sent back when some bytes come.
    private var answers: [(question: [UInt8], answer: [UInt8])]

    struct Failed: Error {}

    /// Starts the program; its environment is only what is given.
    init(
        _ arguments: [String],
        environment: [String: String],
        folder: URL,
        answers: [(String, String)]
    ) throws {
        self.answers = answers.map { (Array($0.0.utf8), Array($0.1.utf8)) }
        var size = winsize(ws_row: 32, ws_col: 100, ws_xpixel: 1_000, ws_ypixel: 640)
        var (master, slave): (Int32, Int32) = (-1, -1)
        var name = [CChar](repeating: 0, count: 128)
        guard unsafe openpty(&master, &slave, &name, nil, &size) == 0 else { throw Failed() }
        self.master = master
        _ = fcntl(master, F_SETFD, FD_CLOEXEC)
        defer { close(slave) }
        _ = fcntl(slave, F_SETFD, FD_CLOEXEC)
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // The first terminal that a session's leader opens is its own.
        unsafe posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        // POSIX_SPAWN_SETSID, which has no name here.
        let flags = POSIX_SPAWN_SETSIGMASK | 0x80
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let variables = environment.map { "\($0.key)=\($0.value)" }
        // A shell goes to the folder first.
        let line = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path] + arguments
        var words: [UnsafeMutablePointer<CChar>?] =
            unsafe line.map { unsafe strdup($0) } + [nil]
        var settings: [UnsafeMutablePointer<CChar>?] =
            unsafe variables.map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + settings).forEach { unsafe free($0) } }
        var pid: pid_t = 0
        let failure = unsafe posix_spawn(
            &pid,
            line[0],
            &actions,
            &attributes,
            &words,
            &settings
        )
        guard failure == 0 else { throw Failed() }
        child = pid
    }

    deinit {
        kill(child, SIGKILL)
        var status: Int32 = 0
        _ = unsafe waitpid(child, &status, 0)
        close(master)
    }

    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(master, bytes, bytes.count)
    }

    /// Reads until something came, with a generous time-out.
    func wait(for text: String, seconds: Double = 60) -> Bool {
        let wanted = Array(text.utf8)
        let end = ContinuousClock.now + .seconds(seconds)
        while !contains(wanted) {
            guard ContinuousClock.now < end else { return false }
            var source = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&source, 1, 100) > 0 else { continue }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe read(master, &buffer, buffer.count)
            guard count > 0 else { return contains(wanted) }
            take(Array(buffer.prefix(count)))
        }
        return true
    }

    /// What was written before does not count any more.
    func forget() { output = [] }

    private func take(_ bytes: [UInt8]) {
        output += bytes
        answers.removeAll { question, answer in
            guard contains(question) else { return false }
            _ = unsafe write(master, answer, answer.count)
            return true
        }
    }

    private func contains(_ wanted: [UInt8]) -> Bool {
        guard let first = wanted.first, output.count >= wanted.count else { return false }
        var start = 0
        while let place = output[start...].firstIndex(of: first) {
            if output[place...].starts(with: wanted) { return true }
            start = place + 1
        }
        return false
    }
}
