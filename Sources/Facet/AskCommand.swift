import ArgumentParser
import Configuration
import Conversation
import Foundation
import GemmaEngine
import Interface
import Media
import ModelLibrary
import ScriptedEngine
import SessionStore

extension ThinkingMode: ExpressibleByArgument {}

/// How an answer of `facet ask` is printed.
enum OutputForm: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
    case jsonl
}

/// `facet ask`: one answer on stdout.
struct AskCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask",
        abstract: "Print one answer.",
        discussion: """
            Piped standard input is added as a document; "-" as the prompt reads the prompt itself \
            from there. The answer goes to stdout as it comes, everything else to stderr.
            """
    )

    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var storage: StorageOptions

    @Argument(help: "What to ask.")
    var prompt: String?

    @Option(
        help: ArgumentHelp(
            "A file, or files by a pattern as 'src/**/*.swift': text, PDF, or media (repeatable).",
            valueName: "path"
        ),
        completion: .file()
    )
    var file: [String] = []

    @OptionGroup var media: MediaArguments

    @Option(help: "The system prompt.")
    var system: String?

    @Option(help: "Reason first: on, off or auto.")
    var think: ThinkingMode?

    @Option(help: "Tokens after which a thought is closed.")
    var thinkBudget: Int?

    @Flag(help: "Print thoughts to stderr.")
    var showThoughts = false

    @Option(help: "Append to this session: an id, its prefix, a title or a path; created if new.")
    var session: String?

    @Option(help: "text, json, or jsonl (one event a line).")
    var output: OutputForm = .text

    /// Instead of a model: answers from this file.
    @Option(help: .hidden)
    var rehearse: String?

    func validate() throws {
        if let thinkBudget, thinkBudget < 0 {
            throw ValidationError("--think-budget must not be negative.")
        }
    }

    func run() async throws {
        let settings = try Settings.inForce()
        let files = try await AskFiles(file)
        let question = try question(files)
        let opened = try await openSession(settings)
        do {
            try await answer(question, files, in: opened, settings)
        } catch {
            try? await opened?.close()
            throw error
        }
    }

    private func answer(
        _ question: String,
        _ files: AskFiles,
        in opened: OpenSession?,
        _ settings: Settings
    ) async throws {
        let engine = try openEngine(settings)
        let shown = try media.attach(
            to: opened,
            besides: files.media,
            imageTokens: modelOptions.pictureBudget(settings)?.rawValue
        )
        var transcript = opened?.opened.transcript ?? settings.newTranscript()
        if system == nil, transcript.messages.isEmpty, let notice = settings.foreignSystemPrompt {
            Console.complain(notice)
        }
        if let system { transcript.systemPrompt = system }
        if let think { transcript.thinking = think }
        if let thinkBudget { transcript.thinkingBudget = thinkBudget }
        if transcript.messages.isEmpty {
            transcript.sampling = settings.sampling.settings(for: engine.description)
        }
        transcript.sampling = sampling.choices.over(transcript.sampling)
        var request = transcript.ask(
            question,
            attaching: shown.attachments,
            of: engine.description
        ).request
        if let folder = opened?.folder {
            request.attachmentPaths = AttachmentStore(folder: folder).paths(of: request.messages)
        }
        request.attachmentPaths.merge(shown.paths) { kept, _ in kept }
        request.maxTokens = sampling.maxTokens ?? settings.whole(.maxTokens)
        let answer = try await stream(request, engine, transcript, opened)
        if answer.answer?.stopReason == .cancelled { throw Failure("", .interrupted) }
    }

    private func openEngine(_ settings: Settings) throws -> any Engine {
        if let rehearse { return try ScriptedEngine(Rehearsal(file: rehearse)) }
        if modelOptions.model ?? settings.text(.model) == nil {
            let folder = ModelSearch.ofProcess.folders.first?.path ?? ""
            if ModelSearch.choiceOfProcess.chosen?.place == .builtIn {
                Console.complain(
                    "The built-in guide answers: a very small model that knows facet and little "
                        + "else. \(ModelOffer.e2b.sentence(folder: folder))"
                )
            }
        }
        return try modelOptions.openEngine(settings)
    }

    /// Streams the answer to the journal and the printer, and saves the session.
    private func stream(
        _ request: GenerationRequest,
        _ engine: any Engine,
        _ transcript: Transcript,
        _ opened: OpenSession?
    ) async throws -> Message {
        var transcript = transcript
        guard let empty = transcript.path.last else { throw Failure("There is nothing to answer.") }
        var recorder = AnswerRecorder(empty)
        let printer = AnswerPrinter(form: output, showsThoughts: showThoughts)
        func journal(_ records: [JournalRecord]) async {
            for record in records {
                do { try await opened?.journal(record) } catch {
                    Console.complain(error.userMessage)
                }
            }
        }
        func save(_ transcript: Transcript) async throws {
            let outcome = try await opened?.save(transcript)
            if let notice = outcome?.notice("this answer is in") { Console.complain(notice) }
        }
        do {
            try await save(transcript)
            await journal([.message(empty)])
            let context = try await engine.openContext(for: opened?.opened.transcript.id)
            let interrupt = Interrupt { Task { await context.stop() } }
            var ending: (any Error)?
            do {
                for try await event in context.generate(request) {
                    if case .trace(let trace) = event {
                        await opened?.keep(TokenRecord(message: empty.id, trace: trace))
                    }
                    // Journalled before it is shown, so that nothing shown is ever lost.
                    await journal(recorder.take(event))
                    try printer.show(event)
                }
            } catch let error as EngineError {
                await journal(recorder.fail(error.userMessage))
                ending = Failure(error)
            } catch {
                // The reader has gone; what was computed is kept.
                ending = error
            }
            interrupt.stop()
            transcript.update(recorder.message)
            transcript.updated = Date()
            var unsaved: (any Error)?
            do { try await save(transcript) } catch { unsaved = error }
            do { try await opened?.close() } catch { unsaved = unsaved ?? error }
            if opened != nil { await context.close() }
            // An answer that could not be saved is shown all the more.
            if ending == nil {
                do { try printer.finish(recorder.message) } catch { ending = error }
            }
            if let unsaved {
                // That nobody reads on is no failure, that nothing was kept is one.
                guard let ending, !(ending is ClosedPipe) else { throw unsaved }
                if let error = unsaved as? SessionError { Console.complain(error.userMessage) }
            }
            if let ending { throw ending }
            return recorder.message
        } catch let error as SessionError {
            throw Failure(error)
        } catch let error as EngineError {
            throw Failure(error)
        }
    }

    private func openSession(_ settings: Settings) async throws -> OpenSession? {
        guard let session else { return nil }
        let library = try storage.library()
        do {
            guard let (home, location) = try await StorageOptions.find(session, in: library) else {
                return try await library.create(settings.newTranscript(title: session))
            }
            let opened = try await home.open(location.id)
            if case .readOnly(let error) = opened.access { throw error }
            if let notice = opened.notice { Console.complain(notice) }
            return opened
        } catch let error as SessionError { throw Failure(error) }
    }

    /// The prompt with its documents.
    private func question(_ files: AskFiles) throws -> String {
        var documents = files.documents
        var question = prompt
        if prompt == "-" {
            question = try Console.readInput()
        } else if !Console.isInputTerminal {
            let input = try Console.readInput()
            if prompt == nil {
                question = input
            } else if !input.isEmpty {
                documents.append(("standard input", input))
            }
        }
        let showsNothing = media.isEmpty && files.media.isEmpty
        guard let question, !question.isEmpty || !documents.isEmpty || !showsNothing else {
            throw Failure("Nothing to ask. Give a prompt: facet ask \"Is 1001 prime?\"", .usage)
        }
        let parts = documents.map { "\($0.name):\n\n\($0.text)\n" } + [question]
        return parts.joined(separator: "\n")
    }
}
