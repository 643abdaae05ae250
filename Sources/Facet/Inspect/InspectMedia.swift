import ArgumentParser
import Conversation
import Foundation
import Gemma
import GemmaEngine
import JSONValues
import Media

extension InspectCommand {
    /// The verb `facet inspect media`.
    struct InspectMedia: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "media",
            abstract: "Print what a model receives of a picture, a sound or a video.",
            discussion: """
                --dump writes the embeddings as raw little-endian float32, [soft tokens, width], a \
                video's frames in order and then its sound.
                """
        )

        @Option(
            help: "A model: path of a GGUF file, or its name in the models folder.",
            completion: .model
        )
        var model: String?

        @Option(
            name: .customLong("mmproj"),
            help: ArgumentHelp(
                "The model's encoders; by default a file beside it.",
                valueName: "path"
            ),
            completion: .file(extensions: ["gguf"])
        )
        var projector: String?

        @Option(help: ArgumentHelp("A picture.", valueName: "path"), completion: .file())
        var image: String?

        @Option(help: ArgumentHelp("A sound.", valueName: "path"), completion: .file())
        var audio: String?

        @Option(help: ArgumentHelp("A video.", valueName: "path"), completion: .file())
        var video: String?

        @Option(help: "Tokens that a picture or frame may take: 70, 140, 280, 560 or 1120.")
        var imageTokens: Int?

        @Option(help: "exact or fast.")
        var precision: Precision = .exact

        @Option(name: [.long, .customShort("t")], help: "Threads; by default one a core.")
        var threads: Int?

        @Flag(help: "Read a video's sound too.")
        var soundtrack = false

        @Option(help: ArgumentHelp("Write the embeddings to this file.", valueName: "path"))
        var dump: String?

        @Flag(help: "Print JSON (the only form there is).")
        var json = false

        func validate() throws {
            if [image, audio, video].compactMap({ $0 }).count != 1 {
                throw ValidationError("Give one of --image, --audio and --video.")
            }
            if let imageTokens, TokenBudget(rawValue: imageTokens) == nil {
                throw ValidationError("--image-tokens must be 70, 140, 280, 560 or 1120.")
            }
            if let threads, !(1...1024).contains(threads) {
                throw ValidationError("--threads must be from 1 to 1024.")
            }
        }

        func run() async throws {
            let path = try ModelOptions.resolve(model)
            let senses = SenseOptions(projector: projector, budget: .tokens1120)
            let findings: MediaFindings
            do {
                let inspector = try MediaInspector(
                    model: path,
                    encoders: senses.options(for: path),
                    threads: EngineOptions(threads: threads).threadCount
                )
                findings = try await inspector.inspect(
                    image ?? audio ?? video ?? "",
                    as: image != nil ? .picture : audio != nil ? .sound : .video,
                    MediaSettings(
                        budget: imageTokens.flatMap(TokenBudget.init(rawValue:)),
                        takesSoundtrack: soundtrack
                    ),
                    precision
                )
            } catch let error as EngineOpenError {
                throw ModelOptions.failure(error)
            } catch let error as EngineError { throw Failure(error) }
            if let dump { try Self.write(findings.rows, to: dump) }
            for note in findings.notes { Console.complain(note) }
            try Console.write(Self.json(findings))
        }

        /// Raw little-endian float32.
        private static func write(_ rows: [Float], to path: String) throws {
            let bytes = rows.flatMap { row in
                let bits = row.bitPattern
                return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
            }
            do { try Data(bytes).write(to: URL(filePath: path)) } catch {
                throw Failure("\(path) can't be written: \(error.localizedDescription)")
            }
        }

        private static func json(_ findings: MediaFindings) -> JSONValue {
            [
                "soft_tokens": .number(findings.softTokens),
                "shape": [.number(findings.softTokens), .number(findings.width)],
                "kind": .string(findings.facts.kind.rawValue),
                "source": source(findings.facts),
                "pieces": .array(findings.pieces.map(piece)),
                "layout": .string(findings.layout),
                "notes": .array(findings.notes.map { .string($0) }),
                "decode_seconds": .number(findings.decodeSeconds),
                "encode_seconds": .number(findings.encodeSeconds),
            ]
        }

        private static func piece(_ piece: MediaFindings.Piece) -> JSONValue {
            var json: JSONValue = ["soft_tokens": .number(piece.softTokens)]
            if let size = piece.size {
                json["width"] = .number(size.width)
                json["height"] = .number(size.height)
            }
            if let frame = piece.frame {
                json["frame"] = .number(frame.index)
                json["stamp"] = .string(frame.stamp)
            }
            if let samples = piece.samples { json["samples"] = .number(samples) }
            return json
        }

        /// What the file holds.
        private static func source(_ facts: MediaFacts) -> JSONValue {
            switch facts {
            case .picture(let picture):
                return [
                    "format": .string(picture.format), "width": .number(picture.width),
                    "height": .number(picture.height),
                ]
            case .sound(let sound): return json(sound)
            case .video(let video):
                var json: JSONValue = [
                    "format": .string(video.format), "width": .number(video.width),
                    "height": .number(video.height), "frames": .number(video.frameCount),
                    "frames_per_second": .number(video.framesPerSecond),
                    "seconds": .number(video.seconds),
                ]
                if let sound = video.sound { json["sound"] = Self.json(sound) }
                return json
            }
        }

        private static func json(_ sound: SoundFacts) -> JSONValue {
            [
                "format": .string(sound.format), "seconds": .number(sound.seconds),
                "sample_rate": .number(sound.sampleRate), "channels": .number(sound.channels),
            ]
        }
    }
}
