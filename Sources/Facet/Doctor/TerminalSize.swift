import Glibc
import TerminalCore

/// How large the terminal is that a standard stream leads to.
enum TerminalSize {
    static var ofStandardStreams: Size? {
        for descriptor in Int32(0)...2 {
            var size = winsize()
            if unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
                return Size(width: Int(size.ws_col), height: Int(size.ws_row))
            }
        }
        return nil
    }
}
