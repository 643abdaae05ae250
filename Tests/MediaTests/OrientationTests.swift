import Media
import Testing

struct OrientationTests {
    /// Letters of a picture of two columns and three rows, as each value shows them.
    static let shown: [(Orientation, [String])] = [
        (.upright, ["ab", "cd", "ef"]), (.mirrored, ["ba", "dc", "fe"]),
        (.upsideDown, ["fe", "dc", "ba"]), (.flipped, ["ef", "cd", "ab"]),
        (.transposed, ["ace", "bdf"]), (.quarterClockwise, ["eca", "fdb"]),
        (.transversed, ["fdb", "eca"]), (.quarterCounterclockwise, ["bdf", "ace"]),
    ]

    @Test(arguments: shown.indices)
    func aPictureIsTurnedUpright(number: Int) throws {
        let (orientation, rows) = Self.shown[number]
        let stored = try Self.picture(["ab", "cd", "ef"])
        #expect(orientation.applied(to: stored) == (try Self.picture(rows)))
    }

    static func picture(_ rows: [String]) throws -> Picture {
        let pixels = rows.joined().utf8.flatMap { [$0, $0 &+ 1, $0 &+ 2] }
        return try #require(Picture(width: rows[0].count, height: rows.count, pixels: pixels))
    }
}
