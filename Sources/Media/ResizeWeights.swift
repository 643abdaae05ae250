/// What each pixel along one side of a resized picture takes from the pixels of the original.
///
/// Pillow's bicubic filter: a = -0.5, widened by the scale when the picture shrinks, weights
/// brought to a sum of 1 and then rounded to 22 binary places.
struct ResizeWeights {
    static let places: Int32 = 22

    /// The first pixel of the original that counts, `[size]`.
    private(set) var first: [Int] = []
    /// How many pixels count, `[size]`.
    private(set) var counts: [Int] = []
    /// `[size, stride]`; what lies behind a row's count is 0.
    private(set) var weights: [Int32] = []
    let stride: Int

    /// - Parameters:
    ///   - original: pixels of the side, above 0.
    ///   - size: pixels that it is to have, above 0.
    init(original: Int, size: Int) {
        let scale = Double(original) / Double(size)
        let width = max(scale, 1)
        let support = 2 * width
        stride = Int(support.rounded(.up)) * 2 + 1
        weights.reserveCapacity(size * stride)
        for place in 0..<size {
            let centre = (Double(place) + 0.5) * scale
            let begin = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), original)
            let exact = (begin..<max(end, begin)).map {
                Self.bicubic((Double($0) - centre + 0.5) * (1 / width))
            }
            let sum = exact.reduce(0, +)
            first.append(begin)
            counts.append(exact.count)
            for weight in exact { weights.append(Self.fixed(sum == 0 ? weight : weight / sum)) }
            for _ in exact.count..<stride { weights.append(0) }
        }
    }

    private static func fixed(_ weight: Double) -> Int32 {
        let scaled = weight * Double(1 << places)
        return Int32(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }

    private static func bicubic(_ distance: Double) -> Double {
        let a = -0.5
        let x = abs(distance)
        if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
        return 0
    }
}
