import Media
import Testing

struct VideoSamplingTests {
    @Test func framesAreSpreadEvenly() {
        let ten = VideoSampling.indices(total: 300, wanted: 32)
        #expect(ten.prefix(5) == [0, 9, 18, 28, 37] && ten.last == 290)
        let minute = VideoSampling.indices(total: 1_800, wanted: 32)
        #expect(minute.prefix(5) == [0, 56, 112, 168, 225])
        #expect(
            VideoSampling.indices(total: 40, wanted: 32) == (0..<32).map { $0 * 40 / 32 }
        )
    }

    @Test func aShortVideoIsTakenWhole() {
        #expect(VideoSampling.indices(total: 3, wanted: 32) == [0, 1, 2])
        #expect(VideoSampling.indices(total: 0, wanted: 32).isEmpty)
        #expect(VideoSampling.indices(total: 5, wanted: 0).isEmpty)
    }

    @Test func noTotalIsTooLarge() {
        let last = VideoSampling.indices(total: .max, wanted: 32).last
        #expect(last == Int.max / 32 * 31 + 30)
    }

    @Test func aRateThatIsMissingIsTwentyFour() {
        #expect(VideoSampling.seconds(index: 48, framesPerSecond: 0) == 2)
        #expect(VideoSampling.seconds(index: 48, framesPerSecond: .nan) == 2)
        #expect(VideoSampling.seconds(index: 9, framesPerSecond: 10) == 0.9)
    }
}
