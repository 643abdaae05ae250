import Foundation
import Media
import Testing

struct LogMelTests {
    static func sine(_ seconds: Double, _ tones: [(Double, Double)]) -> [Float] {
        (0..<Int(seconds * 16_000)).map { number in
            let time = Double(number) / 16_000
            return Float(tones.reduce(0) { $0 + $1.0 * sin(2 * .pi * $1.1 * time) })
        }
    }

    static func value(_ mel: LogMel, _ frame: Int, _ band: Int) -> Float {
        mel.values[frame * LogMel.bands + band]
    }

    /// Band, then frames 0, 1, 2, 50 and 98 of a 440 Hz sine, as the reference computes them.
    static let sine440: [(Int, [Float])] = [
        (0, [-6.9078, -6.9078, -6.9078, -6.9078, -6.9078]),
        (1, [0.8086, -4.0191, -4.8618, -3.8201, -4.8618]),
        (2, [-0.3763, -5.0858, -5.7900, -4.9073, -5.7900]),
        (10, [0.0496, -3.9143, -3.8841, -3.9339, -3.8841]),
        (20, [1.6078, -0.3368, -0.3350, -0.3379, -0.3350]),
        (22, [2.3710, 2.8326, 2.8326, 2.8326, 2.8326]),
        (23, [2.3866, 2.9156, 2.9157, 2.9156, 2.9157]),
        (24, [2.8376, 3.5273, 3.5274, 3.5273, 3.5274]),
        (25, [2.6349, 3.1979, 3.1978, 3.1979, 3.1978]),
        (28, [2.1142, 0.3497, 0.3509, 0.3490, 0.3509]),
        (40, [0.0240, -4.4587, -4.4628, -4.4584, -4.4628]),
        (64, [-1.2413, -6.3976, -6.3354, -6.4594, -6.3354]),
        (100, [-2.1052, -6.8481, -6.8448, -6.8579, -6.8448]),
        (127, [-2.1530, -6.9018, -6.9027, -6.9017, -6.9027]),
    ]

    @Test func aSineHasTheReferencesValues() {
        let mel = LogMel(samples: Self.sine(1, [(0.5, 440)]))
        #expect(mel.frames == 99)
        for (band, values) in Self.sine440 {
            for (frame, value) in zip([0, 1, 2, 50, 98], values) {
                let found = Self.value(mel, frame, band)
                #expect(abs(found - value) < 1e-3, "frame \(frame), band \(band): \(found)")
            }
        }
        let mean = mel.values.reduce(0) { $0 + Double($1) } / Double(mel.values.count)
        let variance = mel.values.reduce(0) { $0 + pow(Double($1) - mean, 2) }
        #expect(abs(mean + 5.01665) < 1e-3)
        #expect(abs((variance / Double(mel.values.count)).squareRoot() - 2.63371) < 1e-3)
        #expect(abs((mel.values.max() ?? 0) - 3.52738) < 1e-3)
    }

    @Test func threeTonesHaveTheReferencesValues() {
        let mel = LogMel(samples: Self.sine(2.5, [(0.3, 200), (0.2, 1_000), (0.1, 5_000)]))
        #expect(mel.frames == 249)
        let expected: [(Int, Float)] = [
            (9, 2.2828), (11, 2.9772), (20, -2.6643), (44, 2.7143), (45, 2.6889), (60, -5.6291),
            (108, -1.5337), (127, -6.8219),
        ]
        for (band, value) in expected {
            #expect(abs(Self.value(mel, 100, band) - value) < 1e-3, "band \(band)")
        }
    }

    @Test func anImpulseIsInOneFrame() {
        var samples = [Float](repeating: 0, count: 16_000)
        samples[8_000] = 1
        let mel = LogMel(samples: samples)
        for (band, value) in [(1, -0.2653), (64, 0.3984), (127, 1.6698)] as [(Int, Float)] {
            #expect(abs(Self.value(mel, 50, band) - value) < 1e-3, "band \(band)")
        }
        let silence = Float(log(0.001))
        for frame in 0..<mel.frames where frame != 50 {
            #expect(Self.value(mel, frame, 64) == silence)
        }
    }

    @Test func silenceIsTheFloorEverywhere() {
        let mel = LogMel(samples: [Float](repeating: 0, count: 1_000))
        #expect(mel.frames == SoftTokenCount.melFrames(samples: 1_000))
        #expect(mel.values.allSatisfy { abs($0 + 6.907755) < 1e-6 })
    }

    @Test func nothingIsHeardInATenthOfAFrame() {
        #expect(LogMel(samples: []).values.isEmpty)
        #expect(LogMel(samples: [Float](repeating: 1, count: 160)).frames == 0)
    }
}
