package import Media
import TerminalCore

/// What a model is given of a media file, and how many tokens that takes.
package struct MediaReceipt: Sendable, Hashable {
    /// Of the file: `1920x1080`, `62 s`.
    package private(set) var original: String
    /// Of what arrives: `1056x576`, `first 30 s`, `32 frames, 00:00-00:07`.
    package private(set) var received: String
    /// Without the sound of a video.
    package private(set) var tokens: Int
    /// Of a video's sound, where the model hears.
    package private(set) var soundTokens = 0

    /// - Parameters:
    ///   - facts: what the file holds.
    ///   - budget: for a picture or each frame; nil takes what its kind takes by default.
    ///   - hears: the model takes sound.
    package init(_ facts: MediaFacts, budget: TokenBudget?, hears: Bool) {
        switch facts {
        case .picture(let picture):
            original = "\(picture.width)x\(picture.height)"
            let size = Self.size(picture.width, picture.height, budget ?? .picture)
            received = size.map { "\($0.width)x\($0.height)" } ?? "nothing, by its shape"
            tokens = Self.tokens(size)
        case .sound(let sound):
            original = Self.seconds(sound.seconds)
            received = Self.heard(sound.seconds)
            tokens = Self.soundTokens(sound.seconds)
        case .video(let video):
            original = Self.seconds(video.seconds)
            let times = Self.times(of: video)
            let size = Self.size(video.width, video.height, budget ?? .frame)
            let frames = times.count == 1 ? "1 frame" : "\(times.count) frames"
            received = frames
            if let first = times.first, let last = times.last {
                received += ", \(Self.stamp(first))-\(Self.stamp(last))"
            }
            tokens = times.count * (Self.tokens(size) + Self.stampTokens)
            if hears, let sound = video.sound { soundTokens = Self.soundTokens(sound.seconds) }
        }
    }

    /// All that it takes of the context.
    package var total: Int { tokens + soundTokens }

    /// `1920x1080 -> 1056x576, 264 tokens`.
    package var words: String {
        let sound = soundTokens > 0 ? " + sound \(soundTokens.grouped)" : ""
        return "\(original) -> \(received), \(tokens.grouped) tokens\(sound)"
    }

    /// As much of the words as fits; the tokens always.
    func words(within columns: Int) -> String {
        let short = "\(received), \(total.grouped) tokens"
        return [words, short].first { $0.count <= columns } ?? "\(total.grouped) tokens"
    }

    /// What a time stamp and the marks around a frame take.
    static let stampTokens = 8
    private static let longestSound = Double(Sound.maxSamples) / Double(Sound.sampleRate)

    /// When the frames that are taken are shown, in seconds.
    static func times(of video: VideoFacts) -> [Double] {
        VideoSampling.indices(total: video.frameCount, wanted: MediaSettings.frameCount).map {
            VideoSampling.seconds(index: $0, framesPerSecond: video.framesPerSecond)
        }
    }

    private static func size(_ width: Int, _ height: Int, _ budget: TokenBudget) -> Size? {
        guard let size = try? PictureSize.target(width: width, height: height, budget: budget)
        else { return nil }
        return Size(width: size.width, height: size.height)
    }

    private static func tokens(_ size: Size?) -> Int {
        size.map { ($0.width / SoftTokenCount.side) * ($0.height / SoftTokenCount.side) } ?? 0
    }

    private static func soundTokens(_ seconds: Double) -> Int {
        let heard = seconds.isFinite ? min(max(seconds, 0), longestSound) : 0
        return SoftTokenCount.sound(samples: Int(heard * Double(Sound.sampleRate)))
    }

    private static func heard(_ seconds: Double) -> String {
        seconds > longestSound ? "first \(Int(longestSound)) s" : "all of it"
    }

    private static func seconds(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "? s" }
        return seconds < 60 ? "\(seconds.tenths) s" : "\(Int(seconds.rounded()).grouped) s"
    }

    private static func stamp(_ seconds: Double) -> String {
        let whole = Int(min(max(seconds, 0), 359_999))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(whole / 60)):\(two(whole % 60))"
    }
}
