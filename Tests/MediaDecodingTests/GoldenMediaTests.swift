import Foundation
import JSONValues
import Media
import MediaDecoding
import ReferenceData
import Testing

/// The reference's own pictures, sounds and video, where they stand beside the checkout.
@Suite(.enabled(if: ReferenceFolder.isPresent, "no reference models beside the checkout"))
struct GoldenMediaTests {
    static func url(_ name: String) throws -> URL {
        try #require(ReferenceFolder.url).appending(path: "golden/e2b/\(name)")
    }

    static func reference() throws -> JSONValue {
        try JSONValue(parsing: try String(contentsOf: url("reference.json"), encoding: .utf8))
    }

    @Test func picturesHaveTheReferencesBytes() async throws {
        let entries = try #require(try Self.reference()["images"]?.arrayValue)
        #expect(!entries.isEmpty)
        for entry in entries {
            let name = try #require(entry["file"]?.stringValue)
            let media = try await Helper.reader().prepare(
                try Self.url(name).path,
                as: .picture,
                MediaSettings(budget: .tokens70)
            )
            guard case .picture(let picture) = media.content else {
                Issue.record("\(name) is no picture")
                return
            }
            #expect(SoftTokenCount.picture(picture) == entry["soft_tokens"]?.intValue)
            let file = try #require(entry["patches"]?["file"]?.stringValue)
            let patches = [UInt8](try Data(contentsOf: try Self.url(file)))
            let columns = picture.width / PictureSize.patch
            var worst = 0
            for y in 0..<picture.height {
                for x in 0..<picture.width {
                    let (side, patch) = (PictureSize.patch, y / 16 * columns + x / 16)
                    let place = 3 * (patch * side * side + y % side * side + x % side)
                    let from = 3 * (y * picture.width + x)
                    for channel in 0..<3 {
                        let difference =
                            Int(picture.pixels[from + channel]) - Int(patches[place + channel])
                        worst = max(worst, abs(difference))
                    }
                }
            }
            #expect(worst <= 1, "\(name)")
        }
    }

    @Test func featuresAreTheReferences() async throws {
        let entries = try #require(try Self.reference()["audio"]?.arrayValue)
        #expect(!entries.isEmpty)
        for entry in entries {
            let name = try #require(entry["file"]?.stringValue)
            let media = try await Helper.reader()
                .prepare(try Self.url(name).path, as: .sound, MediaSettings())
            guard case .sound(let sound) = media.content else {
                Issue.record("\(name) is no sound")
                return
            }
            #expect(
                SoftTokenCount.sound(samples: sound.samples.count) == entry["soft_tokens"]?.intValue
            )
            let mel = LogMel(samples: sound.samples)
            #expect(mel.frames == entry["mask_frames"]?.intValue)
            let file = try #require(entry["mel"]?["file"]?.stringValue)
            // Frames behind the valid ones are padding.
            let expected = try GoldenModel.floats(try Self.url(file)).prefix(mel.values.count)
            let worst = zip(mel.values, expected).map { abs($0 - $1) }.max() ?? 1
            #expect(expected.count == mel.values.count && worst < 1e-4, "\(name): \(worst)")
        }
    }

    @Test func theVideosFramesAndStampsAreTheReferences() async throws {
        let video = try #require(try Self.reference()["video"])
        let name = try #require(video["file"]?.stringValue)
        let media = try await Helper.reader()
            .prepare(try Self.url(name).path, as: .video, MediaSettings())
        guard case .video(let frames, _) = media.content else {
            Issue.record("\(name) is no video")
            return
        }
        #expect(frames.map(\.index) == video["frames"]?.arrayValue?.compactMap(\.intValue))
        #expect(frames.map(\.stamp) == video["stamps"]?.arrayValue?.compactMap(\.stringValue))
        #expect(
            frames.allSatisfy {
                SoftTokenCount.picture($0.picture) == video["soft_tokens_per_frame"]?.intValue
            }
        )
    }
}
