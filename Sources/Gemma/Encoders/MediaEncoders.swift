package import GGUF
package import Media
package import Tensors

/// The encoders of a Gemma 4 model: pictures and sound become rows that stand among token embeddings.
///
/// Thread-compatible, like `TextModel`: one clip or picture at a time, on the pool's threads. Scratch
/// is there only while something is encoded.
package final class MediaEncoders {
    /// How pictures are read.
    package enum PictureKind: String, Sendable, Hashable {
        /// Layers over patches of 16 pixels.
        case tower = "gemma4v"
        /// Patches of 48 pixels as they are.
        case patches = "gemma4uv"
    }

    /// How sound is read.
    package enum SoundKind: String, Sendable, Hashable {
        /// Layers over log-mel frames.
        case tower = "gemma4a"
        /// 640 samples as they are.
        case frames = "gemma4ua"
    }

    private enum Vision {
        case tower(VisionTower)
        case patches(VisionPatches)
    }

    private enum Audio {
        case tower(AudioTower)
        case frames(AudioFrames)
    }

    /// Nil when the model does not see.
    package let pictureKind: PictureKind?
    /// Nil when the model does not hear.
    package let soundKind: SoundKind?
    package let textWidth: Int
    /// What a picture takes unless somebody says otherwise: as much as its pixels in
    /// `clip.vision.image_max_pixels` come to.
    package let pictureBudget: TokenBudget
    /// Bytes of the encoders' tensors in the file.
    package let weightBytes: Int
    /// Keeps the matrices mapped.
    private let file: GGUFFile
    private let vision: Vision?
    private let audio: Audio?
    private let pool: WorkerPool

    package var sees: Bool { pictureKind != nil }
    package var hears: Bool { soundKind != nil }

    /// Opens the encoders of a projector file, or of a model file that holds them itself.
    ///
    /// - Parameters:
    ///   - file: either of them.
    ///   - textWidth: width of the text model's embeddings.
    ///   - pool: whose threads encode.
    /// - Throws: `ModelError` naming the key or tensor that is missing or wrong, or the model whose
    ///   projector it is.
    package init(file: GGUFFile, textWidth: Int, pool: WorkerPool) throws(ModelError) {
        pictureKind = try Self.kind(file, .vision, holds: Self.sees(in: file)) { file in
            file.tensor("v.blk.0.ln1.weight") == nil ? .patches : .tower
        }
        soundKind = try Self.kind(file, .audio, holds: Self.hears(in: file)) { file in
            file.tensor("a.conv1d.0.weight") == nil ? .frames : .tower
        }
        let pictures = EncoderReader(file: file, part: .vision)
        let sounds = EncoderReader(file: file, part: .audio)
        pictureBudget = pictures.count("image_max_pixels").map(TokenBudget.init) ?? .picture
        vision =
            switch pictureKind {
            case .tower: .tower(try VisionTower(pictures, textWidth: textWidth))
            case .patches: .patches(try VisionPatches(pictures, textWidth: textWidth))
            case nil: nil
            }
        audio =
            switch soundKind {
            case .tower: .tower(try AudioTower(sounds, textWidth: textWidth))
            case .frames: .frames(try AudioFrames(sounds, textWidth: textWidth))
            case nil: nil
            }
        guard vision != nil || audio != nil else {
            throw .missingTensor(path: file.path, name: "v.patch_embd.weight")
        }
        self.file = file
        self.textWidth = textWidth
        self.pool = pool
        weightBytes = Self.weightBytes(in: file)
    }

    /// Whether a file holds an encoder of pictures or of sound.
    package static func isPresent(in file: GGUFFile) -> Bool { sees(in: file) || hears(in: file) }

    private static func sees(in file: GGUFFile) -> Bool {
        file.tensor("v.patch_embd.weight") != nil
            || file.tensor("mm.input_projection.weight") != nil
    }

    private static func hears(in file: GGUFFile) -> Bool {
        file.tensor("a.conv1d.0.weight") != nil
            || file.tensor("mm.a.input_projection.weight") != nil
    }

    /// How wide the soft tokens are that a file's encoders make; nil when it holds none.
    package static func softTokenWidth(in file: GGUFFile) -> Int? {
        let name = sees(in: file) ? "mm.input_projection.weight" : "mm.a.input_projection.weight"
        guard let shape = file.tensor(name)?.shape, shape.count == 2 else { return nil }
        return shape[1]
    }

    /// Bytes of the tensors in a file that belong to encoders.
    package static func weightBytes(in file: GGUFFile) -> Int {
        file.tensors.reduce(0) { sum, tensor in
            ["v.", "a.", "mm."].contains { tensor.name.hasPrefix($0) }
                ? sum + tensor.sizeInBytes : sum
        }
    }

    /// The kind that a file names, else the one that its tensors are of.
    private static func kind<Kind: RawRepresentable<String>>(
        _ file: GGUFFile,
        _ part: EncoderReader.Part,
        holds: Bool,
        guessed: (GGUFFile) -> Kind
    ) throws(ModelError) -> Kind? {
        guard holds else { return nil }
        guard let name = EncoderReader(file: file, part: part).kindName else {
            return guessed(file)
        }
        guard let kind = Kind(rawValue: name) else {
            throw .unsupportedEncoder(path: file.path, name: name)
        }
        return kind
    }
}

