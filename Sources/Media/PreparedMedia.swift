/// A media file as a model's encoders read it.
package struct PreparedMedia: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        /// Resized: width and height are multiples of 48.
        case picture(Picture)
        case sound(Sound)
        /// Frames in order of time; the sound where it was asked for and there is one.
        case video([VideoFrame], sound: Sound?)
    }

    package var facts: MediaFacts
    package var content: Content
    /// Sentences for a person: what was left out, cut or sampled.
    package var notes: [String]

    package init(facts: MediaFacts, content: Content, notes: [String] = []) {
        self.facts = facts
        self.content = content
        self.notes = notes
    }
}

/// Mono samples at 16,000 Hz within -1...1, at most 30 s.
package struct Sound: Sendable, Hashable {
    package static let sampleRate = 16_000
    /// What a clip may last: the reference cuts what is longer.
    package static let maxSamples = 480_000

    package var samples: [Float]

    package init(samples: [Float]) { self.samples = samples }

    package var seconds: Double { Double(samples.count) / Double(Self.sampleRate) }
}

/// A frame that was taken from a video.
package struct VideoFrame: Sendable, Hashable {
    /// Resized: width and height are multiples of 48.
    package var picture: Picture
    /// Its number in the video, from 0.
    package var index: Int
    /// When it is shown, in seconds from the beginning: its number / frames per second.
    package var seconds: Double

    package init(picture: Picture, index: Int, seconds: Double) {
        self.picture = picture
        self.index = index
        self.seconds = seconds
    }

    /// The time as the model is told it: `mm:ss`, seconds floored.
    package var stamp: String {
        let whole = Int(min(max(seconds, 0), 359_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(whole / 60)):\(two(whole % 60))"
    }
}
