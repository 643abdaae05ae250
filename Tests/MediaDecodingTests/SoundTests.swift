import Foundation
import Media
import MediaDecoding
import Testing

struct SoundTests {
    /// A tenth of a second of 440 Hz, on the first channel only.
    struct Fixture: Sendable {
        var name: String
        var channels: Int
        var sampleRate: Int
        /// Of what is heard: 0.5 / channels.
        var peak: Double
        /// Of the peak; wider where the coding loses.
        var tolerance: Double
    }

    static let fixtures = [
        Fixture(name: "mono16k.wav", channels: 1, sampleRate: 16_000, peak: 0.5, tolerance: 0.001),
        Fixture(
            name: "stereo44k.wav",
            channels: 2,
            sampleRate: 44_100,
            peak: 0.25,
            tolerance: 0.02
        ),
        Fixture(name: "float8k.wav", channels: 1, sampleRate: 8_000, peak: 0.5, tolerance: 0.03),
        Fixture(name: "bytes11k.wav", channels: 1, sampleRate: 11_025, peak: 0.5, tolerance: 0.03),
        Fixture(name: "five48k.flac", channels: 5, sampleRate: 48_000, peak: 0.1, tolerance: 0.02),
        Fixture(name: "stereo.mp3", channels: 2, sampleRate: 44_100, peak: 0.25, tolerance: 0.05),
        Fixture(name: "stereo.ogg", channels: 2, sampleRate: 44_100, peak: 0.25, tolerance: 0.05),
        Fixture(name: "stereo.opus", channels: 2, sampleRate: 48_000, peak: 0.25, tolerance: 0.05),
        Fixture(name: "stereo.m4a", channels: 2, sampleRate: 44_100, peak: 0.25, tolerance: 0.05),
    ]

    static func samples(_ path: String) async throws -> (Sound, PreparedMedia) {
        let media = try await Helper.reader().prepare(path, as: nil, MediaSettings())
        guard case .sound(let sound) = media.content else {
            throw MediaError.unusable("\(path) is no sound")
        }
        return (sound, media)
    }

    @Test(arguments: fixtures.indices)
    func soundIsTheMeanOfItsChannelsAt16Kilohertz(number: Int) async throws {
        let fixture = Self.fixtures[number]
        let (sound, media) = try await Self.samples(Helper.fixture(fixture.name))
        guard case .sound(let facts) = media.facts else {
            Issue.record("\(media.facts)")
            return
        }
        #expect(facts.channels == fixture.channels && facts.sampleRate == fixture.sampleRate)
        #expect(abs(sound.seconds - 0.1) < 0.02 && abs(facts.seconds - 0.1) < 0.02)
        #expect(media.notes.isEmpty)
        // The middle, where no filter sees the ends.
        let middle = Array(sound.samples[480..<1_120])
        let peak = Double(middle.map(abs).max() ?? 0)
        #expect(abs(peak - fixture.peak) < fixture.tolerance * fixture.peak, "\(peak)")
        // Where nothing is lost, the sound begins and ends as it does in the file.
        if fixture.tolerance < 0.05 {
            for number in [0, 1, 2, 3, 1_596, 1_597, 1_598] {
                let exact = fixture.peak * sin(2 * Double.pi * 440 * Double(number) / 16_000)
                #expect(abs(Double(sound.samples[number]) - exact) < 0.06 * fixture.peak)
            }
        }
        // 440 Hz: crossings of zero in 40 ms.
        let crossings = zip(middle, middle.dropFirst()).count { ($0 < 0) != ($1 < 0) }
        #expect((34...36).contains(crossings), "\(crossings)")
    }

    @Test func samplesOfTheRightRateAreLeftAsTheyAre() async throws {
        let (sound, _) = try await Self.samples(Helper.fixture("mono16k.wav"))
        #expect(sound.samples.count == 1_600)
        for (number, sample) in sound.samples.enumerated() {
            let exact = 0.5 * sin(2 * Double.pi * 440 * Double(number) / 16_000)
            #expect(abs(Double(sample) - exact) < 1e-4)
        }
    }

    /// A WAV file of 8-bit samples, which says that it is as long as it is.
    static func wave(seconds: Int, rate: Int) -> [UInt8] {
        func little(_ number: Int, _ count: Int) -> [UInt8] {
            (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let count = seconds * rate
        let head =
            Array("RIFF".utf8) + little(36 + count, 4) + Array("WAVEfmt ".utf8) + little(16, 4)
            + little(1, 2) + little(1, 2) + little(rate, 4) + little(rate, 4) + little(1, 2)
            + little(8, 2) + Array("data".utf8) + little(count, 4)
        return head + (0..<count).map { $0 % 20 < 10 ? 96 : 160 }
    }

    @Test func anHourIsCutAndSaidToBe() async throws {
        let file = try Helper.write("speech.wav", Self.wave(seconds: 3_723, rate: 1_000))
        let (sound, media) = try await Self.samples(file.path)
        #expect(sound.samples.count == Sound.maxSamples)
        #expect(media.notes == ["speech.wav lasts 1:02:03; the model hears the first 30 s."])
        guard case .sound(let facts) = media.facts else {
            Issue.record("\(media.facts)")
            return
        }
        #expect(facts.seconds == 3_723)
    }

    @Test func lessThanAMinuteIsSaidAsSuch() async throws {
        let file = try Helper.write("talk.wav", Self.wave(seconds: 45, rate: 1_000))
        let (_, media) = try await Self.samples(file.path)
        #expect(media.notes == ["talk.wav lasts 0:45; the model hears the first 30 s."])
    }

    @Test func thirtySecondsAreHeardWhole() async throws {
        let file = try Helper.write("speech.wav", Self.wave(seconds: 30, rate: 16_000))
        let (sound, media) = try await Self.samples(file.path)
        #expect(sound.samples.count == Sound.maxSamples && media.notes.isEmpty)
    }

    @Test func aPreviewIsAWaveform() async throws {
        let preview = try await Helper.reader().preview(
            Helper.fixture("mono16k.wav"),
            PreviewRequest(maxWidth: 10, maxHeight: 10, columns: 8)
        )
        #expect(preview.pictures.isEmpty && preview.waveform.count == 8)
        #expect(preview.waveform.allSatisfy { abs($0 - 0.5) < 0.01 })
    }
}
