internal import CTerminalRestore
internal import Foundation
package import Pictures
internal import Synchronization
package import TerminalCore

/// The terminal facet runs in: events come out, frames go in.
///
/// One thread of its own reads keys and signals, so that a key arrives while both cores compute.
/// The terminal is given back on every way out: `close`, `exit`, a signal, a crash.
package final class Terminal: Sendable {
    /// Keys, pastes, sizes and the like, in order.
    ///
    /// Begins with the present size.
    package let events: AsyncStream<InputEvent>
    private let continuation: AsyncStream<InputEvent>.Continuation
    private let screen: Mutex<Screen>
    private let isClosed = Atomic<Bool>(false)
    private let lastSignal = Atomic<Int32>(0)

    /// Takes the screen of standard input and output.
    /// - Throws: `TerminalError` when there is no terminal or it cannot place the cursor; the
    ///   caller then talks line by line.
    package static func open(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        pictures: PictureWish = .automatic
    ) throws(TerminalError) -> Terminal {
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
        let capabilities = try Capabilities(environment: environment, descriptor: STDOUT_FILENO)
        let kind = TerminalKind(environment: environment)
        var screen = try Screen(
            input: STDIN_FILENO,
            output: STDOUT_FILENO,
            capabilities: capabilities,
            pictures: pictures
        )
        let signals = ctr_install_handlers()
        guard signals >= 0 else { throw .refused(code: errno) }
        try screen.enter(at: .now)
        let terminal = Terminal(screen: screen)
        terminal.continuation.yield(.resize(screen.size))
        // The terminal's own answer comes later and counts more.
        if let color = kind.background {
            terminal.continuation.yield(
                .background(red: color.red, green: color.green, blue: color.blue)
            )
        }
        Thread.detachNewThread { terminal.read(signals: signals) }
        return terminal
    }

    private init(screen: consuming Screen) {
        (events, continuation) = AsyncStream.makeStream(of: InputEvent.self)
        self.screen = Mutex(screen)
    }

    /// Columns and rows now.
    package var size: Size { screen.withLock { $0.size } }

    /// Draws a frame; does nothing while the screen belongs to someone else.
    package func present(_ frame: Frame) { screen.withLock { $0.present(frame) } }

    /// Takes a picture that cells of frames to come may name: shown as pixels where that is possible.
    package func take(_ picture: PixelPicture) { screen.withLock { $0.take(picture) } }

    /// Draws the next frame whole, whatever the screen shows.
    package func redraw() { screen.withLock { $0.forgetScreen() } }

    /// Draws the person's attention: a desktop notice where the terminal has them, else the bell.
    package func notify(_ text: String) { screen.withLock { $0.notify(text) } }

    /// The signal that asked the program to end, once `.hangup` came.
    package var endingSignal: Int32? {
        let signal = lastSignal.load(ordering: .sequentiallyConsistent)
        return signal == 0 ? nil : signal
    }

    /// Reports presses, drags and the wheel; off, the terminal's own selection works.
    package func setMouse(_ isOn: Bool) { screen.withLock { $0.setMouse(isOn) } }

    /// Asks the terminal to put text on the clipboard.
    ///
    /// It may not obey and never says.
    package func sendToClipboard(_ text: String) {
        screen.withLock { $0.sendToClipboard(text) }
    }

    /// Gives the screen back and stops the process until the shell continues it.
    ///
    /// `.resumed` follows once facet is in the foreground again.
    package func suspend() {
        leave()
        ctr_stop()
        takeBackIfInForeground()
    }

    /// Gives the screen to another program, as an editor; `unpause` takes it back.
    package func pause() {
        leave()
        screen.withLock { $0.isLent = true }
        ctr_lend(1)
    }

    /// Takes the screen back after `pause`.
    package func unpause() {
        ctr_lend(0)
        screen.withLock { $0.isLent = false }
        takeBackIfInForeground()
    }

    /// Runs another program, as an editor, on the terminal and takes the screen back afterwards.
    ///
    /// Foundation's `Process` puts a child into a group of its own, which may not read the
    /// terminal; this one shares ours. Blocks the caller until the program ends.
    /// - Parameter arguments: The program, found in `PATH`, and what it is given.
    /// - Returns: Its exit status; nil when it cannot be started.
    package func runInForeground(_ arguments: [String]) -> Int32? {
        pause()
        defer { unpause() }
        var strings: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) }
        unsafe strings.append(nil)
        defer { unsafe strings.forEach { unsafe free($0) } }
        guard arguments.first?.isEmpty == false else { return nil }
        let status = unsafe ctr_run(strings)
        return status < 0 ? nil : status
    }

    /// Gives the screen back for good.
    package func close() {
        leave()
        isClosed.store(true, ordering: .sequentiallyConsistent)
        continuation.finish()
    }

    /// Gives the screen back once nothing is on its way that the shell would read.
    private func leave() {
        let end = ContinuousClock.now + screen.withLock { $0.beginLeaving(at: .now) }
        while ContinuousClock.now < end, !screen.withLock({ $0.isQuiet }) { usleep(1_000) }
        screen.withLock { $0.leave() }
        ctr_wake()
    }

    // MARK: - Reading

    private func takeBackIfInForeground() {
        let size = screen.withLock { screen -> Size? in
            guard !screen.isActive, !screen.isLent, screen.isInForeground else { return nil }
            do { try screen.enter(at: .now) } catch { return nil }
            return screen.size
        }
        guard let size else { return }
        ctr_wake()
        continuation.yield(.resize(size))
        continuation.yield(.resumed)
    }

    /// Runs on its own thread until the terminal closes or goes away.
    private func read(signals: Int32) {
        var decoder = InputDecoder()
        let clock = ContinuousClock()
        let start = clock.now
        var wasStopped = false
        while !isClosed.load(ordering: .sequentiallyConsistent) {
            // Reading from the background would stop the process.
            let isActive = screen.withLock { $0.isActive }
            var sources = [
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isActive ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            ]
            var patience: Int32 = wasStopped ? 100 : -1
            if let deadline = decoder.deadline {
                let left = deadline - (clock.now - start)
                patience = max(0, Int32(left / .milliseconds(1)) + 1)
            }
            _ = unsafe poll(&sources, 2, patience)
            let now = clock.now - start
            if sources[0].revents & Int16(POLLIN) != 0 {
                for signal in Self.bytes(from: signals) ?? [] {
                    wasStopped = receive(Int32(signal)) || wasStopped
                }
            }
            if wasStopped {
                takeBackIfInForeground()
                wasStopped = !screen.withLock { $0.isActive || $0.isLent }
            }
            if sources[1].revents & Int16(POLLIN) != 0 {
                // Under the lock: what comes after the screen was given back is not ours.
                let bytes = screen.withLock { screen in
                    screen.isActive ? Self.bytes(from: STDIN_FILENO) : []
                }
                guard let bytes else { return hangUp() }
                yield(decoder.feed(bytes, at: now))
            } else if sources[1].revents & Int16(POLLHUP | POLLERR) != 0 {
                return hangUp()
            }
            yield(decoder.advance(to: now))
        }
    }

    /// Follows a signal; true when the process ran again after a stop.
    private func receive(_ signal: Int32) -> Bool {
        switch signal {
        case SIGWINCH:
            // Two changes of which the second undoes the first leave a screen that lost cells.
            let size = screen.withLock { screen in
                screen.forgetScreen()
                return screen.size
            }
            continuation.yield(.resize(size))
        case SIGTERM, SIGHUP, SIGINT:
            lastSignal.store(signal, ordering: .sequentiallyConsistent)
            continuation.yield(.hangup)
        // Somebody else asked for a stop: the same way as the key.
        case SIGTSTP:
            if screen.withLock({ $0.isLent }) { ctr_stop() } else { yield([.key(.control("z"))]) }
        case SIGCONT: return returnAfterStop()
        default: break
        }
        return false
    }

    /// Looks after SIGCONT whether the screen has to be taken back.
    ///
    /// Only a stop that came without warning (SIGSTOP) finds the screen still taken: the shell has
    /// changed its settings since.
    private func returnAfterStop() -> Bool {
        let state = screen.withLock { screen -> (isBack: Bool, tookBack: Bool) in
            if screen.isLent { return (true, false) }
            guard screen.isActive, screen.isInForeground else { return (false, false) }
            if screen.hasOwnSettings { return (true, false) }
            do { try screen.enter(at: .now) } catch { return (false, false) }
            return (true, true)
        }
        if state.tookBack { continuation.yield(.resumed) }
        return !state.isBack
    }

    /// The terminal is gone.
    private func hangUp() {
        screen.withLock { $0.lose() }
        lastSignal.store(SIGHUP, ordering: .sequentiallyConsistent)
        continuation.yield(.hangup)
    }

    private func yield(_ events: [InputEvent]) {
        for event in events {
            switch event {
            case .answered:
                screen.withLock { $0.noteAnswer(at: .now) }
                continue
            case .showsPixels(let form): screen.withLock { $0.note(form) }
            case .cellSize(let size): screen.withLock { $0.note(cellSize: size) }
            default: break
            }
            if screen.withLock({ $0.isOurs }) {
                continuation.yield(event)
            }
        }
    }

    /// What can be read now; nil at the end or on an error that stays.
    private static func bytes(from descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = unsafe buffer.withUnsafeMutableBytes { room in
            unsafe Foundation.read(descriptor, room.baseAddress, room.count)
        }
        if count < 0 { return errno == EINTR || errno == EAGAIN ? [] : nil }
        return count == 0 ? nil : Array(buffer.prefix(count))
    }
}
