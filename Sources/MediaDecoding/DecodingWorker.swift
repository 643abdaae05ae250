import CFFmpeg
import CSandbox
import Glibc
import Media

/// The helper process: reads one open file, writes one answer, and can do nothing else.
///
/// Its libraries read hostile files. They are loaded first; then everything is given up that
/// decoding does not need, and only then is the file looked at.
package enum DecodingWorker {
    /// How far a helper may go.
    package struct Limits: Sendable, Hashable {
        /// Address space in bytes.
        package var memory: Int
        /// Seconds of processor time.
        package var processorSeconds: Int
        /// Seconds until its parent gives up.
        package var seconds: Double

        package init(
            memory: Int = 2 << 30,
            processorSeconds: Int = 120,
            seconds: Double = 120
        ) {
            self.memory = memory
            self.processorSeconds = processorSeconds
            self.seconds = seconds
        }

        var words: [String] { ["\(memory)", "\(processorSeconds)"] }
    }

    /// Descriptor 0 is the file, descriptor 1 takes the answer.
    ///
    /// - Parameter words: two limits, then those of a `DecodingRequest`; or `probe`, which
    ///   answers with what still works in here; `run` with a program and its words, which becomes
    ///   this process, or `run-aloud`, which brings its complaints too; or `many`, for tests: see
    ///   `answerMany`.
    package static func run(_ words: [String]) -> Never {
        guard words.count > 2, let memory = UInt64(words[0]), let seconds = UInt64(words[1]) else {
            _exit(2)
        }
        facet_close_from(3)
        _ = facet_limit(memory, seconds)
        if ["run", "run-aloud"].contains(words[2]) {
            // What it complains of is read with the rest.
            if words[2] == "run-aloud" { dup2(1, 2) }
            replace(with: Array(words.dropFirst(3)))
        }
        _ = try? unsafe Libav.functions()
        let source = ByteSource(descriptor: 0)
        _ = facet_forbid_paths()
        _ = facet_forbid_calls()
        let task = Array(words.dropFirst(2))
        switch task[0] {
        case "probe": write([UInt8(truncatingIfNeeded: facet_try_everything())])
        case "many": answerMany(Array(task.dropFirst()))
        default:
            guard let request = DecodingRequest(words: task), let source else { _exit(2) }
            write(answer(request, source))
        }
        _exit(0)
    }

    /// Becomes another program, without network and without the right to write.
    private static func replace(with words: [String]) -> Never {
        _ = facet_forbid_writing()
        _ = facet_forbid_network()
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
        unsafe arguments.append(nil)
        if let program = unsafe arguments[0] { _ = unsafe execv(program, arguments) }
        _exit(127)
    }

    private static func answer(_ request: DecodingRequest, _ source: ByteSource) -> [UInt8] {
        do throws(DecodingFailure) {
            return DecodingAnswer.bytes(.success(try Preparation(source).answer(request)))
        } catch {
            return DecodingAnswer.bytes(.failure(error))
        }
    }

    /// Answers for file after file: each comes with its length in eight bytes, and so do answers.
    private static func answerMany(_ words: [String]) {
        guard let request = DecodingRequest(words: words) else { _exit(2) }
        while let head = read(8) {
            let length = (0..<8).reduce(0) { $0 | Int(head[$1]) << (8 * $1) }
            guard (0...(64 << 20)).contains(length), let bytes = read(length) else { return }
            let answer = answer(request, ByteSource(bytes: bytes))
            write((0..<8).map { UInt8(truncatingIfNeeded: answer.count >> (8 * $0)) } + answer)
        }
    }

    private static func read(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var place = 0
        while place < count {
            let got = unsafe bytes.withUnsafeMutableBytes {
                unsafe Glibc.read(0, $0.baseAddress?.advanced(by: place), count - place)
            }
            guard got > 0 else { return nil }
            place += got
        }
        return bytes
    }

    private static func write(_ bytes: [UInt8]) {
        var place = 0
        while place < bytes.count {
            let written = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.write(1, $0.baseAddress?.advanced(by: place), bytes.count - place)
            }
            guard written > 0 else { _exit(1) }
            place += written
        }
    }
}
