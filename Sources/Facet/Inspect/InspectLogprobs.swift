import ArgumentParser
import Conversation
import Foundation
import Gemma
import GemmaEngine
import JSONValues
import Tokenization

extension InspectCommand {
    /// The verb `facet inspect logprobs`.
    struct Logprobs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print how probable each token of a text was.",
            discussion: """
                Entry i of "tokens" is token i + 1 given the ones before; "next" is the distribution \
                after the last. Ids are taken as given; a file is encoded as text after <bos>.
                """
        )

        @Option(
            help: "A model: path of a GGUF file, or its name in the models folder.",
            completion: .model
        )
        var model: String?

        @Option(help: "Token ids, separated by commas.")
        var ids: String?

        @Option(help: "A text file.", completion: .file())
        var file: String?

        @Option(help: "exact or fast.")
        var precision: Precision = .exact

        @Option(help: "How keys and values are kept with --precision fast: f16 or q8_0.")
        var kvCache: KVFormat?

        @Option(name: [.long, .customShort("t")], help: "Threads; by default one a core.")
        var threads: Int?

        @Option(help: "Alternatives a position, most probable first.")
        var top = 0

        @Flag(help: "Print JSON (the only form there is).")
        var json = false

        func validate() throws {
            try KVFormat.check(kvCache, with: precision)
            if (ids == nil) == (file == nil) {
                throw ValidationError("Give either --ids or --file.")
            }
            if top < 0 { throw ValidationError("--top must not be negative.") }
            if let threads, !(1...1024).contains(threads) {
                throw ValidationError("--threads must be from 1 to 1024.")
            }
        }

        func run() async throws {
            let path = try ModelOptions.resolve(model)
            let vocabulary = try ModelOptions.openVocabulary(path)
            let text: [Int]
            if let ids {
                text = try ids.split(separator: ",", omittingEmptySubsequences: false).map {
                    guard let id = Int($0.trimmingCharacters(in: .whitespaces)) else {
                        throw Failure("\"\($0)\" in --ids is not a token id.", .usage)
                    }
                    return id
                }
            } else {
                let tokens = vocabulary.tokenizer.encodeText(try TextFile.read(file ?? ""))
                text = [vocabulary.vocabulary.bos] + tokens
            }
            let engine = try ModelOptions.openEngine(
                path: path,
                options: EngineOptions(
                    precision: precision,
                    kvFormat: kvCache,
                    threads: threads,
                    contextSize: max(text.count, 16),
                    speculation: .off
                )
            )
            do {
                let report = try await engine.logprobs(of: text, top: top)
                try Console.write(Self.json(report))
            } catch let error as EngineError { throw Failure(error) }
        }

        private static func json(_ report: LogprobReport) -> JSONValue {
            func choices(_ list: [LogprobReport.Choice]) -> JSONValue {
                .array(list.map { ["id": .number($0.id), "logprob": .number($0.logprob)] })
            }
            return [
                "tokens": .array(
                    report.tokens.map {
                        [
                            "id": .number($0.id), "logprob": .number($0.logprob),
                            "top": choices($0.top),
                        ]
                    }
                ),
                "next": choices(report.next),
                "mean_nll": report.meanNLL.map { .number($0) } ?? .null,
            ]
        }
    }
}

/// Text files that a user names.
enum TextFile {
    /// - Throws: `Failure` when it cannot be read or is not UTF-8.
    static func read(_ path: String) throws -> String {
        let data: Data
        do { data = try Data(contentsOf: URL(filePath: path)) } catch {
            throw Failure("Can't read \(path): \(error.localizedDescription)")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Failure("\(path) is not UTF-8 text. Convert it first, for example with iconv.")
        }
        return text
    }
}
