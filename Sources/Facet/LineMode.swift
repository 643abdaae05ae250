import Conversation
import Foundation
import GemmaEngine
import SessionStore

/// A conversation line by line, for terminals that cannot move their cursor and for screen readers.
struct LineMode {
    let opened: OpenSession
    let loading: Task<any Engine, any Error>

    func run() async throws {
        let engine: any Engine
        do { engine = try await loading.value } catch let error as EngineOpenError {
            throw ModelOptions.failure(error)
        }
        let context: any EngineContext
        do { context = try await engine.openContext() } catch { throw Failure(error.userMessage) }
        var transcript = opened.opened.transcript
        Console.complain("\(engine.description.name), local. An empty line or Ctrl-D ends.")
        if let caution = engine.description.caution { Console.complain("It \(caution).") }
        let printer = AnswerPrinter(form: .text, showsThoughts: true)
        while true {
            Console.murmur("you: ")
            guard let line = readLine(), !line.isEmpty else { break }
            try await answer(line, &transcript, engine.description, context, printer)
        }
        try await opened.closeQuietly()
    }

    private func answer(
        _ line: String,
        _ transcript: inout Transcript,
        _ engine: EngineDescription,
        _ context: any EngineContext,
        _ printer: AnswerPrinter
    ) async throws {
        let (request, empty) = transcript.ask(line, of: engine)
        var recorder = AnswerRecorder(empty)
        let interrupt = Interrupt { Task { await context.stop() } }
        defer { interrupt.stop() }
        do {
            try await opened.save(transcript)
            try await opened.journal(.message(empty))
            for try await event in context.generate(request) {
                for record in recorder.take(event) { try await opened.journal(record) }
                try printer.show(event)
            }
            try printer.finish(recorder.message)
            transcript.update(recorder.message)
            transcript.updated = Date()
            try await opened.save(transcript)
        } catch let error as SessionError {
            Console.complain(error.userMessage)
        } catch let error as EngineError {
            Console.complain(error.userMessage)
        }
    }
}
