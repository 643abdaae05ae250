import Conversation
import Foundation
import GGUF
import Gemma
import Media
import Tensors

/// A model's encoders, and what is said about them.
struct OpenEncoders {
    var encoders: MediaEncoders?
    /// Where they are.
    var file: GGUFFile?
    var senses: Senses
    /// The model's own file holds them.
    private var isInModel = false

    /// Opens the encoders of a model: those in its own file, in the file that was named, or in the
    /// first candidate that is of this model.
    ///
    /// - Parameters:
    ///   - options: where they may be.
    ///   - model: the model's file.
    ///   - configuration: its numbers.
    ///   - pool: whose threads encode.
    /// - Throws: `EngineOpenError` for a file that was named and is of no use.
    init(
        _ options: EncoderOptions,
        model: GGUFFile,
        configuration: Configuration,
        pool: WorkerPool
    ) throws(EngineOpenError) {
        let width = configuration.embeddingSize
        senses = .none
        if let path = options.path {
            let file: GGUFFile
            do { file = try GGUFFile(path: path) } catch { throw .file(error) }
            guard MediaEncoders.isPresent(in: file) else {
                throw .encoders(
                    "\(path) holds no encoders of pictures or sound. Name the model's mmproj file."
                )
            }
            do {
                let opened = try MediaEncoders(file: file, textWidth: width, pool: pool)
                take(opened, of: file)
            } catch { throw .model(error) }
        } else if configuration.family == .gemma4, MediaEncoders.isPresent(in: model),
            let opened = try? MediaEncoders(file: model, textWidth: width, pool: pool)
        {
            take(opened, of: model, inModel: true)
        } else if configuration.family == .gemma4 {
            for path in options.candidates {
                guard let file = try? GGUFFile(path: path),
                    let opened = try? MediaEncoders(file: file, textWidth: width, pool: pool)
                else { continue }
                take(opened, of: file)
                break
            }
        }
        if configuration.spansSeeAhead {
            senses.imageTokens = max(options.budget.rawValue, senses.pictureTokens)
        }
        senses.missing = Self.missing(senses, configuration, model.path, options.candidates)
    }

    private mutating func take(_ opened: MediaEncoders, of file: GGUFFile, inModel: Bool = false) {
        encoders = opened
        self.file = file
        isInModel = inModel
        senses = Senses(sees: opened.sees, hears: opened.hears)
        senses.pictureTokens = opened.pictureBudget.rawValue
    }

    /// Why pictures or sound are not taken in, and which file would help.
    private static func missing(
        _ senses: Senses,
        _ configuration: Configuration,
        _ path: String,
        _ candidates: [String]
    ) -> String? {
        guard configuration.family == .gemma4 else {
            return "This model reads text only. Choose a Gemma 4 model to show it pictures."
        }
        let name = variant(configuration)
        if senses.sees {
            return senses.hears
                ? nil
                : name.hears
                    ? "The encoder file beside this model holds none for sound. "
                        + "Get the whole mmproj file of \(name.text)."
                    : "\(name.text) does not hear; E2B and E4B do."
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let others =
            candidates.isEmpty
            ? ""
            : " (\(candidates.map { URL(filePath: $0).lastPathComponent }.joined(separator: ", "))"
                + " in the same folder is of another model or damaged)"
        return
            "The encoders of \(name.text) are missing\(others). Get its mmproj file - as "
            + "mmproj-F16.gguf or mmproj-BF16.gguf, from where the model came from - and put it into "
            + "\(folder), or name it with --mmproj."
    }

    /// The model of this width; one of another width hears if it has per-layer embeddings.
    private static func variant(_ configuration: Configuration) -> (text: String, hears: Bool) {
        switch configuration.embeddingSize {
        case 1536: ("Gemma 4 E2B", true)
        case 2560: ("Gemma 4 E4B", true)
        case 2816: ("Gemma 4 26B-A4B", false)
        case 3840: ("Gemma 4 12B", true)
        case 5376: ("Gemma 4 31B", false)
        default: ("this model", configuration.perLayerSize > 0)
        }
    }
}

extension OpenEncoders {
    /// Bytes that weights, beside those of the model's file, and scratch take while the largest picture is encoded.
    func bytes(threads: Int) -> Int {
        guard let encoders else { return 0 }
        let weightBytes = isInModel ? 0 : encoders.weightBytes
        let budget = TokenBudget(rawValue: senses.imageTokens) ?? .tokens1120
        return weightBytes + encoders.scratchBytes(budget: budget, threads: threads)
    }
}
