import Foundation
import Media
import MediaDecoding
import Testing

struct VideoTests {
    /// The number that a frame of the fixtures shows as eight columns, the highest bit on the left.
    static func number(_ picture: Picture) -> Int {
        (0..<8).reduce(0) { sum, column in
            let x = (2 * column + 1) * picture.width / 16
            let green = picture.pixels[3 * (picture.height / 2 * picture.width + x) + 1]
            return sum << 1 | (green > 127 ? 1 : 0)
        }
    }

    static func frames(
        _ name: String,
        _ settings: MediaSettings = MediaSettings()
    ) async throws -> (frames: [VideoFrame], sound: Sound?, media: PreparedMedia) {
        let media = try await Helper.reader().prepare(Helper.fixture(name), as: nil, settings)
        guard case .video(let frames, let sound) = media.content else {
            Issue.record("\(name) is no video")
            return ([], nil, media)
        }
        return (frames, sound, media)
    }

    @Test(arguments: [
        "h264.mp4", "open.mkv", "sound.mp4", "h264.mov", "hevc.mp4", "vp9.webm", "vp8.webm",
        "ffv1.mkv", "motion.avi",
    ])
    func theFramesAreThoseOfTheSampling(name: String) async throws {
        let (frames, _, media) = try await Self.frames(name)
        let expected = VideoSampling.indices(total: 40, wanted: 32)
        #expect(frames.map(\.index) == expected)
        #expect(frames.map { Self.number($0.picture) } == expected)
        #expect(frames.map(\.seconds) == expected.map { Double($0) / 10 })
        #expect(frames.allSatisfy { ($0.picture.width, $0.picture.height) == (432, 336) })
        guard case .video(let facts) = media.facts else {
            Issue.record("\(media.facts)")
            return
        }
        #expect(facts.frameCount == 40 && facts.framesPerSecond == 10)
        #expect((facts.width, facts.height) == (64, 48))
        #expect(abs(facts.seconds - 4) < 0.11)
        #expect(
            media.notes.first
                == "\(name) has 40 frames; the model sees 32 of them, evenly spread."
        )
    }

    @Test func aShortVideoIsShownWhole() async throws {
        let (frames, _, media) = try await Self.frames("short.mp4")
        #expect(frames.map { Self.number($0.picture) } == [0, 1, 2, 3, 4])
        #expect(media.notes.isEmpty)
    }

    @Test func fewerFramesAreTakenWhereFewerAreWanted() async throws {
        let (frames, _, _) = try await Self.frames("h264.mp4", MediaSettings(frameCount: 3))
        #expect(frames.map { Self.number($0.picture) } == [0, 13, 26])
    }

    @Test func theSoundComesWhenItIsWanted() async throws {
        let silent = try await Self.frames("sound.mp4")
        #expect(silent.sound == nil)
        guard case .video(let facts) = silent.media.facts else {
            Issue.record("\(silent.media.facts)")
            return
        }
        #expect(facts.sound?.sampleRate == 48_000 && facts.sound?.format == "aac")
        let loud = try await Self.frames("sound.mp4", MediaSettings(takesSoundtrack: true))
        #expect(abs((loud.sound?.seconds ?? 0) - 4) < 0.05)
        let none = try await Self.frames("ffv1.mkv", MediaSettings(takesSoundtrack: true))
        #expect(none.sound == nil && none.media.notes.contains("ffv1.mkv has no sound."))
    }

    @Test func theSoundOfAVideoCanBeAskedForAlone() async throws {
        let media = try await Helper.reader()
            .prepare(Helper.fixture("vp9.webm"), as: .sound, MediaSettings())
        guard case .sound(let sound) = media.content else {
            Issue.record("no sound")
            return
        }
        #expect(abs(sound.seconds - 4) < 0.05)
    }

    /// a, b, c, d of a track's matrix, and the EXIF value that means the same.
    static let matrices: [([Int32], Orientation)] = [
        ([1, 0, 0, 1], .upright), ([-1, 0, 0, 1], .mirrored), ([-1, 0, 0, -1], .upsideDown),
        ([1, 0, 0, -1], .flipped), ([0, 1, 1, 0], .transposed), ([0, 1, -1, 0], .quarterClockwise),
        ([0, -1, -1, 0], .transversed), ([0, -1, 1, 0], .quarterCounterclockwise),
    ]

    @Test(arguments: matrices.indices)
    func framesAreTurnedUpright(number: Int) async throws {
        let (matrix, orientation) = Self.matrices[number]
        var bytes = [UInt8](
            try Data(contentsOf: URL(filePath: Helper.fixture("h264.mp4")))
        )
        // A track header: version 0 has its matrix 44 bytes behind its name.
        let name = Array("tkhd".utf8)
        let place = try #require(
            bytes.indices.first { bytes[$0...].starts(with: name) }
        )
        for (index, value) in zip([0, 1, 3, 4], matrix) {
            let fixed = UInt32(bitPattern: value << 16)
            for byte in 0..<4 {
                bytes[place + 44 + 4 * index + byte] = UInt8(
                    truncatingIfNeeded: fixed >> (24 - 8 * byte)
                )
            }
        }
        let file = try Helper.write("turned.mp4", bytes)
        let request = PreviewRequest(maxWidth: 100, maxHeight: 100)
        let upright = try await Helper.reader().preview(Helper.fixture("h264.mp4"), request)
        let turned = try await Helper.reader().preview(file.path, request)
        let stored = try #require(upright.pictures.first)
        #expect(turned.pictures == [orientation.applied(to: stored)])
        guard case .video(let facts) = turned.facts else {
            Issue.record("\(turned.facts)")
            return
        }
        #expect((facts.width, facts.height) == (orientation.swapsSides ? (48, 64) : (64, 48)))
    }

    @Test func aPreviewShowsSomeOfTheFrames() async throws {
        let preview = try await Helper.reader().preview(
            Helper.fixture("sound.mp4"),
            PreviewRequest(maxWidth: 32, maxHeight: 32, frames: 4, columns: 20)
        )
        #expect(preview.pictures.map(Self.number) == [0, 10, 20, 30])
        #expect(preview.pictures.allSatisfy { ($0.width, $0.height) == (32, 24) })
        #expect(preview.waveform.count == 20)
        #expect(preview.waveform.dropLast().allSatisfy { $0 > 0.05 && $0 <= 1 })
    }
}
