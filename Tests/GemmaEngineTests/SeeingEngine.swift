import Conversation
import Crypto
import Foundation
import Gemma
import GemmaEngine
import Media
import ReferenceData
import SnapshotStore
import Synchronization

/// An engine on a tiny model that sees and hears, and files for it.
///
/// What a file decodes to depends on its bytes alone: no decoder is needed.
final class SeeingEngine {
    let engine: GemmaEngine
    let reader = FormulaReader()
    private let files: TemporaryFolder

    init(
        _ name: String = "e2b",
        precision: Precision = .exact,
        speculation: EngineOptions.Speculation = .whenItPays,
        snapshots: SnapshotOptions? = nil,
        budget: TokenBudget = .picture,
        folder: SnapshotFolder? = nil,
        encoders: String? = nil
    ) throws {
        files = try TemporaryFolder()
        engine = try GemmaEngine(
            path: TinyModel.path(name),
            options: EngineOptions(
                precision: precision,
                threads: 2,
                contextSize: 4096,
                speculation: speculation,
                snapshots: snapshots
            ),
            encoders: EncoderOptions(
                reader: reader,
                path: encoders ?? TinyEncoders.path(name == "e2b" ? "small" : "large"),
                budget: budget,
                folder: folder
            )
        )
    }

    /// A file whose contents are these bytes, attached.
    func attach(
        _ contents: String,
        _ kind: Attachment.Kind = .image,
        imageTokens: Int? = nil
    ) throws -> Attachment {
        let bytes = Array(contents.utf8)
        let hash = SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        try Data(bytes).write(to: files.url.appending(path: hash))
        return Attachment(
            kind: kind,
            name: "\(contents).bin",
            hash: hash,
            sizeInBytes: bytes.count,
            imageTokens: imageTokens
        )
    }

    func path(of attachment: Attachment) -> String {
        files.url.appending(path: attachment.hash).path
    }

    /// A request whose attachments are files of this engine.
    func asked(
        _ messages: [Message],
        maxTokens: Int? = 6,
        temperature: Double = 0
    ) -> GenerationRequest {
        var request = GenerationRequest(
            messages: messages,
            thinking: .off,
            sampling: SamplingSettings(temperature: temperature, seed: 7),
            maxTokens: maxTokens
        )
        for attachment in messages.flatMap(\.attachments) {
            request.attachmentPaths[attachment.hash] = path(of: attachment)
        }
        return request
    }
}

/// A folder that goes with its owner.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "facet-\(UUID())")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// Makes pictures, sounds and videos out of a file's bytes, and counts.
final class FormulaReader: MediaReading {
    private let count = Mutex(0)

    /// Files that were decoded.
    var decoded: Int { count.withLock { $0 } }

    func prepare(
        _ path: String,
        as kind: MediaKind?,
        _ settings: MediaSettings
    ) async throws(MediaError) -> PreparedMedia {
        guard let bytes = FileManager.default.contents(atPath: path).map(Array.init) else {
            throw .unusable("There is no \(path).")
        }
        count.withLock { $0 += 1 }
        let seed = bytes.reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF }
        // As many soft tokens as a quarter of the budget: five in a row.
        let rows = (settings.budget ?? .picture).rawValue / 20
        switch kind ?? .picture {
        case .picture:
            return PreparedMedia(
                facts: .picture(PictureFacts(format: "formula", width: 10, height: 10)),
                content: .picture(try picture(seed, columns: 5, rows: rows)),
                notes: ["A note on \(seed)."]
            )
        case .sound:
            return PreparedMedia(
                facts: .sound(
                    SoundFacts(format: "formula", seconds: 1, sampleRate: 8_000, channels: 1)
                ),
                content: .sound(sound(seed))
            )
        case .video:
            let frames = try (0..<3).map { index throws(MediaError) in
                VideoFrame(
                    picture: try picture(seed + index, columns: 3, rows: 2),
                    index: index,
                    seconds: Double(index) * 30.5
                )
            }
            return PreparedMedia(
                facts: .video(
                    VideoFacts(
                        format: "formula",
                        width: 10,
                        height: 10,
                        frameCount: 3,
                        framesPerSecond: 1,
                        seconds: 92
                    )
                ),
                content: .video(frames, sound: settings.takesSoundtrack ? sound(seed) : nil)
            )
        }
    }

    func preview(
        _ path: String,
        _ request: PreviewRequest
    ) async throws(MediaError) -> MediaPreview { throw .unusable("No previews here.") }

    private func picture(
        _ seed: Int,
        columns: Int,
        rows: Int
    ) throws(MediaError) -> Picture {
        let pixels = (0..<columns * rows * 48 * 48 * 3).map { place in
            UInt8(truncatingIfNeeded: (place * 7 + seed * 13) >> 3 ^ place / 97)
        }
        guard let picture = Picture(width: columns * 48, height: rows * 48, pixels: pixels) else {
            throw .unusable("No picture.")
        }
        return picture
    }

    private func sound(_ seed: Int) -> Sound {
        Sound(
            samples: (0..<8_000).map { place in
                Float((place * (seed % 50 + 1)) % 200 - 100) / 200
            }
        )
    }
}

func user(_ text: String, _ attachments: [Attachment]) -> Message {
    var message = user(text)
    message.parts = attachments.map { .attachment($0) } + message.parts
    return message
}
