import Dispatch
import Glibc

/// Calls a closure when the user presses Ctrl-C.
final class Interrupt {
    private let source: any DispatchSourceSignal

    /// Unless it is repeated, a second press ends the process.
    init(isRepeated: Bool = false, _ body: @escaping @Sendable () -> Void) {
        signal(SIGINT, SIG_IGN)
        source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
        source.setEventHandler {
            body()
            if !isRepeated { signal(SIGINT, SIG_DFL) }
        }
        source.resume()
    }

    func stop() {
        source.cancel()
        signal(SIGINT, SIG_DFL)
    }
}
