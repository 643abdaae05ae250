import Conversation
import Crypto
import Foundation
import Media

/// An attachment that a model is to see or hear, and what it becomes in the prompt.
struct MediaItem: Sendable {
    var attachment: Attachment
    var kind: MediaKind
    var settings: MediaSettings
    /// Where its bytes are; nil when nobody knows.
    var path: String?
    /// Hash over the bytes and all that its soft tokens depend on.
    var key: String
    var layout: MediaLayout
}

extension MediaItem {
    /// What a file's soft tokens are kept under.
    ///
    /// - Parameters:
    ///   - attachment: names the bytes.
    ///   - settings: how they are made ready.
    ///   - encoders: identity of the encoders and of how they compute.
    /// - Returns: a hash in hexadecimal digits.
    static func key(
        of attachment: Attachment,
        _ settings: MediaSettings,
        encoders: String
    ) -> String {
        let parts = [
            "facet soft tokens 1", attachment.hash, attachment.kind.rawValue,
            settings.budget.map { "\($0.rawValue)" } ?? "-", "\(settings.frameCount)",
            "\(settings.takesSoundtrack)", encoders,
        ]
        return SHA256.hash(data: Array(parts.joined(separator: "\n").utf8))
            .map { String(format: "%02x", $0) }.joined()
    }
}

extension Attachment.Kind {
    /// What a model's encoders take it for; nil for files that are text.
    var media: MediaKind? {
        switch self {
        case .image: .picture
        case .audio: .sound
        case .video: .video
        case .file: nil
        }
    }
}
