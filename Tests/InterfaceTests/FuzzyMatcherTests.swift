import Interface
import Testing

@Suite struct FuzzyMatcherTests {
    @Test(
        "letters have to be there in their order",
        arguments: [
            ("", "anything", true), ("th", "think", true), ("tk", "think", true),
            ("kt", "think", false), ("thinks", "think", false), ("T H", "think", true),
            ("ß", "STRAẞE", true), ("世", "hello 世界", true), ("👩‍👩‍👧", "a 👩‍👩‍👧", true),
        ]
    )
    func fits(query: String, text: String, expected: Bool) {
        #expect((FuzzyMatcher.match(query, in: text) != nil) == expected)
    }

    @Test(
        "the places are those of the best score",
        arguments: [
            ("rm", "README.md", [0, 7]), ("fb", "fooBar", [0, 3]), ("ab", "xaxab", [3, 4]),
            ("sm", "Sources/Main.swift", [0, 8]), ("abc", "a_b_c abc", [0, 2, 4]),
            ("ing", "thinking", [5, 6, 7]),
        ]
    )
    func places(query: String, text: String, expected: [Int]) {
        #expect(FuzzyMatcher.match(query, in: text)?.positions == expected)
    }

    @Test("scores are what the rules say")
    func scores() throws {
        func score(_ query: String, _ text: String) throws -> Int {
            try #require(FuzzyMatcher.match(query, in: text)).score
        }
        #expect(try score("t", "think") == 12)
        #expect(try score("th", "think") == 12 + 5)
        #expect(try score("tk", "think") == 12 - 3)
        #expect(try score("k", "think") == 0)
        #expect(try score("m", "Sources/Main") == 8)
        #expect(try score("ab", "a-b") == 12 + 8 - 1)
    }

    @Test("no choice of places scores better than the one that is found")
    func best() throws {
        var seed: UInt64 = 3
        func next(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(limit))
        }
        for _ in 0..<300 {
            let text = String((0..<10).map { _ in ["a", "b", "A", "B", "/"][next(5)] }.joined())
            let query = String((0..<(1 + next(3))).map { _ in ["a", "b"][next(2)] }.joined())
            let expected = Self.everyScore(Array(query), Array(text), from: 0, last: nil).max()
            #expect(FuzzyMatcher.match(query, in: text)?.score == expected, "\(query) in \(text)")
        }
    }

    /// The scores of all choices of places, by the rules as they are written.
    private static func everyScore(
        _ query: [Character],
        _ text: [Character],
        from start: Int,
        last: Int?
    ) -> [Int] {
        guard let letter = query.first else { return [0] }
        return (start..<max(start, text.count)).filter { text[$0].lowercased() == String(letter) }
            .flatMap { place -> [Int] in
                var score = 0
                if place == 0 {
                    score += 12
                } else if !text[place - 1].isLetter
                    || text[place - 1].isLowercase && text[place].isUppercase
                {
                    score += 8
                }
                if let last { score += place == last + 1 ? 5 : last + 1 - place }
                return everyScore(Array(query.dropFirst()), text, from: place + 1, last: place)
                    .map { $0 + score }
            }
    }
}
