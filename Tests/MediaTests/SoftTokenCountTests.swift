import Media
import Testing

struct SoftTokenCountTests {
    @Test(arguments: [
        (160, 0), (161, 1), (800, 1), (801, 2), (8_000, 13), (16_000, 25), (40_000, 63),
        (160_000, 250), (478_400, 748), (480_000, 750),
    ])
    func soundTakesATokenEvery40Milliseconds(samples: Int, tokens: Int) {
        #expect(SoftTokenCount.sound(samples: samples) == tokens)
    }

    /// Pixels as the file of the built-in model has them, around two budgets, and nonsense.
    @Test(arguments: [
        (161_280, 70), (322_559, 70), (322_560, 140), (645_120, 280), (2_580_480, 1120),
        (.max, 1120), (1, 70), (.min, 70),
    ])
    func aBudgetFitsIntoSoManyPixels(pixels: Int, tokens: Int) {
        #expect(TokenBudget(pixels: pixels).rawValue == tokens)
    }

    @Test func stampsAreMinutesAndFlooredSeconds() throws {
        let picture = try #require(Picture(width: 1, height: 1, pixels: [0, 0, 0]))
        func stamp(_ seconds: Double) -> String {
            VideoFrame(picture: picture, index: 0, seconds: seconds).stamp
        }
        #expect(stamp(0) == "00:00")
        #expect(stamp(61.99) == "01:01")
        #expect(stamp(3_600) == "60:00")
        #expect(stamp(-1) == "00:00")
    }
}
