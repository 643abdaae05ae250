import Foundation
import Gemma
import Media

/// What a file becomes in a prompt: which soft tokens, and the words between them.
struct MediaLayout: Sendable, Hashable {
    enum Item: Sendable, Hashable {
        case picture(tokens: Int)
        case sound(tokens: Int)
        /// A video's frame, after its time.
        case frame(stamp: String, tokens: Int)

        var tokens: Int {
            switch self {
            case .picture(let tokens), .sound(let tokens), .frame(_, let tokens): tokens
            }
        }
    }

    var items: [Item]
    /// What the file holds and what the model receives, in a few words.
    var summary: String
    /// Sentences: what was cut or sampled.
    var notes: [String]

    var softTokens: Int { items.reduce(0) { $0 + $1.tokens } }
}

extension MediaLayout {
    /// - Parameters:
    ///   - media: a file that was decoded.
    ///   - soundTokens: soft tokens of so many samples.
    init(of media: PreparedMedia, soundTokens: (Int) -> Int) {
        notes = media.notes
        switch media.content {
        case .picture(let picture):
            items = [.picture(tokens: SoftTokenCount.picture(picture))]
        case .sound(let sound):
            items = [.sound(tokens: soundTokens(sound.samples.count))]
        case .video(let frames, let sound):
            items = frames.map {
                .frame(stamp: $0.stamp, tokens: SoftTokenCount.picture($0.picture))
            }
            if let sound { items.append(.sound(tokens: soundTokens(sound.samples.count))) }
        }
        summary = Self.summary(of: media)
    }

    private static func summary(of media: PreparedMedia) -> String {
        func seconds(_ value: Double) -> String { String(format: "%.1f s", value) }
        func size(_ picture: Picture) -> String { "\(picture.width)x\(picture.height)" }
        switch (media.facts, media.content) {
        case (.picture(let facts), .picture(let picture)):
            return "\(facts.width)x\(facts.height) -> \(size(picture))"
        case (.sound(let facts), .sound(let sound)):
            return sound.seconds < facts.seconds - 0.05
                ? "first \(seconds(sound.seconds)) of \(seconds(facts.seconds))"
                : seconds(sound.seconds)
        case (.video(let facts), .video(let frames, let sound)):
            let first = frames.first
            var text =
                "\(facts.width)x\(facts.height), \(seconds(facts.seconds)) -> "
                + "\(frames.count) frames of \(first.map { size($0.picture) } ?? "0x0")"
            if let sound { text += " and \(seconds(sound.seconds)) of sound" }
            return text
        default: return ""
        }
    }
}
