import Foundation
import Glibc

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
                text.unicodeScalars.map { scalar -> Unicode.Scalar in
                    if (0x20..<0x7F).contains(scalar.value) { return scalar }
                    return switch scalar.properties.generalCategory {
                    case .control: scalar == "\n" || scalar == "\t" ? scalar : "\u{FFFD}"
                    case .lineSeparator, .paragraphSeparator: "\u{FFFD}"
                    // Joiners belong to emoji and to many scripts; other format marks mislead.
                    case .format: joiners.contains(scalar) ? scalar : "\u{FFFD}"
                    default: scalar
                    }
                }
            )
        )
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
    /// - Throws: `Failure` when it is not UTF-8.
    static func readInput() throws -> String {
        let data = (try? FileHandle.standardInput.readToEnd()) ?? Data()
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Failure(
                "Standard input is not UTF-8 text. Convert it first, for example with: "
                    + "iconv -f LATIN1 -t UTF-8"
            )
        }
        return text
    }

    /// The lines of standard input, one at a time.
    static func eachInputLine(_ body: (String) throws -> Void) throws {
        for line in try readInput().split(separator: "\n", omittingEmptySubsequences: true) {
            try body(String(line))
        }
    }
}
