import ArgumentParser
import Foundation
import GGUF
import Gemma
import GemmaEngine
import JSONValues
import Media
import Tensors

/// `facet bench-media`: how fast a model's encoders are.
struct BenchMedia: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-media",
        abstract: "Measure how fast pictures and sound are encoded.",
        discussion: """
            A square picture and sound of noise, already made ready; the time is of the encoders \
            alone, after one run that is not counted.
            """
    )

    @Option(
        help: "An mmproj file, or a model that holds its encoders itself.",
        completion: .file(extensions: ["gguf"])
    )
    var mmproj: String

    @Option(help: "Pixels of the picture's side: a multiple of 48; 0 measures none.")
    var imageSize = 768

    @Option(help: "Seconds of sound, 30 at most; 0 measures none.")
    var audioSeconds = 30

    @Option(name: [.customShort("t"), .long], help: "Threads; by default one a core.")
    var threads: Int?

    @Option(name: .customShort("r"), help: "Runs.")
    var runs = 3

    @Option(help: "exact or fast.")
    var precision: Precision = .fast

    @Flag(help: "Print one line of JSON.")
    var json = false

    func validate() throws {
        guard (0...4_800).contains(imageSize), imageSize % SoftTokenCount.side == 0,
            (0...30).contains(audioSeconds), (1...1000).contains(runs),
            (1...1024).contains(threads ?? 1)
        else {
            throw ValidationError("The picture's side is a multiple of 48, the sound at most 30 s.")
        }
    }

    func run() throws {
        let options = EngineOptions(threads: threads)
        let pool = WorkerPool(threadCount: options.threadCount)
        defer { pool.stop() }
        let encoders: MediaEncoders
        do {
            let file = try GGUFFile(path: mmproj)
            guard let width = MediaEncoders.softTokenWidth(in: file) else {
                throw Failure("\(mmproj) holds no encoders. Name an mmproj file.", .model)
            }
            encoders = try MediaEncoders(file: file, textWidth: width, pool: pool)
        } catch let error as GGUFError {
            throw Failure(error.userMessage, .model)
        } catch let error as ModelError {
            throw Failure(error.userMessage, .model)
        }
        var value: JSONValue = [
            "mmproj": .string(URL(filePath: mmproj).lastPathComponent),
            "machine": .string(KernelFigures.processorName()),
            "threads": .number(options.threadCount),
            "kernels": .string(Kernels.name),
            "precision": .string(precision.rawValue),
        ]
        var peak = 0
        func measure(_ name: String, _ encode: (() -> Bool) -> [Float]?) {
            var seconds: [JSONValue] = []
            var processor: [JSONValue] = []
            var tokens = 0
            for run in 0...runs {
                let start = ContinuousClock.now
                let begun = Self.processorSeconds()
                let found = encode {
                    peak = max(peak, KernelFigures.anonymousBytes())
                    return false
                }
                let time = (ContinuousClock.now - start) / .seconds(1)
                tokens = (found?.count ?? 0) / encoders.textWidth
                guard run > 0 else { continue }
                seconds.append(Self.rounded(time))
                processor.append(Self.rounded(Self.processorSeconds() - begun))
            }
            value["\(name)_s"] = .array(seconds)
            value["\(name)_cpu_s"] = .array(processor)
            value["\(name)_tokens"] = .number(tokens)
        }
        var noise = Noise()
        if encoders.sees, let picture = noise.picture(side: imageSize) {
            measure("picture") {
                encoders.encode(picture, precision: precision, isCancelled: $0)
            }
        }
        let samples = 16_000 * audioSeconds
        switch encoders.soundKind {
        case .tower? where samples > 0:
            let frames = SoftTokenCount.melFrames(samples: samples)
            let mel = noise.numbers(frames * 128, from: -7, to: 3)
            measure("sound") {
                encoders.encode(mel: mel, frames: frames, precision: precision, isCancelled: $0)
            }
        case .frames? where samples > 0:
            let sound = noise.numbers(samples, from: -1, to: 1)
            measure("sound") {
                encoders.encode(samples: sound, precision: precision, isCancelled: $0)
            }
        default: break
        }
        value["anon_peak_mb"] = .number(peak >> 20)
        if json { try Console.write(value) } else { try Console.write(Self.table(value)) }
    }

    private static func rounded(_ seconds: Double) -> JSONValue {
        .number(Double(Int(seconds * 1e4)) / 1e4)
    }

    /// Processor time of this process, all threads together.
    private static func processorSeconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func table(_ value: JSONValue) -> String {
        ["picture", "sound"].compactMap { name in
            guard let seconds = value["\(name)_s"]?.arrayValue?.compactMap(\.doubleValue).sorted(),
                let tokens = value["\(name)_tokens"]?.intValue, !seconds.isEmpty
            else { return nil }
            let median = String(format: "%.3f s", seconds[seconds.count / 2])
            return name.padding(toLength: 10, withPad: " ", startingAt: 0)
                + "\(median) for \(tokens) soft tokens\n"
        }.joined()
    }
}

/// Numbers without meaning, the same ones each time.
private struct Noise {
    private var state: UInt32 = 1

    private mutating func next() -> UInt32 {
        state = state &* 1_664_525 &+ 1_013_904_223
        return state >> 16
    }

    mutating func numbers(_ count: Int, from low: Float, to high: Float) -> [Float] {
        (0..<count).map { _ in low + (high - low) * Float(next()) / 65_535 }
    }

    /// Nil for a side of 0.
    mutating func picture(side: Int) -> Picture? {
        let pixels = (0..<3 * side * side).map { _ in UInt8(truncatingIfNeeded: next()) }
        return Picture(width: side, height: side, pixels: pixels)
    }
}
