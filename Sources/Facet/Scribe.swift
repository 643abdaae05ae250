import Conversation
import Foundation
import Interface
import SessionStore

/// Writes a session down in the order in which things happen, beside the interface.
///
/// Events of an answer pass through here: each is in the journal before the interface sees it, so
/// that nothing that was on the screen is missing after a crash.
final class Scribe: Sendable {
    private enum Job: Sendable {
        case save(Transcript)
        case begin(Generation)
        case event(GenerationEvent, Int)
        case failure(EngineError, Int)
        case barrier(CheckedContinuation<Void, Never>)
    }

    private let jobs: AsyncStream<Job>.Continuation
    private let writer: Task<String, Never>

    /// Without a session nothing is written; events pass through.
    init(session: OpenSession?, inbox: AsyncStream<AppEvent>.Continuation) {
        let (stream, continuation) = AsyncStream.makeStream(of: Job.self)
        jobs = continuation
        writer = Task {
            var run = Writing(session: session, inbox: inbox)
            for await job in stream { await run.perform(job) }
            return run.lastComplaint
        }
    }

    func save(_ transcript: Transcript) { jobs.yield(.save(transcript)) }
    func begin(_ generation: Generation) { jobs.yield(.begin(generation)) }
    func take(_ event: GenerationEvent, of number: Int) { jobs.yield(.event(event, number)) }
    func fail(_ error: EngineError, _ number: Int) { jobs.yield(.failure(error, number)) }

    /// Returns when all that was handed over before has been written.
    func flush() async {
        await withCheckedContinuation { continuation in
            if case .terminated = jobs.yield(.barrier(continuation)) { continuation.resume() }
        }
    }

    /// Returns when everything has been written.
    /// - Returns: A sentence when the last of it could not be.
    func finish() async -> String? {
        jobs.finish()
        let complaint = await writer.value
        return complaint.isEmpty ? nil : complaint
    }

    private struct Writing {
        let session: OpenSession?
        let inbox: AsyncStream<AppEvent>.Continuation
        var recorder: AnswerRecorder?
        var number = 0
        /// The answer of that number; known also after it is over.
        var answer = ""
        var lastComplaint = ""

        mutating func perform(_ job: Job) async {
            do {
                switch job {
                case .save(let transcript): try await save(transcript)
                case .barrier(let continuation): continuation.resume()
                case .begin(let generation):
                    recorder = AnswerRecorder(generation.answer)
                    number = generation.number
                    answer = generation.answer.id
                    try await session?.journal(.message(generation.answer))
                case .event(.trace(let trace), let number):
                    guard number == self.number else { return }
                    await session?.keep(TokenRecord(message: answer, trace: trace))
                case .event(let event, let number):
                    defer { inbox.yield(.generation(number, event)) }
                    guard number == self.number else { return }
                    let records = recorder?.take(event) ?? []
                    try await journal(records)
                case .failure(let error, let number):
                    defer { inbox.yield(.failure(error, of: number)) }
                    guard number == self.number else { return }
                    let records = recorder?.fail(error.userMessage) ?? []
                    try await journal(records)
                }
                lastComplaint = ""
            } catch {
                // Said once, not at every token; the store keeps what it could not write.
                let sentence = (error as? SessionError)?.userMessage ?? "\(error)"
                if sentence != lastComplaint { inbox.yield(.saveFailed(sentence)) }
                lastComplaint = sentence
            }
        }

        /// All of them reach the session, which keeps what it cannot write; then the last error.
        private func journal(_ records: [JournalRecord]) async throws {
            var failure: (any Error)?
            for record in records {
                do { try await session?.journal(record) } catch { failure = error }
            }
            if let failure { throw failure }
        }

        private mutating func save(_ transcript: Transcript) async throws {
            // An answer that was stopped is over, whatever the engine still says of it.
            if let id = recorder?.message.id, let answer = transcript[id]?.answer,
                answer.stopReason != nil || answer.failure != nil
            {
                recorder = nil
            }
            guard let session else { return }
            // A conversation in which nothing was said leaves no file.
            if transcript.messages.isEmpty, session.opened.transcript.messages.isEmpty { return }
            let before = await session.id
            let outcome = try await session.save(transcript)
            if case .forked(let id) = outcome { inbox.yield(.sessionForked(from: before, to: id)) }
            if let notice = outcome.notice("this conversation goes on as") {
                inbox.yield(.notice(notice))
            }
        }
    }
}

extension OpenSession.SaveOutcome {
    /// What is said of a save that went to another session, "this answer is in"; nil when it did not.
    func notice(_ what: String) -> String? {
        guard case .forked(let id) = self else { return nil }
        return "The session's file was changed by another program, so it was left alone; "
            + "\(what) session \(id)."
    }
}

extension AppEvent {
    /// What the interface is told of an answer that failed.
    fileprivate static func failure(_ error: EngineError, of number: Int) -> AppEvent {
        if case .promptTooLong(let tokens, let size) = error {
            return .promptTooLong(number, tokens: tokens, contextSize: size)
        }
        return .generationFailed(number, error.userMessage)
    }
}
