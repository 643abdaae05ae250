import Foundation
import GGUF
import Gemma
import Media
import ReferenceData
import Tensors
import Testing

/// One file's encoders with what a test needs around them.
final class EncoderRunner {
    let encoders: MediaEncoders
    private let pool: WorkerPool

    init(_ path: String, textWidth: Int, threads: Int = 2) throws {
        pool = WorkerPool(threadCount: threads)
        encoders = try MediaEncoders(
            file: GGUFFile(path: path),
            textWidth: textWidth,
            pool: pool
        )
    }

    deinit { pool.stop() }

    /// What the encoders of a fixture make of its picture and its sound.
    func results(_ precision: Precision) throws -> (picture: [Float], sound: [Float]) {
        let photo = try TinyEncoders.photo
        let picture = try #require(encoders.encode(photo, precision: precision))
        var sound: [Float] = []
        switch encoders.soundKind {
        case .tower:
            sound = try #require(
                encoders.encode(
                    mel: TinyEncoders.melFrames,
                    frames: TinyEncoders.frames,
                    precision: precision
                )
            )
        case .frames:
            sound = try #require(encoders.encode(samples: TinyEncoders.sound, precision: precision))
        case nil: break
        }
        return (picture, sound)
    }
}

extension TinyEncoders {
    static var photo: Picture {
        get throws { try #require(Picture(width: width, height: height, pixels: pixels)) }
    }
}

@Suite("Encoders") struct EncoderTests {
    @Test("soft tokens agree with the double-precision reference", arguments: TinyEncoders.names)
    func exact(name: String) throws {
        let tiny = try TinyEncoders(name)
        let runner = try EncoderRunner(tiny.path, textWidth: tiny.textWidth)
        let (picture, sound) = try runner.results(.exact)
        #expect(tiny.picture.count == 6 * tiny.textWidth)
        #expect(largestDifference(picture, tiny.picture) < 2e-5)
        #expect(largestDifference(sound, tiny.mel + tiny.samples) < 2e-5)
    }

    @Test("rounded activations move soft tokens little", arguments: TinyEncoders.names)
    func fast(name: String) throws {
        let tiny = try TinyEncoders(name)
        let runner = try EncoderRunner(tiny.path, textWidth: tiny.textWidth)
        let (picture, sound) = try runner.results(.fast)
        #expect(largestDifference(picture, tiny.picture) < 0.15)
        #expect(largestDifference(sound, tiny.mel + tiny.samples) < 0.15)
    }

    @Test(
        "the number of threads changes no bit",
        arguments: TinyEncoders.names,
        [Precision.exact, .fast]
    )
    func threads(name: String, precision: Precision) throws {
        let tiny = try TinyEncoders(name)
        let results = try [1, 2, 3].map { threads in
            try EncoderRunner(tiny.path, textWidth: tiny.textWidth, threads: threads)
                .results(precision)
        }
        for other in results.dropFirst() {
            #expect(other.picture == results[0].picture)
            #expect(other.sound == results[0].sound)
        }
    }

    @Test("what a file holds is known before and after it is opened")
    func kinds() throws {
        let small = try EncoderRunner(TinyEncoders.path("small"), textWidth: 32).encoders
        #expect(small.pictureKind == .tower && small.soundKind == .tower)
        #expect(small.softTokens(samples: 16_000) == 25)
        let large = try EncoderRunner(TinyEncoders.path("large"), textWidth: 32).encoders
        #expect(large.sees && !large.hears)
        let unified = try EncoderRunner(TinyEncoders.path("unified"), textWidth: 32).encoders
        #expect(unified.pictureKind == .patches && unified.soundKind == .frames)
        #expect(unified.softTokens(samples: 641) == 2)
        #expect(try MediaEncoders.isPresent(in: GGUFFile(path: TinyEncoders.path("large"))))
        #expect(try !MediaEncoders.isPresent(in: GGUFFile(path: TinyModel.path("e2b"))))
    }

