import ChatFormat
package import Conversation
import Foundation
import GGUF
package import Gemma
package import Media
import Tensors
import Tokenization

/// What a model receives of a file.
package struct MediaFindings: Sendable {
    /// A picture, a frame or a clip.
    package struct Piece: Sendable {
        package var softTokens: Int
        /// Size after resizing; nil for sound.
        package var size: (width: Int, height: Int)?
        /// A video's frame: its number and time.
        package var frame: (index: Int, stamp: String)?
        /// Samples at 16,000 Hz; nil for what is seen.
        package var samples: Int?
    }

    package var facts: MediaFacts
    package var pieces: [Piece]
    package var notes: [String]
    /// What stands in the prompt, slots written out.
    package var layout: String
    /// Floats of a row.
    package var width: Int
    /// `[soft tokens, width]`.
    package var rows: [Float]
    package var decodeSeconds: Double
    package var encodeSeconds: Double

    package var softTokens: Int { pieces.reduce(0) { $0 + $1.softTokens } }
}

/// Runs a model's encoders without the model.
package actor MediaInspector {
    private let executor = SerialQueueExecutor(label: "facet.encoders")
    private let encoders: MediaEncoders
    private let reader: any MediaReading
    private let prompts: PromptBuilder
    private let pool: WorkerPool

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - model: the model's path; a file without weights will do.
    ///   - options: where its encoders are.
    ///   - threads: that encode.
    /// - Throws: `EngineOpenError` when there are no encoders of this model.
    package init(
        model: String,
        encoders options: EncoderOptions,
        threads: Int
    ) throws(EngineOpenError) {
        let loaded = try LoadedVocabulary(path: model)
        let configuration: Configuration
        do { configuration = try Configuration(file: loaded.file) } catch { throw .model(error) }
        pool = WorkerPool(threadCount: threads)
        do throws(EngineOpenError) {
            let opened = try OpenEncoders(
                options,
                model: loaded.file,
                configuration: configuration,
                pool: pool
            )
            guard let encoders = opened.encoders else {
                throw .encoders(opened.senses.missing ?? "This model reads text only.")
            }
            self.encoders = encoders
        } catch {
            pool.stop()
            throw error
        }
        reader = options.reader
        prompts = PromptBuilder(
            tokenizer: loaded.tokenizer,
            style: .chat(PromptRenderer(template: .v3, size: .large))
        )
    }

    deinit { pool.stop() }

    /// Decodes and encodes a file.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - kind: what it is taken for.
    ///   - settings: how it is made ready.
    ///   - precision: how activations are kept.
    /// - Returns: all that the model would be given.
    /// - Throws: `EngineError` with the sentence for a person.
    package func inspect(
        _ path: String,
        as kind: MediaKind,
        _ settings: MediaSettings,
        _ precision: Precision
    ) async throws(EngineError) -> MediaFindings {
        let isSound = kind == .sound
        guard isSound ? encoders.hears : encoders.sees else {
            throw .unsupported(
                "These encoders hold none for \(isSound ? "sound" : "pictures"). "
                    + "Name others with --mmproj."
            )
        }
        guard encoders.hears || !settings.takesSoundtrack || kind != .video else {
            throw .unsupported(
                "These encoders hold none for sound. Leave --soundtrack out, or name others with "
                    + "--mmproj."
            )
        }
        var settings = settings
        if kind == .picture, settings.budget == nil { settings.budget = encoders.pictureBudget }
        let start = ContinuousClock.now
        let prepared: PreparedMedia
        do { prepared = try await reader.prepare(path, as: kind, settings) } catch {
            throw .unsupported(error.userMessage)
        }
        let decoded = ContinuousClock.now
        var rows: [Float] = []
        for piece in prepared.pieces {
            guard let encoded = encoders.encode(piece, precision: precision) else {
                throw .failed("Encoding \(path) was cancelled.")
            }
            rows += encoded
        }
        return MediaFindings(
            facts: prepared.facts,
            pieces: pieces(of: prepared),
            notes: prepared.notes,
            layout: try layout(of: prepared, kind),
            width: encoders.textWidth,
            rows: rows,
            decodeSeconds: ModelHost.seconds(decoded - start),
            encodeSeconds: ModelHost.seconds(ContinuousClock.now - decoded)
        )
    }

    private func pieces(of media: PreparedMedia) -> [MediaFindings.Piece] {
        func piece(_ picture: Picture, _ frame: (Int, String)?) -> MediaFindings.Piece {
            .init(
                softTokens: SoftTokenCount.picture(picture),
                size: (picture.width, picture.height),
                frame: frame
            )
        }
        func piece(_ sound: Sound) -> MediaFindings.Piece {
            .init(
                softTokens: encoders.softTokens(samples: sound.samples.count),
                samples: sound.samples.count
            )
        }
        switch media.content {
        case .picture(let picture): return [piece(picture, nil)]
        case .sound(let sound): return [piece(sound)]
        case .video(let frames, let sound):
            return frames.map { piece($0.picture, ($0.index, $0.stamp)) }
                + (sound.map { [piece($0)] } ?? [])
        }
    }

    private func layout(
        of media: PreparedMedia,
        _ kind: MediaKind
    ) throws(EngineError) -> String {
        let placeholder: SpecialToken =
            switch kind {
            case .picture: .image
            case .sound: .audio
            case .video: .video
            }
        let item = MediaItem(
            attachment: Attachment(kind: .file, name: "", hash: "", sizeInBytes: 0),
            kind: kind,
            settings: MediaSettings(),
            path: nil,
            key: "",
            layout: MediaLayout(of: media) { encoders.softTokens(samples: $0) }
        )
        let segments = try prompts.expand([.special(placeholder)], [item]).segments
        return PromptRenderer.text(of: segments)
    }
}
