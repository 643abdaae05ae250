internal import CTerminalRestore
internal import Foundation
internal import TerminalCore

/// The writing half of a terminal: what is on the screen and how it gets there.
///
/// Every byte that reaches the terminal goes through `write`, one buffer a frame.
struct Screen: Sendable {
    private let input: Int32
    private let output: Int32
    private let capabilities: Capabilities
    /// The shell's settings, given back whenever facet leaves the screen.
    private let shellSettings: termios
    /// True while facet owns the screen.
    private(set) var isActive = false
    /// True while another program, as an editor, has the terminal.
    var isLent = false
    /// The other side is gone; nothing is written any more.
    private(set) var isLost = false
    private var mouseIsOn = false
    private var shown: Surface?
    private var shownCaret: Position?
    private var styleBytes: [Style: [UInt8]] = [:]

    init(input: Int32, output: Int32, capabilities: Capabilities) throws(TerminalError) {
        var settings = termios()
        guard unsafe tcgetattr(input, &settings) == 0 else { throw .refused(code: errno) }
        self.input = input
        self.output = output
        self.capabilities = capabilities
        shellSettings = settings
    }

    /// The terminal's columns and rows; 80 x 24 when it does not say.
    var size: Size {
        var window = winsize()
        guard unsafe ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0,
            window.ws_row > 0
        else { return Size(width: 80, height: 24) }
        // Any program can claim a size; one beyond all screens would only eat memory.
        return Size(width: min(Int(window.ws_col), 2_000), height: min(Int(window.ws_row), 1_000))
    }

    /// True when this process may use the terminal now.
    var isInForeground: Bool { tcgetpgrp(input) == getpgrp() }

    /// False when the shell has put its own settings back, as it does after a stop.
    var hasOwnSettings: Bool {
        var settings = termios()
        guard unsafe tcgetattr(input, &settings) == 0 else { return true }
        return settings.c_lflag & tcflag_t(ICANON) == 0
    }

    // MARK: - Coming and going

    /// Takes the screen; the next frame is drawn whole.
    mutating func enter() throws(TerminalError) {
        if isActive { write(restoringBytes) }
        var raw = shellSettings
        unsafe cfmakeraw(&raw)
        guard unsafe tcsetattr(input, TCSADRAIN, &raw) == 0 else { throw .refused(code: errno) }
        let restore = restoringBytes
        var settings = shellSettings
        unsafe restore.withUnsafeBufferPointer { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe ctr_arm(output, &settings, characters.baseAddress, characters.count)
            }
        }
        isActive = true
        shown = nil
        var bytes = capabilities.enterScreen + capabilities.keypadOn
        if capabilities.takesExtensions {
            // Bracketed paste and focus reports; the wheel must not become arrow keys; keys with
            // modifiers by kitty's protocol or xterm's modifyOtherKeys, whichever is known.
            bytes += Array("\u{1B}[?2004h\u{1B}[?1004h\u{1B}[?1007s\u{1B}[?1007l".utf8)
            bytes += Array("\u{1B}[>1u\u{1B}[>4;1m".utf8)
            if mouseIsOn { bytes += Self.mouseOn }
        }
        write(bytes + capabilities.clear)
    }

    /// Gives the screen back as the shell had it, and drops answers and keys still on their way.
    mutating func leave() {
        guard isActive else { return }
        isActive = false
        ctr_disarm()
        write(restoringBytes)
        var settings = shellSettings
        _ = unsafe tcsetattr(input, TCSAFLUSH, &settings)
    }

    private var restoringBytes: [UInt8] {
        var bytes = capabilities.resetStyle
        if capabilities.takesExtensions {
            bytes += Array("\u{1B}[?2026l\u{1B}[<u\u{1B}[>4m\u{1B}[?1007r".utf8)
            bytes += Self.mouseOff + Array("\u{1B}[?1004l\u{1B}[?2004l".utf8)
        }
        return bytes + capabilities.keypadOff + capabilities.showCursor + capabilities.leaveScreen
    }

    private static let mouseOn = Array("\u{1B}[?1000h\u{1B}[?1006h".utf8)
    private static let mouseOff = Array("\u{1B}[?1006l\u{1B}[?1000l".utf8)

    // MARK: - Drawing

    /// Makes the next frame draw every cell.
    mutating func forgetScreen() { shown = nil }

    mutating func setMouse(_ isOn: Bool) {
        mouseIsOn = isOn
        guard isActive, capabilities.takesExtensions else { return }
        write(isOn ? Self.mouseOn : Self.mouseOff)
    }

    mutating func ring() {
        if isActive { write(capabilities.bell) }
    }

    /// Asks the terminal to put text on the clipboard (OSC 52).
    mutating func sendToClipboard(_ text: String) {
        guard isActive, capabilities.takesExtensions else { return }
        write(Array("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}".utf8))
    }

    /// Shows a frame with one write of the cells that differ from what is shown.
    mutating func present(_ frame: Frame) {
        guard isActive, !isLost else { return }
        let runs = frame.surface.changes(since: shown)
        guard !runs.isEmpty || frame.caret != shownCaret else { return }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4_096)
        if capabilities.takesExtensions { bytes += Array("\u{1B}[?2026h".utf8) }
        if !runs.isEmpty { bytes += capabilities.hideCursor }
        if shown == nil { bytes += capabilities.resetStyle + capabilities.clear }
        var style: Style?
        for run in runs { append(run, of: frame.surface, to: &bytes, style: &style) }
        if style != nil { bytes += capabilities.resetStyle }
        if let caret = frame.caret {
            bytes += capabilities.move(to: caret) + capabilities.showCursor
        } else {
            bytes += capabilities.hideCursor
        }
        if capabilities.takesExtensions { bytes += Array("\u{1B}[?2026l".utf8) }
        shown = frame.surface
        shownCaret = frame.caret
        write(bytes)
    }

    private mutating func append(
        _ run: CellRun,
        of surface: Surface,
        to bytes: inout [UInt8],
        style: inout Style?
    ) {
        var column = run.column
        var mustMove = true
        for cell in run.cells {
            let end = column + cell.width
            if end >= surface.width, run.row == surface.height - 1, !capabilities.canFillLastCell {
                // Filling the last cell would scroll this terminal.
                return
            }
            let place = Position(column: column, row: run.row)
            if mustMove { bytes += capabilities.move(to: place) }
            if style != cell.style {
                style = cell.style
                bytes += selection(cell.style)
            }
            if cell.hasUncertainWidth {
                // Should the terminal draw it narrower than we count, blanks must be below.
                bytes += [UInt8](repeating: 0x20, count: cell.width) + capabilities.move(to: place)
            }
            bytes += cell.text.utf8
            mustMove = cell.hasUncertainWidth
            column = end
        }
    }

    private mutating func selection(_ style: Style) -> [UInt8] {
        if let known = styleBytes[style] { return known }
        let bytes = capabilities.select(style)
        styleBytes[style] = bytes
        return bytes
    }

    private mutating func write(_ bytes: [UInt8]) {
        var written = 0
        while written < bytes.count, !isLost {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Foundation.write(
                    output,
                    buffer.baseAddress?.advanced(by: written),
                    bytes.count - written
                )
            }
            if count > 0 {
                written += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&waiting, 1, 100)
            } else if errno != EINTR {
                isLost = true
            }
        }
    }
}
