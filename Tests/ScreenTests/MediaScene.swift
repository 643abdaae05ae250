import Conversation
import Interface
import Media
import TerminalCore

/// Media files as they come to a scene: what a reader and a drawer would have made of them.
enum MediaScene {
    static let seer = EngineDescription(
        name: "e2b Q4_0",
        modelHash: "00",
        isLocal: true,
        contextSize: 32_768,
        canThink: true
    )

    /// Half blocks, brighter to the right and to the bottom.
    static func drawing(_ width: Int, _ height: Int, number: Int? = nil) -> SymbolPicture? {
        let symbols = (0..<width * height).map { place in
            let (column, row) = (place % width, place / width)
            let level = UInt8(min(255, 255 * (column + row) / max(1, width + height - 2)))
            return SymbolPicture.Symbol("▀", .rgb(level, 0, 0), on: .rgb(0, level, 0))
        }
        return SymbolPicture(
            size: Size(width: width, height: height),
            symbols: symbols,
            number: number
        )
    }

    static let picture = FilePreview(
        facts: .picture(PictureFacts(format: "png", width: 1920, height: 1080)),
        small: [drawing(14, 4, number: 1)].compactMap(\.self),
        large: [drawing(43, 12, number: 2)].compactMap(\.self)
    )

    static let sound = FilePreview(
        facts: .sound(SoundFacts(format: "mp3", seconds: 62, sampleRate: 44_100, channels: 2)),
        waveform: (0..<48).map { Float($0 % 12) / 12 },
        notes: ["It lasts 62 s; the model hears the first 30 s."]
    )

    static let video = FilePreview(
        facts: .video(
            VideoFacts(
                format: "mp4",
                width: 640,
                height: 480,
                frameCount: 240,
                framesPerSecond: 30,
                seconds: 8,
                sound: SoundFacts(format: "aac", seconds: 8, sampleRate: 48_000, channels: 2)
            )
        ),
        small: (3...6).compactMap { drawing(11, 4, number: $0) },
        large: (7...10).compactMap { drawing(16, 6, number: $0) },
        waveform: (0..<48).map { Float($0) / 48 }
    )

    static let all = [
        (picture, "/w/cat.png"), (sound, "/w/talk.mp3"), (video, "/w/clip.mp4"),
    ]

    static func outcome(_ source: MediaSource) -> PreviewOutcome {
        guard case .kept(let attachment) = source else { return .failed("It is gone.") }
        return switch attachment.kind {
        case .image: .there(picture)
        case .audio: .there(sound)
        case .video, .file: .there(video)
        }
    }

    static let folder = FolderListing(
        folder: "",
        entries: [
            FolderListing.Entry(name: "cat.png", isFolder: false, sizeInBytes: 81_920),
            FolderListing.Entry(name: "notes", isFolder: true, sizeInBytes: 0),
            FolderListing.Entry(name: "talk.mp3", isFolder: false, sizeInBytes: 900_000),
            FolderListing.Entry(name: "世界.txt", isFolder: false, sizeInBytes: 12),
        ]
    )

    static func reading(_ preview: FilePreview, _ path: String, kept: Bool = false) -> FileReading {
        let name = String(path.split(separator: "/").last ?? "")
        let hash = String(repeating: "\(name.utf8.count % 10)b", count: 32)
        let attachment = Attachment(
            kind: Attachment.Kind(preview.facts.kind),
            name: name,
            hash: hash,
            sizeInBytes: 81_920
        )
        return .media(
            preview,
            path: path,
            sizeInBytes: 81_920,
            kept: kept ? attachment : nil
        )
    }
}

extension Scene {
    /// The engine sees and hears.
    mutating func openEyesAndEars(sees: Bool = true, hears: Bool = true, missing: String? = nil) {
        var engine = MediaScene.seer
        engine.senses = Senses(sees: sees, hears: hears, missing: missing)
        send(.engineReady(engine))
    }

    var fileRequests: [FileRequest] {
        effects.compactMap { if case .readFiles(let request) = $0 { request } else { nil } }
    }

    var previewRequests: [MediaSource] {
        effects.compactMap { if case .preview(let source) = $0 { source } else { nil } }
    }

    /// Sends the draft, which asks for its files.
    mutating func sendDraft() -> FileRequest {
        type("what are these?")
        press(KeyPress(.enter))
        return fileRequests.last ?? FileRequest(session: "", paths: [], purpose: .send)
    }

    /// Attaches a file as a person does who types its name.
    mutating func attach(_ preview: FilePreview, as path: String) {
        say("/attach \(path)")
        guard let request = fileRequests.last else { return }
        send(.filesRead(request, [MediaScene.reading(preview, path)]))
    }
}
