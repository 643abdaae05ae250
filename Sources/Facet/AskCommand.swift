import ArgumentParser
import Conversation
import Foundation
import GemmaEngine
import JSONValues

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
            """)

    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var sampling: SamplingOptions
    @OptionGroup var storage: StorageOptions

    @Argument(help: "What to ask.")
    var prompt: String?

    @Option(help: ArgumentHelp("A text file added as a document (repeatable).", valueName: "path"))
    var file: [String] = []

    @Option(help: "The system prompt.")
    var system: String?

    @Option(help: "Reason first: on, off or auto.")
    var think: ThinkingMode = .auto

    @Option(help: "Tokens after which a thought is closed.")
    var thinkBudget: Int?

    @Flag(help: "Print thoughts to stderr.")
    var showThoughts = false

    @Option(help: "Append to this session: an id, its prefix, a title or a path; created if new.")
    var session: String?

    @Option(help: "text, json, or jsonl (one event a line).")
    var output: OutputForm = .text

    func validate() throws {
        if let thinkBudget, thinkBudget < 0 {
            throw ValidationError("--think-budget must not be negative.")
        }
    }

    func run() async throws {
        let text = try question()
        var answer = try AskSession(
            session: session, storage: storage, system: system, think: think,
            sampling: sampling.settings)
        defer { answer.close() }
        let engine = try modelOptions.openEngine()
        let request = try answer.begin(question: text, engine: engine.description).with {
            $0.thinkingBudget = thinkBudget
            $0.maxTokens = sampling.maxTokens
        }
        let printer = AnswerPrinter(form: output, showsThoughts: showThoughts)
        let context: any EngineContext
        do { context = try await engine.openContext() } catch {
            throw Failure(error.userMessage, .failed)
        }
        let (sink, session) = (printer, answer)
        let work = Task {
            var session = session
            for try await event in context.generate(request) {
                // Journalled first: what was shown is never lost.
                try session.take(event)
                try sink.show(event)
            }
            return session
        }
        let interrupt = Interrupt { work.cancel() }
        defer { interrupt.stop() }
        do {
            answer = try await work.value
        } catch let error as EngineError {
            throw Failure(error.userMessage)
        }
        try printer.finish(answer.message)
        try answer.save()
        if answer.message.answer?.stopReason == .cancelled { throw Failure("", .interrupted) }
    }

    /// The prompt with its documents.
    private func question() throws -> String {
        var documents: [(name: String, text: String)] = []
        for path in file {
            documents.append((URL(filePath: path).lastPathComponent, try TextFile.read(path)))
        }
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
        guard let question, !question.isEmpty || !documents.isEmpty else {
            throw Failure("Nothing to ask. Give a prompt: facet ask \"Is 1001 prime?\"", .usage)
        }
        let parts = documents.map { "\($0.name):\n\n\($0.text)\n" } + [question]
        return parts.joined(separator: "\n")
    }
}

extension GenerationRequest {
    /// The request with some fields changed.
    func with(_ change: (inout GenerationRequest) -> Void) -> GenerationRequest {
        var copy = self
        change(&copy)
        return copy
    }
}
