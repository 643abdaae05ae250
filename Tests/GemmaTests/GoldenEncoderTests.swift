import Foundation
import GGUF
import Gemma
import JSONValues
import Media
import ReferenceData
import Tensors
import Testing

/// Float32 stays within 3e-6 of transformers here.
private let bound: Float = 1e-4

@Suite("Golden encoders", .enabled(if: ReferenceFolder.isPresent, "no reference folder"))
struct GoldenEncoderTests {
    /// A golden model's projector and what its reference says of one kind of media.
    private struct Golden {
        var folder: URL
        var entries: [JSONValue]
        var runner: EncoderRunner

        init(_ name: String, _ key: String) throws {
            let root = try #require(ReferenceFolder.url)
            folder = root.appending(path: "golden/\(name)")
            let text = try String(
                contentsOf: folder.appending(path: "reference.json"),
                encoding: .utf8
            )
            entries = try JSONValue(parsing: text)[key]?.arrayValue ?? []
            runner = try EncoderRunner(
                folder.appending(path: "mmproj-\(name)-f32.gguf").path,
                textWidth: 256
            )
        }

        func file(_ entry: JSONValue, _ key: String) throws -> URL {
            folder.appending(path: try #require(entry[key]?["file"]?.stringValue))
        }
    }

    /// A picture from patches of 16 pixels, `[patches, 16, 16, 3]`.
    private func picture(_ patches: [UInt8], columns: Int, rows: Int) throws -> Picture {
        let width = columns * 16
        var pixels = [UInt8](repeating: 0, count: patches.count)
        for index in patches.indices {
            let (patch, place) = (index / 768, index % 768)
            let x = patch % columns * 16 + place / 3 % 16
            let y = patch / columns * 16 + place / 48
            pixels[(y * width + x) * 3 + place % 3] = patches[index]
        }
        return try #require(Picture(width: width, height: rows * 16, pixels: pixels))
    }

    @Test("pictures agree with transformers", arguments: ["e2b", "moe", "dense"])
    func pictures(name: String) throws {
        let golden = try Golden(name, "images")
        #expect(golden.entries.count == 2)
        for entry in golden.entries {
            let size = (entry["resized_patches"]?.arrayValue ?? []).compactMap(\.intValue)
            try #require(size.count == 2)
            let patches = [UInt8](try Data(contentsOf: golden.file(entry, "patches")))
            let photo = try picture(patches, columns: size[0], rows: size[1])
            let expected = try GoldenModel.floats(golden.file(entry, "embeddings"))
            let exact = golden.runner.encoders.encode(photo, precision: .exact)
            #expect(largestDifference(exact ?? [], expected) < bound)
            let fast = golden.runner.encoders.encode(photo, precision: .fast)
            #expect(largestDifference(fast ?? [], expected) < 0.1)
        }
    }

    @Test("sounds agree with transformers")
    func sounds() throws {
        let golden = try Golden("e2b", "audio")
        #expect(golden.entries.count == 2)
        for entry in golden.entries {
            let frames = try #require(entry["mask_frames"]?.intValue)
            let mel = Array(
                try GoldenModel.floats(golden.file(entry, "mel")).prefix(frames * 128)
            )
            let expected = try GoldenModel.floats(golden.file(entry, "embeddings"))
            let exact = golden.runner.encoders.encode(mel: mel, frames: frames, precision: .exact)
            #expect(largestDifference(exact ?? [], expected) < bound)
            let fast = golden.runner.encoders.encode(mel: mel, frames: frames, precision: .fast)
            #expect(largestDifference(fast ?? [], expected) < 0.1)
        }
    }
}
