import ArgumentParser
import ChatFormat
import Foundation
import GGUF
import Gemma
import GemmaEngine
import JSONValues
import Tokenization

/// `facet inspect`: what the model is really given and what it really says.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Look at tokens, prompts, parsed output, answers, probabilities and media.",
        subcommands: [
            Tokens.self, Prompt.self, Parse.self, Answer.self, Logprobs.self, InspectMedia.self,
        ]
    )

    /// Prints what a body makes of each line of JSON on stdin; a bad line is named by its number.
    static func eachLine(_ body: (JSONValue) throws -> JSONValue) throws {
        try Console.eachInputLine { line, number in
            try Console.write(try made(of: line, number, body))
        }
    }

    /// What a body makes of a line of JSON; a bad line is named by its number.
    static func made<Result>(
        of line: String,
        _ number: Int,
        _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        let value: JSONValue
        do { value = try JSONValue(parsing: line) } catch {
            throw Failure("Line \(number) of standard input is not JSON: \(error).")
        }
        do { return try body(value) } catch let failure as Failure {
            throw Failure("Line \(number) of standard input: \(failure.message)", failure.code)
        }
    }

    /// The verb `facet inspect tokens`.
    struct Tokens: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Turn text into token ids, or back.",
            discussion:
                "Reads lines {\"text\":...} and prints {\"ids\":[...]}; --decode the other way."
        )

        @Option(help: "A model; a vocabulary-only GGUF is enough.", completion: .model)
        var model: String?

        @Flag(help: "Recognise special tokens in the text (for trusted text only).")
        var specials = false

        @Flag(help: "Read {\"ids\":[...]} and print {\"text\":...}.")
        var decode = false

        @Flag(help: "One JSON value a line (the only form there is).")
        var jsonl = false

        func run() throws {
            let tokenizer = try ModelOptions.openVocabulary(model).tokenizer
            try InspectCommand.eachLine { line in
                guard decode else {
                    guard let text = line["text"]?.stringValue else {
                        throw Failure("it has no \"text\".")
                    }
                    let ids = specials ? tokenizer.encodeMarkup(text) : tokenizer.encodeText(text)
                    return ["ids": .array(ids.map { .number($0) })]
                }
                let ids = (line["ids"]?.arrayValue ?? []).map { $0.intValue }
                let known = ids.compactMap { id in
                    id.flatMap { (0..<tokenizer.vocabulary.count).contains($0) ? $0 : nil }
                }
                guard line["ids"]?.arrayValue != nil, known.count == ids.count else {
                    throw Failure(
                        "\"ids\" is not a list of ids below \(tokenizer.vocabulary.count)."
                    )
                }
                return [
                    "text": .string(
                        specials ? tokenizer.decodeMarkup(known) : tokenizer.decode(known)
                    )
                ]
            }
        }
    }

    /// The verb `facet inspect prompt`.
    struct Prompt: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Render messages as the model is given them.",
            discussion: """
                Reads lines {"messages","tools","add_generation_prompt","enable_thinking",\
                "preserve_thinking"} and prints {"text":...,"ids":[...]}.
                """
        )

        enum Size: String, ExpressibleByArgument, CaseIterable {
            case small
            case large
        }

        enum Template: String, ExpressibleByArgument, CaseIterable {
            case v3
            case v2
        }

        @Option(help: "A model; a vocabulary-only GGUF is enough.", completion: .model)
        var model: String?

        @Option(help: "small (E2B, E4B) or large; by default what the file says.")
        var size: Size?

        @Option(help: "The generation of the chat template.")
        var template: Template = .v3

        @Flag(help: "One JSON value a line (the only form there is).")
        var jsonl = false

        func run() throws {
            let loaded = try ModelOptions.openVocabulary(model)
            let perLayer =
                loaded.file.metadata["gemma4.embedding_length_per_layer_input"]?.intValue ?? 0
            let isGemma3 = loaded.file.metadata["general.architecture"]?.stringValue == "gemma3"
            let small = size.map { $0 == .small } ?? (perLayer > 0)
            let renderer = PromptRenderer(
                template: isGemma3 ? .gemma3 : template == .v3 ? .v3 : .v2,
                size: small ? .small : .large
            )
            try InspectCommand.eachLine { line in
                do {
                    let segments = try renderer.render(
                        ChatMessage.list(from: line["messages"] ?? .null),
                        tools: line["tools"]?.arrayValue ?? [],
                        options: RenderOptions(
                            addGenerationPrompt: line["add_generation_prompt"]?.boolValue ?? false,
                            enableThinking: line["enable_thinking"]?.boolValue ?? false,
                            preserveThinking: line["preserve_thinking"]?.boolValue ?? false
                        )
                    )
                    let ids = try loaded.tokenizer.encode(segments)
                    return [
                        "text": .string(PromptRenderer.text(of: segments)),
                        "ids": .array(ids.map { .number($0) }),
                    ]
                } catch let error as ChatFormatError {
                    throw Failure(error.userMessage)
                } catch let error as TokenizationError {
                    throw Failure(error.userMessage, .model)
                }
            }
        }
    }

    /// The verb `facet inspect parse`.
    struct Parse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take raw model output apart.",
            discussion: """
                Reads lines {"raw":...,"start":"text"|"thought"} and prints \
                {"thought","text","tool_calls","malformed"}.
                """
        )

        @Flag(help: "One JSON value a line (the only form there is).")
        var jsonl = false

        func run() throws {
            try InspectCommand.eachLine { line in
                guard let raw = line["raw"]?.stringValue else {
                    throw Failure("it has no \"raw\".")
                }
                let start = line["start"]?.stringValue ?? "text"
                guard let start = ParserStart(rawValue: start) else {
                    throw Failure("\"start\" is neither \"text\" nor \"thought\".")
                }
                var parser = MarkupOutputParser(start: start)
                var (thought, text, malformed) = ("", "", 0)
                var calls: [JSONValue] = []
                for event in parser.consume(text: raw) + parser.finish() {
                    switch event {
                    case .thoughtDelta(let delta): thought += delta
                    case .textDelta(let delta): text += delta
                    case .toolCall(let name, let arguments):
                        calls.append(["name": .string(name), "arguments": arguments])
                    case .malformedCall: malformed += 1
                    case .thoughtClosed, .end: break
                    }
                }
                return [
                    "thought": .string(thought), "text": .string(text), "tool_calls": .array(calls),
                    "malformed": .number(malformed),
                ]
            }
        }
    }
}
