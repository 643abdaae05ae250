import Media
import Testing

struct PictureSizeTests {
    /// What the reference's code gives for budgets of 70, 140, 280, 560 and 1,120 tokens.
    static let table: [(size: (Int, Int), targets: [(Int, Int)])] = [
        ((640, 480), [(432, 336), (624, 480), (912, 672), (1296, 960), (1824, 1344)]),
        ((1920, 1080), [(528, 288), (720, 384), (1056, 576), (1488, 816), (2112, 1200)]),
        ((1080, 1920), [(288, 528), (384, 720), (576, 1056), (816, 1488), (1200, 2112)]),
        ((100, 3000), [(48, 2160), (96, 3072), (144, 4368), (192, 6192), (288, 8784)]),
        ((3840, 2160), [(528, 288), (720, 384), (1056, 576), (1488, 816), (2112, 1200)]),
        ((300, 200), [(480, 288), (672, 432), (960, 624), (1344, 912), (1920, 1296)]),
        ((1, 1), [(384, 384), (528, 528), (768, 768), (1104, 1104), (1584, 1584)]),
        ((4096, 4096), [(384, 384), (528, 528), (768, 768), (1104, 1104), (1584, 1584)]),
        ((10, 5000), [(48, 3360), (48, 6720), (48, 13440), (48, 25392), (48, 35904)]),
        ((4000, 300), [(1440, 96), (2064, 144), (2928, 192), (4128, 288), (5856, 432)]),
    ]

    @Test(arguments: table.indices)
    func sizesAreThoseOfTheReference(row: Int) throws {
        let (size, targets) = Self.table[row]
        for (budget, target) in zip(TokenBudget.allCases, targets) {
            let found = try PictureSize.target(width: size.0, height: size.1, budget: budget)
            #expect(found == target, "\(size) at \(budget)")
        }
    }

    @Test func tokensOfLongShapesAreThoseOfTheTable() throws {
        func tokens(_ width: Int, _ height: Int) throws -> [Int] {
            try TokenBudget.allCases.map { budget in
                let size = try PictureSize.target(width: width, height: height, budget: budget)
                return (size.width / 48) * (size.height / 48)
            }
        }
        #expect(try tokens(640, 480) == [63, 130, 266, 540, 1064])
        #expect(try tokens(100, 3000) == [45, 128, 273, 516, 1098])
        #expect(try tokens(10, 5000) == [70, 140, 280, 529, 748])
        #expect(try tokens(4000, 300) == [60, 129, 244, 516, 1098])
        #expect(try tokens(2900, 1000).allSatisfy { $0 > 0 })
        #expect(try tokens(100, 2000).allSatisfy { $0 > 0 })
    }

    @Test func noSizeLeavesItsBudget() throws {
        for budget in TokenBudget.allCases {
            for (width, height) in [(1, 1_000_000), (65_535, 1), (7, 7), (65_535, 65_535), (3, 2)] {
                let size = try PictureSize.target(width: width, height: height, budget: budget)
                #expect(size.width % 48 == 0 && size.height % 48 == 0)
                #expect((1...budget.rawValue).contains(size.width / 48 * (size.height / 48)))
            }
        }
    }

    @Test func nothingIsNoPicture() {
        #expect(throws: MediaError.unusable("The picture has no pixels.")) {
            try PictureSize.target(width: 0, height: 5, budget: .picture)
        }
    }
}
