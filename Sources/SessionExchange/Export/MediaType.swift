import Conversation
import Foundation

/// Media types by the ending of a file's name, as browsers want them.
enum MediaType {
    /// Falls back on what the attachment is, so that a browser at least tries.
    static func of(_ file: Attachment) -> String {
        let ending = (file.name as NSString).pathExtension.lowercased()
        if let known = known[ending], known.hasPrefix(file.kind.rawValue) || file.kind == .file {
            return known
        }
        return switch file.kind {
        case .image: "image/png"
        case .audio: "audio/wav"
        case .video: "video/mp4"
        case .file: "application/octet-stream"
        }
    }

    private static let known = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
        "webp": "image/webp", "avif": "image/avif", "bmp": "image/bmp", "tif": "image/tiff",
        "tiff": "image/tiff", "heic": "image/heic", "wav": "audio/wav", "mp3": "audio/mpeg",
        "flac": "audio/flac", "ogg": "audio/ogg", "opus": "audio/ogg", "m4a": "audio/mp4",
        "mp4": "video/mp4", "mkv": "video/x-matroska", "webm": "video/webm", "txt": "text/plain",
        "md": "text/markdown", "pdf": "application/pdf", "json": "application/json",
    ]
}
