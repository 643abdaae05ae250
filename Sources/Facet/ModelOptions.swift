import ArgumentParser
import Configuration
import Conversation
import Foundation
import GGUF
import Gemma
import GemmaEngine
import Media
import ModelLibrary

extension Precision: ExpressibleByArgument {}

extension KVFormat: ExpressibleByArgument {
    /// `f32` is what `--precision exact` means.
    public static var allValueStrings: [String] { [KVFormat.f16, .q8].map(\.rawValue) }

    public init?(argument: String) {
        guard Self.allValueStrings.contains(argument) else { return nil }
        self.init(rawValue: argument)
    }

    /// - Throws: `ValidationError` when keys and values would not be what the precision promises.
    static func check(_ format: KVFormat?, with precision: Precision) throws {
        guard let format, precision == .exact else { return }
        throw ValidationError(
            "--kv-cache \(format.rawValue) rounds keys and values, and --precision exact does not. "
                + "Leave one of them out."
        )
    }
}

/// Options of every verb that runs a model.
struct ModelOptions: ParsableArguments {
    @Option(
        name: .long,
        help: "A model: path of a GGUF file, or its name in the models folder.",
        completion: .model
    )
    var model: String?

    @Option(
        name: .long,
        help: """
            Keep activations in full precision (exact) or rounded (fast); by default fast, but exact \
            where an answer is inspected.
            """
    )
    var precision: Precision?

    @Option(help: "How keys and values are kept: f16, or q8_0 in half the memory.")
    var kvCache: KVFormat?

    @Option(
        name: [.long, .customShort("t")],
        parsing: .unconditional,
        help: "Threads; by default one a core."
    )
    var threads: Int?

    @Option(
        name: .long,
        parsing: .unconditional,
        help: "Context size in tokens; by default what memory allows."
    )
    var context: Int?

    @Flag(
        inversion: .prefixedNo,
        help: "Guess repeated passages, to check several tokens at once; answers stay the same."
    )
    var speculation = true

    @Flag(
        inversion: .prefixedNo,
        help: "Keep what was read of a session on the disk, so that resuming it takes no time."
    )
    var kvSnapshots = true

    @Option(
        name: .customLong("mmproj"),
        help: ArgumentHelp(
            "The file with the model's encoders; by default one beside the model.",
            valueName: "path"
        ),
        completion: .file(extensions: ["gguf"])
    )
    var projector: String?

    @Option(
        help: """
            Tokens that a picture takes: 70, 140, 280, 560 or 1120; by default what the encoders' file \
            says, else 280.
            """
    )
    var imageTokens: Int?

    func validate() throws {
        if let imageTokens, TokenBudget(rawValue: imageTokens) == nil {
            throw ValidationError("--image-tokens must be 70, 140, 280, 560 or 1120.")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads must be from 1 to 1024.")
        }
        try KVFormat.check(kvCache, with: precision ?? .fast)
        if let context, context < 16 { throw ValidationError("--context must be at least 16.") }
    }

    /// The flags, else what is configured, else this precision.
    func engineOptions(_ settings: Settings, precision usual: Precision = .fast) -> EngineOptions {
        let precision = precision ?? usual
        // Exact keeps keys and values as they are, whatever the file prefers.
        let configured = precision == .exact ? nil : settings.text(.kvCache)
        return EngineOptions(
            precision: precision,
            kvFormat: kvCache ?? configured.flatMap(KVFormat.init(argument:)),
            threads: threads ?? settings.whole(.threads),
            contextSize: context ?? settings.whole(.context),
            speculation: speculation ? .whenItPays : .off,
            snapshots: kvSnapshots && settings.snapshotMegabytes > 0
                ? settings.snapshotFolder.map { SnapshotOptions(folder: $0) } : nil
        )
    }

    func openEngine(_ settings: Settings) throws -> GemmaEngine {
        let path = try Self.resolve(model)
        return try Self.openEngine(
            path: path,
            options: engineOptions(settings),
            encoders: senses(settings).options(for: path)
        )
    }

    /// How a model that is opened comes to see and hear.
    func senses(_ settings: Settings) -> SenseOptions {
        SenseOptions(
            projector: projector,
            budget: pictureBudget(settings) ?? .picture,
            folder: kvSnapshots ? settings.softTokenFolder : nil
        )
    }

    /// What a picture may take: the flag, else what is configured; nil leaves it to the encoders.
    func pictureBudget(_ settings: Settings) -> TokenBudget? {
        (imageTokens ?? settings.text(.imageTokens).flatMap { Int($0) })
            .flatMap(TokenBudget.init(rawValue:))
    }

    static func openEngine(
        path: String,
        options: EngineOptions,
        encoders: EncoderOptions? = nil
    ) throws -> GemmaEngine {
        do {
            return try GemmaEngine(path: path, options: options, encoders: encoders)
        } catch { throw failure(error) }
    }

    static func failure(_ error: EngineOpenError) -> Failure {
        if case .memory = error { return Failure(error.userMessage, .memory) }
        if case .contextTooLarge = error { return Failure(error.userMessage, .usage) }
        return Failure(error.userMessage, .model)
    }

    /// The path behind `--model`, or behind the configured model when there is no flag.
    static func resolve(_ model: String?) throws -> String {
        try find(try model ?? Settings.inForce().text(.model))
    }

    /// The path of a model a person named, else of the first one that can be opened.
    static func find(_ model: String?) throws -> String {
        let choice = model == nil ? ModelSearch.choiceOfProcess : nil
        if let sentence = choice?.complaint { Console.complain(sentence) }
        if let chosen = choice?.chosen { return chosen.path }
        do { return try ModelSearch.ofProcess.resolve(model) } catch {
            throw Failure(error.userMessage, .model)
        }
    }

    static func openVocabulary(_ model: String?) throws -> LoadedVocabulary {
        do {
            return try LoadedVocabulary(path: resolve(model))
        } catch let error as EngineOpenError { throw failure(error) }
    }
}

extension Failure {
    init(_ error: EngineError) {
        let code: Code =
            switch error {
            case .notEnoughMemory, .notEnoughAddressSpace: .memory
            default: .failed
            }
        self.init(error.userMessage, code)
    }
}
