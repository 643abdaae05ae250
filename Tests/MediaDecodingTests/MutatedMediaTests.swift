import Foundation
import Glibc
import Media
import MediaDecoding
import SeededRandom
import Testing

/// Files of every type, broken at random: `Scripts/fuzz_media.py` does the same ten thousand times.
struct MutatedMediaTests {
    static let names = [
        "rgb.png", "420.jpg", "lossy.webp", "animated.webp", "animated.gif", "rgb.bmp",
        "packed.tiff", "rgb.avif", "stereo44k.wav", "stereo.mp3", "five48k.flac", "stereo.opus",
        "stereo.m4a", "short.mp4", "ffv1.mkv", "vp8.webm",
    ]

    /// Changes a few bytes, cuts, repeats or overwrites; the same for the same seed.
    static func mutated(_ original: [UInt8], seed: Int) -> [UInt8] {
        var generator = SeededGenerator(state: UInt64(seed))
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(place + Int.random(in: 1...32, using: &generator), bytes.count)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: for place in place..<min(place + 4, bytes.count) { bytes[place] = 0xFF }
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: place)
            default: bytes.removeSubrange(place...)
            }
        }
        return bytes
    }

    /// Two of each go through a helper of their own: an answer or a sentence, never our end.
    @Test(.timeLimit(.minutes(5)), arguments: names)
    func aBrokenFileIsAnAnswerOrASentence(name: String) async throws {
        let original = [UInt8](try Data(contentsOf: URL(filePath: Helper.fixture(name))))
        for seed in 0..<2 {
            let file = try Helper.write(name, Self.mutated(original, seed: seed))
            do throws(MediaError) {
                let settings = MediaSettings(budget: .tokens70, frameCount: 2)
                let media = try await Helper.reader().prepare(file.path, as: nil, settings)
                if case .picture(let picture) = media.content {
                    #expect(SoftTokenCount.picture(picture) <= 70)
                }
            } catch {
                #expect(error.userMessage.hasPrefix("\(file.path) "), "\(error.userMessage)")
            }
        }
    }

    /// Fifty of each go through helpers that take file after file.
    @Test(.timeLimit(.minutes(5)), arguments: names)
    func helpersAnswerForBrokenFiles(name: String) throws {
        let original = [UInt8](try Data(contentsOf: URL(filePath: Helper.fixture(name))))
        var helper: ManyHelper?
        var deaths = 0
        for seed in 0..<50 {
            let current = try helper ?? ManyHelper()
            helper = current
            if let answer = current.answer(Self.mutated(original, seed: seed)) {
                #expect(answer.count >= 24 && answer.prefix(8) == answer.suffix(8))
            } else {
                deaths += 1
                helper = nil
            }
        }
        // A death is not ours, but many would be a decoder that cannot be used.
        #expect(deaths <= 5)
    }
}

/// A helper that takes file after file.
private final class ManyHelper {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    init() throws {
        // Writing to one that is gone is an error, not our end.
        signal(SIGPIPE, SIG_IGN)
        process.executableURL = URL(filePath: Helper.facet)
        process.arguments =
            ["decode-media", "\(2 << 30)", "300", "many", "prepare", "any", "70", "2", "sound"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    deinit { process.terminate() }

    /// Nil when the helper is gone.
    func answer(_ file: [UInt8]) -> [UInt8]? {
        let length = (0..<8).map { UInt8(truncatingIfNeeded: file.count >> (8 * $0)) }
        guard (try? input.fileHandleForWriting.write(contentsOf: Data(length + file))) != nil,
            let head = read(8)
        else { return nil }
        return read((0..<8).reduce(0) { $0 | Int(head[$1]) << (8 * $1) })
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let rest = count - bytes.count
            guard let data = try? output.fileHandleForReading.read(upToCount: rest), !data.isEmpty
            else { return nil }
            bytes += data
        }
        return bytes
    }
}
