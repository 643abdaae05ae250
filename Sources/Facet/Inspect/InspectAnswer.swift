import ArgumentParser
import Configuration
import Conversation
import Gemma
import GemmaEngine
import JSONValues
import Tokenization

extension InspectCommand {
    /// The verb `facet inspect answer`.
    struct Answer: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let the model answer prepared conversations, one after the other.",
            discussion: """
                Reads lines {"messages","tools","enable_thinking","images","audio","videos"} and \
                prints {"raw","ids","start","thought","text","tool_calls","malformed","end"}. The \
                lists hold paths: the n-th part of a kind shows the n-th. Each token is the most \
                probable one, and no answer depends on the lines before it. The precision is exact \
                unless --precision says otherwise.
                """
        )

        @OptionGroup var modelOptions: ModelOptions

        @Option(parsing: .unconditional, help: "Tokens after which an answer is cut.")
        var maxTokens = 512

        @Flag(help: "One JSON value a line (the only form there is).")
        var jsonl = false

        func validate() throws {
            if maxTokens < 1 { throw ValidationError("--max-tokens must be at least 1.") }
            guard modelOptions.kvCache == nil || modelOptions.precision != nil else {
                throw ValidationError(
                    "--kv-cache rounds keys and values, and answers are exact here. Give "
                        + "--precision fast with it."
                )
            }
        }

        func run() async throws {
            // All of them are looked at before the model has anything to do.
            var conversations: [(line: Int, PreparedConversation)] = []
            try Console.eachInputLine { line, number in
                let conversation = try InspectCommand.made(of: line, number) {
                    try PreparedConversation($0, imageTokens: modelOptions.imageTokens)
                }
                conversations.append((number, conversation))
            }
            let engine = try openEngine()
            for (line, conversation) in conversations {
                do {
                    let answer = try await Self.answer(
                        conversation.request(maxTokens: maxTokens),
                        by: engine
                    )
                    try Console.write(answer)
                } catch let error as EngineError {
                    let failure = Failure(error)
                    throw Failure(
                        "Line \(line) of standard input: \(failure.message)",
                        failure.code
                    )
                }
            }
        }

        /// As an answer's engine is opened, but for what would be kept on the disk.
        private func openEngine() throws -> GemmaEngine {
            let settings = try Settings.inForce()
            let path = try ModelOptions.resolve(modelOptions.model)
            var senses = modelOptions.senses(settings)
            senses.folder = nil
            return try ModelOptions.openEngine(
                path: path,
                options: modelOptions.engineOptions(settings, precision: .exact),
                encoders: senses.options(for: path)
            )
        }

        /// A place in the engine for each: what a cache holds already is read in other passes, whose
        /// last digits differ.
        private static func answer(
            _ request: GenerationRequest,
            by engine: GemmaEngine
        ) async throws -> JSONValue {
            let context = try await engine.openContext()
            var answer = CollectedAnswer()
            for try await event in context.generate(request) { answer.take(event) }
            await context.close()
            return answer.json(engine.host.prompts.tokenizer)
        }
    }
}

/// All that was said of one answer.
private struct CollectedAnswer {
    private var thought = ""
    private var text = ""
    private var calls: [JSONValue] = []
    private var malformed = 0
    private var ids: [Int] = []
    private var startsInThought = false
    private var reason: StopReason?

    mutating func take(_ event: GenerationEvent) {
        switch event {
        case .thought(let delta): thought += delta
        case .text(let delta): text += delta
        case .toolCall(let call):
            calls.append(["name": .string(call.name), "arguments": call.arguments])
        case .rejectedToolCall: malformed += 1
        case .trace(let trace):
            ids = trace.ids
            startsInThought = trace.startsInThought
        case .finished(let ending, _): reason = ending
        case .started, .media, .promptProgress, .thoughtClosed, .looping, .token: break
        }
    }

    func json(_ tokenizer: Tokenizer) -> JSONValue {
        [
            "raw": .string(tokenizer.decodeMarkup(ids)),
            "ids": .array(ids.map { .number($0) }),
            "start": .string(startsInThought ? "thought" : "text"),
            "thought": .string(thought), "text": .string(text), "tool_calls": .array(calls),
            "malformed": .number(malformed),
            "end": reason.map { .string($0.rawValue) } ?? .null,
        ]
    }
}
