import Interface
import Media
import Testing

@Suite struct MediaReceiptTests {
    private static let picture = MediaFacts.picture(
        PictureFacts(format: "png", width: 1920, height: 1080)
    )

    private static func sound(_ seconds: Double) -> SoundFacts {
        SoundFacts(format: "mp3", seconds: seconds, sampleRate: 44_100, channels: 2)
    }

    private static func video(frames: Int, rate: Double, sound: SoundFacts? = nil) -> MediaFacts {
        .video(
            VideoFacts(
                format: "mp4",
                width: 1920,
                height: 1080,
                frameCount: frames,
                framesPerSecond: rate,
                seconds: rate > 0 ? Double(frames) / rate : 0,
                sound: sound
            )
        )
    }

    @Test(
        "what a model is given of a file, and what that takes, is said before sending",
        arguments: [
            (picture, nil, "1920x1080 -> 1056x576, 264 tokens"),
            (picture, .tokens1120, "1920x1080 -> 2112x1200, 1,100 tokens"),
            (picture, .tokens70, "1920x1080 -> 528x288, 66 tokens"),
            (.sound(sound(62)), nil, "62 s -> first 30 s, 750 tokens"),
            (.sound(sound(8)), nil, "8.0 s -> all of it, 200 tokens"),
            (.sound(sound(.nan)), nil, "? s -> all of it, 0 tokens"),
            (.sound(sound(-1)), nil, "? s -> all of it, 0 tokens"),
            // 66 tokens a frame, 8 for its time.
            (video(frames: 240, rate: 30), nil, "8.0 s -> 32 frames, 00:00-00:07, 2,368 tokens"),
            (video(frames: 1, rate: 0), nil, "0.0 s -> 1 frame, 00:00-00:00, 74 tokens"),
            (video(frames: 0, rate: 30), nil, "0.0 s -> 0 frames, 0 tokens"),
            (
                video(frames: 240, rate: 30, sound: sound(8)), nil,
                "8.0 s -> 32 frames, 00:00-00:07, 2,368 tokens + sound 200"
            ),
        ] as [(MediaFacts, TokenBudget?, String)]
    )
    func words(facts: MediaFacts, budget: TokenBudget?, words: String) {
        #expect(MediaReceipt(facts, budget: budget, hears: true).words == words)
    }

    @Test("a model that does not hear is given no sound of a video")
    func deaf() {
        let facts = Self.video(frames: 240, rate: 30, sound: Self.sound(8))
        let receipt = MediaReceipt(facts, budget: nil, hears: false)
        #expect(receipt.words.hasSuffix("2,368 tokens"))
        #expect(receipt.total == 2_368)
    }

    @Test("sizes beyond all reason give numbers, no trap")
    func hostile() {
        for side in [Int.min, -1, 0, 1, .max] {
            let facts = MediaFacts.picture(PictureFacts(format: "png", width: side, height: 1))
            #expect(MediaReceipt(facts, budget: nil, hears: true).total >= 0)
            let video = Self.video(frames: side, rate: .infinity)
            #expect(MediaReceipt(video, budget: .tokens1120, hears: true).total >= 0)
        }
    }
}
