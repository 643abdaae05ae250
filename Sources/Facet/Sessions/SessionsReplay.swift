import ArgumentParser
import Configuration
import Conversation
import Foundation
import GGUF
import Gemma
import GemmaEngine
import JSONValues
import Media
import ModelLibrary
import SessionStore

extension SessionsCommand {
    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make an answer again, and say at which token it first differs.",
            discussion: """
                The prompt's tokens, the seed and everything else that an answer depends on come from \
                <ULID>.tokens beside the session; the model is found by its hash. Where there is no \
                such record, the prompt is built anew and texts are compared. Exit code 0: identical; \
                1: it differs; 3: there is no such model.
                """
        )

        @OptionGroup var storage: StorageOptions

        @Argument(help: "An id, its prefix, a title or a path.")
        var session: String

        @Option(
            help: ArgumentHelp(
                "An answer: its id, or #2 for the second of the active branch; by default the last.",
                valueName: "answer"
            )
        )
        var answer: String?

        @Flag(help: "Every answer of the active branch.")
        var all = false

        @Option(help: "The model; by default the one with the recorded hash.")
        var model: String?

        @Option(
            name: .customLong("mmproj"),
            help: ArgumentHelp(
                "The model's encoders; by default a file beside it.",
                valueName: "path"
            )
        )
        var projector: String?

        @Option(name: [.long, .customShort("t")], help: "Threads; by default one a core.")
        var threads: Int?

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            if all, answer != nil { throw ValidationError("Give --all or --answer, not both.") }
            if let threads, !(1...1024).contains(threads) {
                throw ValidationError("--threads must be from 1 to 1024.")
            }
        }

        func run() async throws {
            let settings = try Settings.inForce()
            let (library, location) = try await storage.existing(session)
            let transcript: Transcript
            do { transcript = try await library.read(location.id).transcript } catch {
                throw Failure(error)
            }
            let wanted = try answers(in: transcript)
            let ids = Set(wanted.map(\.1.id))
            let tokens = TokenFile(folder: location.folder, session: location.id) {
                ids.contains($0.message) ? $0 : nil
            }
            var finder = ReplayModels(
                wanted: model,
                projector: projector,
                threads: threads ?? settings.whole(.threads),
                settings: settings
            )
            var findings: [ReplayFinding] = []
            for (number, message) in wanted {
                let replay = AnswerReplay(
                    number: number,
                    message: message,
                    in: transcript,
                    attachments: AttachmentStore(folder: location.folder)
                )
                for finding in try await replay.run(tokens.records(of: message.id), &finder) {
                    if !json { try Console.write(finding.sentence + "\n") }
                    findings.append(finding)
                }
            }
            if json { try Console.write(.array(findings.map(\.json))) }
            if findings.contains(where: { !$0.isIdentical }) { throw Failure("", .failed) }
        }

        /// The answers to be made again, with their numbers on the active branch.
        private func answers(in transcript: Transcript) throws -> [(Int, Message)] {
            let found = transcript.path.filter { $0.role == .assistant && $0.answer != nil }
            let numbered = found.enumerated().map { ($0.offset + 1, $0.element) }
            guard let last = numbered.last else {
                throw Failure("This session's active branch has no answer of a model.")
            }
            if all { return numbered }
            guard let answer else { return [last] }
            if let entry = numbered.first(where: { $0.1.id == answer || "#\($0.0)" == answer }) {
                return [entry]
            }
            if let message = transcript[answer], message.answer != nil { return [(0, message)] }
            throw Failure(
                "There is no answer \"\(answer)\". Give a message's id, or #1 to #\(last.0) for one "
                    + "of the active branch.",
                .usage
            )
        }
    }
}

/// Finds the model that an answer was made by, and keeps it open for the next one.
struct ReplayModels {
    /// What a person named instead; it has to be the same one.
    let wanted: String?
    let projector: String?
    let threads: Int?
    let settings: Settings
    private var open: (key: [String], contextSize: Int, engine: GemmaEngine)?

    init(wanted: String?, projector: String?, threads: Int?, settings: Settings) {
        self.wanted = wanted
        self.projector = projector
        self.threads = threads
        self.settings = settings
    }

    /// - Throws: `Failure` with exit code 3 when no file has the hash.
    mutating func engine(
        hash: String,
        name: String,
        options: EngineOptions
    ) throws -> GemmaEngine {
        let size = options.contextSize ?? 0
        let key = [hash, options.precision.rawValue, options.kvFormat.rawValue]
        if let open, open.key == key, open.contextSize >= size { return open.engine }
        // Its memory is given back before the next one is opened.
        open = nil
        var options = options
        options.threads = threads
        let path = try path(hash, name)
        // An answer near the end of what the model was trained for needs no more than that.
        if let file = try? GGUFFile(path: path), let own = try? Gemma.Configuration(file: file) {
            options.contextSize = options.contextSize.map { min($0, own.contextLength) }
        }
        let senses = SenseOptions(
            projector: projector,
            budget: .tokens1120,
            folder: settings.softTokenFolder
        )
        let engine = try ModelOptions.openEngine(
            path: path,
            options: options,
            encoders: senses.options(for: path)
        )
        open = (key, size, engine)
        return engine
    }

    private func path(_ hash: String, _ name: String) throws -> String {
        let shown = "\(name) (hash \(hash.prefix(12)))"
        if let wanted {
            let path = try ModelOptions.resolve(wanted)
            if Self.hash(path) == hash { return path }
            throw Failure(
                "The answer was made by \(shown), and \(path) is another file "
                    + "(hash \(Self.hash(path)?.prefix(12) ?? "unknown")). Name the right one with --model.",
                .model
            )
        }
        let search = ModelSearch.ofProcess
        let configured = settings.text(.model).flatMap { try? search.resolve($0) }
        let own = [configured, search.builtIn?.path].compactMap { $0 }
        let candidates = own + search.models().map(\.path)
        if let path = candidates.first(where: { Self.hash($0) == hash })
            ?? search.modelsOfOthers().map(\.path).first(where: { Self.hash($0) == hash })
        {
            return path
        }
        throw Failure(
            "The answer was made by \(shown), and no model here has that hash. "
                + "Name its file with --model PATH.",
            .model
        )
    }

    private static func hash(_ path: String) -> String? {
        (try? GGUFFile(path: path)).map { ModelIdentity.hash(of: $0) }
    }
}