extension MediaEncoders {
    /// Soft tokens of so many samples of sound at 16,000 Hz.
    package func softTokens(samples: Int) -> Int {
        if case .frames(let frames) = audio { return frames.tokens(samples: samples) }
        return SoftTokenCount.sound(samples: samples)
    }

    /// Encodes a picture whose sides are multiples of 48.
    ///
    /// - Parameters:
    ///   - picture: resized.
    ///   - precision: `exact` computes in float32 throughout.
    ///   - isCancelled: asked several times a second, on this thread.
    /// - Returns: `[soft tokens, text width]`, row by row of the picture; nil when cancelled.
    package func encode(
        _ picture: Picture,
        precision: Precision,
        isCancelled: () -> Bool = { false }
    ) -> [Float]? {
        switch vision {
        case .tower(let tower):
            tower.encode(picture, pool: pool, precision: precision, isCancelled: isCancelled)
        case .patches(let patches):
            patches.encode(picture, pool: pool, precision: precision, isCancelled: isCancelled)
        case nil: []
        }
    }

    /// Encodes sound for a model whose `soundKind` is `tower`.
    ///
    /// - Parameters:
    ///   - mel: natural logarithms, `[frames, 128]`.
    ///   - frames: how many.
    ///   - precision: `exact` computes in float32 throughout.
    ///   - isCancelled: asked several times a second, on this thread.
    /// - Returns: `[soft tokens, text width]`; nil when cancelled.
    package func encode(
        mel: [Float],
        frames: Int,
        precision: Precision,
        isCancelled: () -> Bool = { false }
    ) -> [Float]? {
        precondition(mel.count == frames * AudioTower.melBins, "frames have 128 numbers")
        guard case .tower(let tower) = audio else { return [] }
        return tower.encode(
            mel,
            frames: frames,
            pool: pool,
            precision: precision,
            isCancelled: isCancelled
        )
    }

    /// Encodes sound for a model whose `soundKind` is `frames`.
    ///
    /// - Parameters:
    ///   - samples: mono at 16,000 Hz.
    ///   - precision: `exact` computes in float32 throughout.
    ///   - isCancelled: asked on this thread.
    /// - Returns: `[soft tokens, text width]`; nil when cancelled.
    package func encode(
        samples: [Float],
        precision: Precision,
        isCancelled: () -> Bool = { false }
    ) -> [Float]? {
        guard case .frames(let frames) = audio else { return [] }
        return frames.encode(
            samples,
            pool: pool,
            precision: precision,
            isCancelled: isCancelled
        )
    }

    /// Bytes of scratch at most while a picture of this budget or the longest sound is encoded, the
    /// soft tokens themselves included.
    package func scratchBytes(budget: TokenBudget, threads: Int) -> Int {
        let sound = softTokens(samples: Sound.maxSamples)
        let pictureBytes =
            switch vision {
            case .tower(let tower):
                tower.scratchBytes(
                    patches: budget.rawValue * VisionTower.pool * VisionTower.pool,
                    threads: threads
                )
            case .patches(let patches):
                patches.scratchBytes(tokens: budget.rawValue, threads: threads)
            case nil: 0
            }
        let soundBytes =
            switch audio {
            case .tower(let tower): tower.scratchBytes(tokens: sound, threads: threads)
            case .frames(let frames): frames.scratchBytes(tokens: sound, threads: threads)
            case nil: 0
            }
        // Twice: as scratch and as the array that is handed out.
        let results = 2 * max(budget.rawValue, sound) * textWidth * MemoryLayout<Float>.stride
        return max(pictureBytes, soundBytes) + results
    }
}
