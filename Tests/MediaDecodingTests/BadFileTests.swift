import Foundation
import Media
import MediaDecoding
import Testing

struct BadFileTests {
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: Helper.fixture(name))))
    }

    @Test func whatIsNoFileIsSaidToBeNone() async throws {
        #expect(
            await Helper.sentence("/nonexistent.png")
                == "Can't open /nonexistent.png: No such file or directory."
        )
        #expect(await Helper.sentence("/tmp") == "/tmp is a folder. Name a file in it.")
        #expect(await Helper.sentence("/dev/null").hasPrefix("/dev/null is no regular file"))
        let empty = try Helper.write("empty.png", [])
        #expect(await Helper.sentence(empty.path) == "\(empty.path) is empty. Choose another file.")
    }

    @Test(arguments: ["text.png", "text.wav", "text.mp4"])
    func textIsNoPictureWhateverItsName(name: String) async throws {
        let text = String(repeating: "Once upon a time there was a file.\n", count: 400)
        let file = try Helper.write(name, Array(text.utf8))
        #expect(
            await Helper.sentence(file.path).hasPrefix(
                "\(file.path) is no picture, sound or video of a type that is read here."
            )
        )
    }

    @Test func aListOfFilesOpensNoneOfThem() async throws {
        let secret = Helper.fixture("mono16k.wav")
        for list in [
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n\(secret)\n#EXT-X-ENDLIST\n",
            "ffconcat version 1.0\nfile \(secret)\n",
        ] {
            let file = try Helper.write("list.mp4", Array(list.utf8))
            #expect(await Helper.sentence(file.path).contains("no picture, sound or video"))
        }
    }

    @Test(arguments: [
        "rgb.png", "palette.png", "420.jpg", "progressive.jpg", "rgb.gif", "rgb.bmp", "rgb.tiff",
        "lossless.webp", "lossy.webp",
    ])
    func aPictureThatIsCutOffIsRefused(name: String) async throws {
        let whole = try Self.bytes(name)
        let file = try Helper.write(name, Array(whole.prefix(whole.count * 2 / 3)))
        #expect(
            await Helper.sentence(file.path)
                == "\(file.path) is cut off: its end is missing. Get it again."
        )
    }

    /// A PNG that says it is so large, with a little of what it says.
    static func hugePNG(_ width: Int, _ height: Int) throws -> [UInt8] {
        var bytes = try Self.bytes("rgb.png")
        for (place, number) in [(16, width), (20, height)] {
            for byte in 0..<4 {
                bytes[place + byte] = UInt8(truncatingIfNeeded: number >> (24 - 8 * byte))
            }
        }
        return bytes
    }

    @Test(arguments: [(30_000, 30_000), (70_000, 10), (1, 2_000_000_000)])
    func aPictureTooLargeIsRefusedByItsHeader(width: Int, height: Int) async throws {
        let file = try Helper.write("huge.png", try Self.hugePNG(width, height))
        let sentence = await Helper.sentence(file.path)
        #expect(sentence.contains("pixels; pictures of up to 100 million pixels"))
        if width == 30_000 { #expect(sentence.contains("has 30,000 x 30,000 pixels")) }
    }

    @Test func whatIsAskedForMustBeWhatItIs() async throws {
        let png = Helper.fixture("rgb.png")
        let wav = Helper.fixture("mono16k.wav")
        let mp4 = Helper.fixture("short.mp4")
        #expect(await Helper.sentence(png, as: .sound).contains("is a picture, not what"))
        #expect(await Helper.sentence(png, as: .video).contains("is a picture, not what"))
        #expect(await Helper.sentence(wav, as: .picture).contains("is a sound, not what"))
        #expect(await Helper.sentence(wav, as: .video).contains("is a sound, not what"))
        #expect(await Helper.sentence(mp4, as: .picture).contains("is a video, not what"))
        #expect(
            await Helper.sentence(mp4, as: .sound) == "\(mp4) holds no sound. Choose another file."
        )
    }

    @Test func anAnimationIsAVideoWhereOneIsAskedFor() async {
        #expect(await Helper.sentence(Helper.fixture("animated.gif"), as: .video).isEmpty)
    }

    @Test(arguments: ["h264.mp4", "ffv1.mkv", "vp9.webm", "mono16k.wav", "motion.avi"])
    func whatIsLeftOfAVideoOrSoundIsUsedAndSaidToBeCut(name: String) async throws {
        let whole = try Self.bytes(name)
        let file = try Helper.write(name, Array(whole.prefix(whole.count * 4 / 5)))
        do throws(MediaError) {
            let media = try await Helper.reader().prepare(file.path, as: nil, MediaSettings())
            #expect(media.notes.first == "\(name) is cut off: the model gets what there is of it.")
        } catch {
            // Where the table of contents is at the end, nothing is left.
            #expect(name == "h264.mp4")
            #expect(
                error.userMessage == "\(file.path) is cut off: its end is missing. Get it again."
            )
        }
    }

    @Test(arguments: ["h264.mp4", "ffv1.mkv", "five48k.flac", "stereo.ogg"])
    func aContainerOfNothingIsDamaged(name: String) async throws {
        let whole = try Self.bytes(name)
        let noise = (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 5) }
        let file = try Helper.write(name, Array(whole.prefix(12)) + noise)
        let sentence = await Helper.sentence(file.path)
        #expect(
            sentence.contains("is damaged") || sentence.contains("is cut off")
                || sentence.contains("holds no"),
            "\(sentence)"
        )
    }

    @Test func aPictureThatUnfoldsWithoutEndIsRefusedBeforeItDoes() async throws {
        var bytes = try Self.bytes("rgb.png")
        let name = Array("IDAT".utf8)
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: name) })
        let more: [UInt8] = [0, 1, 0x86, 0xA0] + name + [UInt8](repeating: 0, count: 100_004)
        bytes.insert(contentsOf: more, at: place - 4)
        let file = try Helper.write("bomb.png", bytes)
        #expect(
            await Helper.sentence(file.path)
                == "\(file.path) is damaged: it cannot be decoded. Get it again."
        )
    }

    @Test func notesInAPictureAreNotUnfolded() async throws {
        var bytes = try Self.bytes("rgb.png")
        // A profile that is none, with a checksum that is none.
        let chunk: [UInt8] = [0, 0, 0, 5] + Array("iCCP".utf8) + [UInt8](repeating: 9, count: 9)
        bytes.insert(contentsOf: chunk, at: 33)
        let file = try Helper.write("noted.png", bytes)
        #expect(await Helper.sentence(file.path).isEmpty)
    }
}
