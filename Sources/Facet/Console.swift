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

    /// Writes a sentence to stderr.
    static func complain(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// Writes to stderr without a line end.
    static func murmur(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

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
