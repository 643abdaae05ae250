import Foundation
import Glibc
import Media

/// Programs of others that read hostile files for us: started through our own helper, which takes
/// from itself the network, the right to write and all but so much memory and time.
struct LimitedProgram: Sendable {
    let program: String
    let arguments: [String]
    let limits: DecodingWorker.Limits
    /// In the form of `PATH`.
    let path: String

    /// Where a program is installed; nil when it is nowhere.
    func find(_ name: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }
            .first { $0.hasPrefix("/") && (unsafe access($0, X_OK)) == 0 }
    }

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - found: the program's path.
    ///   - words: its arguments, none of them from a file's name.
    ///   - input: the open file that becomes its standard input.
    ///   - path: of the file, for sentences.
    ///   - limit: bytes that are read of what it writes.
    ///   - withComplaints: what it writes to its standard error is read, too.
    /// - Returns: what it wrote.
    /// - Throws: `MediaError`.
    func run(
        _ found: String,
        _ words: [String],
        input: Int32,
        _ path: String,
        limit: Int,
        withComplaints: Bool = false
    ) async throws(MediaError) -> ChildProcess.Outcome {
        let verb = withComplaints ? "run-aloud" : "run"
        let all = arguments + limits.words + [verb, found] + words
        guard let child = ChildProcess(program, all, input: input) else {
            throw .unusable(Sentences.noHelper(path, program))
        }
        let outcome = await withTaskCancellationHandler {
            await child.outcome(limit: limit, seconds: limits.seconds)
        } onCancel: {
            child.kill()
        }
        guard !Task.isCancelled else { throw .cancelled }
        return outcome
    }

    func failed(_ end: ChildProcess.Outcome.End, _ path: String) -> String {
        if case .exited = end { return "\(path) is damaged: it cannot be read. Get it again." }
        return Sentences.failed(end, path, limits)
    }
}
