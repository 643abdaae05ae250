import Media
import Testing

struct PictureResizerTests {
    /// R = floor(255 x / (W - 1)), G = floor(255 y / (H - 1)), B = (7 x + 13 y) mod 256.
    static func gradient(_ width: Int, _ height: Int) throws -> Picture {
        var pixels: [UInt8] = []
        pixels.reserveCapacity(3 * width * height)
        for y in 0..<height {
            for x in 0..<width {
                pixels.append(UInt8(255 * x / (width - 1)))
                pixels.append(UInt8(255 * y / (height - 1)))
                pixels.append(UInt8((7 * x + 13 * y) % 256))
            }
        }
        return try #require(Picture(width: width, height: height, pixels: pixels))
    }

    struct Case: Sendable {
        var from: (Int, Int)
        var to: (Int, Int)
        /// At (0,0), (1,0), (0,1), (17,33), the middle and the end.
        var values: [[UInt8]]
        var sums: [Int]
    }

    static let cases = [
        Case(
            from: (640, 480),
            to: (912, 672),
            values: [
                [0, 0, 0], [0, 0, 2], [0, 0, 6], [4, 12, 131], [127, 127, 237], [255, 255, 205],
            ],
            sums: [77_835_072, 77_835_552, 78_138_513]
        ),
        Case(
            from: (1920, 1080),
            to: (1056, 576),
            values: [
                [0, 0, 9], [0, 0, 21], [0, 0, 33], [4, 14, 106], [127, 127, 181], [255, 255, 59],
            ],
            sums: [77_251_968, 77_249_568, 77_576_886]
        ),
        Case(
            from: (300, 200),
            to: (960, 624),
            values: [
                [0, 0, 0], [0, 0, 0], [0, 0, 0], [4, 12, 168], [127, 127, 40], [255, 255, 74],
            ],
            sums: [76_079_328, 76_081_920, 76_356_172]
        ),
    ]

    @Test(arguments: cases.indices)
    func pixelsAreThoseOfTheReference(number: Int) throws {
        let item = Self.cases[number]
        let source = try Self.gradient(item.from.0, item.from.1)
        let (width, height) = item.to
        let target = try PictureSize.target(
            width: source.width,
            height: source.height,
            budget: .picture
        )
        #expect(target == item.to)
        let picture = try #require(
            PictureResizer.resize(source, width: width, height: height)
        )
        let places = [
            (0, 0), (1, 0), (0, 1), (17, 33), (width / 2, height / 2), (width - 1, height - 1),
        ]
        for ((x, y), expected) in zip(places, item.values) {
            let from = 3 * (y * width + x)
            #expect(Array(picture.pixels[from..<from + 3]) == expected, "at \(x), \(y)")
        }
        for channel in 0..<3 {
            let sum = stride(from: channel, to: picture.pixels.count, by: 3).reduce(0) {
                $0 + Int(picture.pixels[$1])
            }
            #expect(sum == item.sums[channel])
        }
    }

    @Test func aPictureOfTheRightSizeIsLeftAlone() throws {
        let source = try Self.gradient(48, 96)
        #expect(PictureResizer.resize(source, width: 48, height: 96) == source)
        #expect(PictureResizer.fit(source, maxWidth: 50, maxHeight: 96) == source)
    }

    @Test func aPictureIsShrunkInItsShape() throws {
        let small = PictureResizer.fit(try Self.gradient(300, 200), maxWidth: 60, maxHeight: 60)
        #expect((small.width, small.height) == (60, 40))
        let line = PictureResizer.fit(try Self.gradient(5_000, 2), maxWidth: 80, maxHeight: 80)
        #expect((line.width, line.height) == (80, 1))
    }
}
