internal import CTerminalRestore
internal import Foundation
internal import Pictures
internal import TerminalCore

/// The writing half of a terminal: whose the screen is, and every byte that goes there.
struct Screen: Sendable {
    private enum Owner {
        case facet
        /// Facet's still, but only to read what was on its way when it began to leave.
        case leaving
        case shell
    }

    private let input: Int32
    private let output: Int32
    private let capabilities: Capabilities
    /// The shell's settings, given back whenever facet leaves the screen.
    private let shellSettings: termios
    private var owner = Owner.shell
    /// True while another program, as an editor, has the terminal.
    var isLent = false
    /// The other side is gone; nothing is written any more.
    private(set) var isLost = false
    private var mouseIsOn = false
    private var writer: FrameWriter
    private var questions = Questions()
    /// How pictures are to be shown.
    private let wish: PictureWish

    init(
        input: Int32,
        output: Int32,
        capabilities: Capabilities,
        pictures wish: PictureWish
    ) throws(TerminalError) {
        self.wish = wish
        var settings = termios()
        guard unsafe tcgetattr(input, &settings) == 0 else { throw .refused(code: errno) }
        self.input = input
        self.output = output
        self.capabilities = capabilities
        shellSettings = settings
        writer = FrameWriter(capabilities: capabilities)
        writer.pixels.form = wish.form
        // What a terminal has whose person insists and that says nothing.
        if wish == .sixel { writer.pixels.cellSize = Size(width: 10, height: 20) }
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

    /// A cell's size in pixels, where the system knows the window's.
    private var knownCellSize: Size? {
        var window = winsize()
        guard unsafe ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0,
            window.ws_row > 0
        else { return nil }
        let size = Size(
            width: Int(window.ws_xpixel) / Int(window.ws_col),
            height: Int(window.ws_ypixel) / Int(window.ws_row)
        )
        return (2...200).contains(size.width) && (2...200).contains(size.height) ? size : nil
    }

    /// True while facet reads the terminal.
    var isActive: Bool { owner != .shell }

    /// True while keys are for facet.
    var isOurs: Bool { owner == .facet }

    /// The other side is gone.
    mutating func lose() { isLost = true }

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
    mutating func enter(at now: ContinuousClock.Instant) throws(TerminalError) {
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
        owner = .facet
        writer.forget()
        var bytes = capabilities.enterScreen + capabilities.keypadOn + capabilities.wrapOff
        if capabilities.takesExtensions {
            // Bracketed paste and focus reports; the wheel must not become arrow keys; keys with
            // modifiers by kitty's protocol or xterm's modifyOtherKeys, whichever is known.
            bytes += Array("\u{1B}[?2004h\u{1B}[?1004h\u{1B}[?1007s\u{1B}[?1007l".utf8)
            bytes += Array("\u{1B}[>5u\u{1B}[>4;1m".utf8)
            if mouseIsOn { bytes += Self.mouseOn }
            if wish == .automatic || wish == .sixel {
                // The size of a cell in pixels.
                bytes += Array("\u{1B}[16t".utf8)
            }
            if wish == .automatic, capabilities.takesGraphicsQuery {
                let number = TerminalReply.graphicsQuery
                bytes += Array("\u{1B}_Gi=\(number),s=1,v=1,a=q,t=d,f=24;AAAA\u{1B}\\".utf8)
            }
            // The background colour, and what marks the end of the answers.
            bytes += Array("\u{1B}]11;?\u{1B}\\".utf8) + Self.endOfQuestions
            questions.ask(at: now)
        }
        write(bytes + capabilities.clear)
    }

    /// Gives the picture back as the shell had it, but not yet the settings.
    ///
    /// What the terminal still sends would be typed into the shell, so it is read until `leave`.
    /// - Returns: How long the terminal's last answer may take.
    mutating func beginLeaving(at now: ContinuousClock.Instant) -> Duration {
        guard owner == .facet else { return .zero }
        owner = .leaving
        var bytes = restoringBytes
        let patience = isLost ? .zero : questions.patience(at: now)
        if questions.areAnswered {
            bytes += Self.endOfQuestions
            questions.ask(at: now)
        }
        write(bytes)
        return patience
    }

    /// Gives the screen back, and drops answers and keys still on their way.
    mutating func leave() {
        guard isActive else { return }
        if owner == .facet { write(restoringBytes) }
        owner = .shell
        questions.giveUp()
        ctr_disarm()
        var settings = shellSettings
        _ = unsafe tcsetattr(input, TCSAFLUSH, &settings)
    }

    /// The terminal has answered everything up to the last question.
    mutating func noteAnswer(at now: ContinuousClock.Instant) { questions.answer(at: now) }

    /// Nothing is on its way any more.
    var isQuiet: Bool { isLost || questions.areAnswered }

    private var restoringBytes: [UInt8] {
        var bytes = writer.pixels.clearing + capabilities.resetStyle
        if capabilities.takesExtensions {
            bytes += Array("\u{1B}[?2026l\u{1B}[<u\u{1B}[>4m\u{1B}[?1007r".utf8)
            bytes += Self.mouseOff + Array("\u{1B}[?1004l\u{1B}[?2004l".utf8)
        }
        return bytes + capabilities.wrapOn + capabilities.keypadOff + capabilities.showCursor
            + capabilities.leaveScreen
    }

    /// Primary device attributes: every terminal answers this, and answers in order.
    private static let endOfQuestions = Array("\u{1B}[c".utf8)
    /// Presses, releases and drags, in decimal coordinates.
    private static let mouseOn = Array("\u{1B}[?1002h\u{1B}[?1006h".utf8)
    private static let mouseOff = Array("\u{1B}[?1006l\u{1B}[?1002l".utf8)

    // MARK: - Writing

    /// Pictures can be shown as pixels; the first answer counts.
    mutating func note(_ form: PixelProtocol) {
        guard wish == .automatic, writer.pixels.form == nil else { return }
        writer.pixels.form = form
    }

    /// The terminal's own word on it; the system's counts more, since it changes with the font.
    mutating func note(cellSize: Size) {
        if knownCellSize == nil { writer.pixels.cellSize = cellSize }
    }

    /// Takes a picture that cells of a frame may name.
    mutating func take(_ picture: PixelPicture) { writer.pixels.take(picture) }

    /// Makes the next frame draw every cell.
    mutating func forgetScreen() { writer.forget() }

    mutating func setMouse(_ isOn: Bool) {
        mouseIsOn = isOn
        guard owner == .facet, capabilities.takesExtensions else { return }
        write(isOn ? Self.mouseOn : Self.mouseOff)
    }

    mutating func notify(_ text: String) {
        guard owner == .facet else { return }
        write(NoticeText.bytes(text, as: capabilities.notice, bell: capabilities.bell))
    }

    /// Asks the terminal to put text on the clipboard (OSC 52).
    mutating func sendToClipboard(_ text: String) {
        guard owner == .facet, capabilities.takesExtensions else { return }
        write(Array("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}".utf8))
    }

    /// Shows a frame with one write of the cells that differ from what is shown.
    mutating func present(_ frame: Frame) {
        guard owner == .facet, !isLost else { return }
        if writer.pixels.form == .sixel, let size = knownCellSize { writer.pixels.cellSize = size }
        write(writer.bytes(for: frame))
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
