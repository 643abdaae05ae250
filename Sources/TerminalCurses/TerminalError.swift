/// Why there is no full-screen terminal, as a sentence for a person.
package enum TerminalError: Error, Sendable, Hashable {
    /// Standard input or output is a file or a pipe.
    case notATerminal
    /// `TERM` is `dumb`, or nothing is known about it and about its fallback.
    case cannotMoveTheCursor(name: String)
    /// The operating system refused to change the terminal's settings.
    case refused(code: Int32)

    package var userMessage: String {
        switch self {
        case .notATerminal:
            "There is no terminal to draw on: input or output is a file or a pipe. "
                + "Use `facet ask` in scripts."
        case .cannotMoveTheCursor(name: ""):
            "TERM is not set, so nothing is known about the terminal. "
                + "Set it to what your terminal is, for example xterm-256color."
        case .cannotMoveTheCursor(let name):
            "The terminal \"\(name)\" cannot place the cursor, so there are no panes on it. "
                + "Set TERM to what your terminal is, for example xterm-256color."
        case .refused(let code):
            "The terminal refused its settings (system error \(code)). "
                + "Start facet from an interactive shell."
        }
    }
}