    @Test("stopping gives nothing", arguments: TinyEncoders.names)
    func cancelling(name: String) throws {
        let runner = try EncoderRunner(TinyEncoders.path(name), textWidth: 32)
        let photo = try TinyEncoders.photo
        // Stops at the first question, at the second and so on until it is asked no more.
        for limit in 0..<100 {
            var asked = 0
            let result = runner.encoders.encode(photo, precision: .exact) {
                asked += 1
                return asked > limit
            }
            #expect((result == nil) == (asked > limit))
            if result != nil {
                #expect(limit > 1)
                return
            }
        }
        Issue.record("it is never finished")
    }

    @Test("a larger budget needs more room, and no square of the patches")
    func room() throws {
        for name in TinyEncoders.names {
            let encoders = try EncoderRunner(TinyEncoders.path(name), textWidth: 32).encoders
            let small = encoders.scratchBytes(budget: .tokens280, threads: 2)
            let large = encoders.scratchBytes(budget: .tokens1120, threads: 2)
            #expect(large > small && large < 8 * small)
        }
    }
}

@Suite("Encoder files that cannot be used") struct EncoderErrorTests {
    private func message(
        textWidth: Int = 32,
        _ change: (inout GGUFBuilder) -> Void
    ) throws -> String {
        var builder = GGUFBuilder()
        builder.set("general.architecture", .string("clip"))
        change(&builder)
        let file = try TemporaryFile(builder.file(), name: "mmproj.gguf")
        do {
            _ = try EncoderRunner(file.path, textWidth: textWidth)
            return "opened"
        } catch let error as ModelError {
            return error.userMessage.replacing(file.path, with: "FILE")
        }
    }

    @Test("the projector of another model is named")
    func otherModel() throws {
        let text = try message(textWidth: 1536) { builder in
            builder.add(
                "mm.a.input_projection.weight",
                [2, 2560],
                floats: .init(repeating: 0, count: 5120)
            )
        }
        #expect(
            text == """
                Can't use FILE with this model: its soft tokens are 2560 numbers wide like those of \
                Gemma 4 E4B, and the model's are 1536 like those of Gemma 4 E2B. Choose the mmproj \
                file that was published with the model.
                """
        )
    }

    @Test("another family's encoder is named")
    func otherFamily() throws {
        let text = try message { builder in
            builder.set("clip.projector_type", .string("gemma3"))
            builder.add(
                "v.patch_embd.weight",
                [14, 14, 3, 1],
                floats: .init(repeating: 0, count: 588)
            )
        }
        #expect(text.hasPrefix("Can't use FILE: its encoder is of the kind gemma3"))
    }

    @Test("a missing tensor and a number that disagrees are named")
    func parts() throws {
        let nothing = try message { $0.add("other", [1], floats: [0]) }
        #expect(nothing.contains("v.patch_embd.weight"))
        let disagreeing = try message { builder in
            builder.set("clip.audio.embedding_length", .uint32(641))
            builder.add(
                "mm.a.input_projection.weight",
                [640, 32],
                floats: .init(repeating: 0, count: 20_480)
            )
        }
        #expect(
            disagreeing.contains("clip.audio.embedding_length is 641 where its tensors say 640")
        )
    }

    @Test("a changed header is refused or runs, and never traps", arguments: TinyEncoders.names)
    func mutations(name: String) throws {
        let pool = WorkerPool(threadCount: 1)
        defer { pool.stop() }
        let picture = try #require(
            Picture(width: 96, height: 48, pixels: Array(TinyEncoders.pixels.prefix(96 * 48 * 3)))
        )
        var ran = 0
        let refused = try mutateHeader(of: TinyEncoders.path(name), times: 1_500) { file in
            let encoders = try MediaEncoders(file: file, textWidth: 32, pool: pool)
            _ = encoders.encode(picture, precision: .fast)
            switch encoders.soundKind {
            case .tower:
                let mel = Array(TinyEncoders.melFrames.prefix(5 * 128))
                _ = encoders.encode(mel: mel, frames: 5, precision: .fast)
            case .frames:
                _ = encoders.encode(samples: TinyEncoders.sound, precision: .fast)
            case nil: break
            }
            ran += 1
        }
        #expect(refused > 50)
        #expect(ran > 50)
    }
}
