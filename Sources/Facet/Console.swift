import Foundation
import Glibc
import JSONValues

/// Why a verb ends without success: the sentence for stderr and the exit code of the contract.
struct Failure: Error {
    enum Code: Int32 {
        case failed = 1
        case usage = 2
        case model = 3
        case memory = 4
        case session = 6
        case interrupted = 130
    }

    var message: String
    var code: Code

    init(_ message: String, _ code: Code = .failed) {
        self.message = message
        self.code = code
    }
}

/// A signal asked the program to end; everything is written.
struct EndedBySignal: Error {
    var number: Int32
}

/// The reader of our output has gone; not a failure.
struct ClosedPipe: Error {}

/// Standard output and error of a verb.
enum Console {
    /// Writes to stdout at once, so that a pipe sees every delta as it comes.
    /// - Throws: `ClosedPipe` when nobody reads any more, `Failure` when the disk is full.
    static func write(_ text: String) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(1, $0.baseAddress, $0.count)
            }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else if errno == EPIPE {
                throw ClosedPipe()
            } else if errno != EINTR && errno != EAGAIN {
                throw Failure("Can't write the output: \(unsafe String(cString: strerror(errno))).")
            }
        }
    }

    /// Writes a sentence to stderr; titles and names in it cannot steer the terminal.
    static func complain(_ text: String) { murmur(visible(text) + "\n") }

    /// Writes to stderr as it is; a closed or full stderr changes nothing.
    static func murmur(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(2, $0.baseAddress, $0.count)
            }
            guard written > 0 else { return }
            bytes = bytes.dropFirst(written)
        }
    }

    /// Outside text on its way to a terminal: control and direction marks become visible.
    static func visible(_ text: String) -> String {
        // Most text is plain.
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { isHarmless($0) ? $0 : "\u{FFFD}" }
            )
        )
    }

    /// Whether a terminal only shows it.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if (0x20..<0x7F).contains(scalar.value) { return true }
        return switch scalar.properties.generalCategory {
        case .control: scalar == "\n" || scalar == "\t"
        case .lineSeparator, .paragraphSeparator: false
        // Joiners belong to emoji and to many scripts; other format marks mislead.
        case .format: joiners.contains(scalar)
        default: true
        }
    }

    /// Prints a value and ends the line.
    static func write(_ json: JSONValue, _ layout: JSONValue.Layout = .compact) throws {
        try write(json: json.text(layout) + "\n")
    }

    /// Prints JSON; on a terminal what that would obey is escaped, which is the same value.
    static func write(json text: String) throws {
        guard isOutputTerminal else { return try write(text) }
        var shown = ""
        for scalar in text.unicodeScalars {
            if isHarmless(scalar) {
                shown.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    shown += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        try write(shown)
    }

    private static let joiners: Set<Unicode.Scalar> = ["\u{200C}", "\u{200D}"]

    /// Opens what the caller left closed, so that no file of ours becomes a standard stream.
    static func openClosedStreams() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) == -1 {
            _ = unsafe open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
        }
    }

    static var isInputTerminal: Bool { isatty(0) == 1 }
    static var isOutputTerminal: Bool { isatty(1) == 1 }

    /// All of standard input as text.
    /// - Throws: `Failure` when it cannot be read or is not UTF-8.
    static func readInput() throws -> String {
        let data: Data
        do { data = try FileHandle.standardInput.readToEnd() ?? Data() } catch {
            throw Failure(
                "Can't read standard input: it is a folder, or what it comes from failed. Give it a "
                    + "file or a pipe, or < /dev/null for nothing."
            )
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Failure(
                "Standard input is not UTF-8 text. Convert it first, for example with: "
                    + "iconv -f LATIN1 -t UTF-8"
            )
        }
        return text
    }

    /// The lines of standard input that hold something, each with its number.
    static func eachInputLine(_ body: (String, Int) throws -> Void) throws {
        // A line end of Windows is one character.
        let lines = try readInput().split(omittingEmptySubsequences: false) {
            $0 == "\n" || $0 == "\r\n"
        }
        for (index, line) in lines.enumerated() where !line.allSatisfy(\.isWhitespace) {
            try body(String(line), index + 1)
        }
    }
}
