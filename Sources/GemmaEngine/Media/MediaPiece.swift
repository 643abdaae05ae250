package import Gemma
package import Media

/// What is encoded at once: a picture, a frame or a clip.
package enum MediaPiece: Sendable {
    case picture(Picture)
    case sound(Sound)
}

extension PreparedMedia {
    /// In the order of the layout.
    package var pieces: [MediaPiece] {
        switch content {
        case .picture(let picture): [.picture(picture)]
        case .sound(let sound): [.sound(sound)]
        case .video(let frames, let sound):
            frames.map { .picture($0.picture) } + (sound.map { [.sound($0)] } ?? [])
        }
    }
}

extension MediaEncoders {
    /// Encodes a piece as its kind asks for.
    ///
    /// - Parameters:
    ///   - piece: made ready.
    ///   - precision: how activations are kept.
    /// - Returns: `[soft tokens, text width]`; nil when the task was cancelled.
    package func encode(_ piece: MediaPiece, precision: Precision) -> [Float]? {
        func isCancelled() -> Bool { Task.isCancelled }
        switch piece {
        case .picture(let picture):
            return encode(picture, precision: precision, isCancelled: isCancelled)
        case .sound(let sound):
            guard soundKind == .tower else {
                return encode(
                    samples: sound.samples,
                    precision: precision,
                    isCancelled: isCancelled
                )
            }
            let mel = LogMel(samples: sound.samples)
            guard mel.frames > 0 else { return [] }
            return encode(
                mel: mel.values,
                frames: mel.frames,
                precision: precision,
                isCancelled: isCancelled
            )
        }
    }
}
