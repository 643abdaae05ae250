/// What a media file holds, before anything is made ready for a model.
package enum MediaFacts: Sendable, Hashable {
    case picture(PictureFacts)
    case sound(SoundFacts)
    case video(VideoFacts)

    package var kind: MediaKind {
        switch self {
        case .picture: .picture
        case .sound: .sound
        case .video: .video
        }
    }
}

/// A picture's size as it is shown: upright.
package struct PictureFacts: Sendable, Hashable {
    /// The decoder's name: `png`, `mjpeg`, `webp`.
    package var format: String
    package var width: Int
    package var height: Int

    package init(format: String, width: Int, height: Int) {
        self.format = format
        self.width = width
        self.height = height
    }
}

package struct SoundFacts: Sendable, Hashable {
    package var format: String
    package var seconds: Double
    /// In Hz, in the file.
    package var sampleRate: Int
    package var channels: Int

    package init(format: String, seconds: Double, sampleRate: Int, channels: Int) {
        self.format = format
        self.seconds = seconds
        self.sampleRate = sampleRate
        self.channels = channels
    }
}

package struct VideoFacts: Sendable, Hashable {
    package var format: String
    package var width: Int
    package var height: Int
    package var frameCount: Int
    package var framesPerSecond: Double
    package var seconds: Double
    package var sound: SoundFacts?

    package init(
        format: String,
        width: Int,
        height: Int,
        frameCount: Int,
        framesPerSecond: Double,
        seconds: Double,
        sound: SoundFacts? = nil
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.frameCount = frameCount
        self.framesPerSecond = framesPerSecond
        self.seconds = seconds
        self.sound = sound
    }
}
