/// How well a few typed letters fit a text.
package struct FuzzyMatch: Sendable, Hashable {
    package var score: Int
    /// Places of the letters in the text, counted in clusters.
    package var positions: [Int]
}

/// Finds what a few typed letters mean.
///
/// A text fits when it holds the letters in their order; letter case and blanks in the query do
/// not count. The score is the best that any choice of places gives:
///
/// - 8 for a letter at the beginning of a word, where a word begins after anything that is neither
///   letter nor digit, and at a capital after a small letter; 4 more at the beginning of the text;
/// - 5 for a letter right after the one before it;
/// - 1 less for each letter skipped between two.
///
/// The best score comes first; of equal ones the shorter text, then the one that came first.
package enum FuzzyMatcher {
    private static let wordStart = 8
    private static let textStart = 4
    private static let inARow = 5

    /// Letters of a text that are looked at.
    private static let longest = 256

    /// The items whose text holds the query's letters, the best first.
    static func sorted<Item>(
        _ items: [Item],
        query: String,
        text: (Item) -> String
    ) -> [Item] {
        ranked(items, query: query, text: text).map(\.item)
    }

    /// The items that fit and how.
    static func ranked<Item>(
        _ items: [Item],
        query: String,
        text: (Item) -> String
    ) -> [(item: Item, match: FuzzyMatch)] {
        let scored = items.enumerated().compactMap { place, item in
            let text = text(item)
            return match(query, in: text).map { (place, text.utf8.count, item, $0) }
        }
        return scored.sorted { ($1.3.score, $0.1, $0.0) < ($0.3.score, $1.1, $1.0) }
            .map { ($0.2, $0.3) }
    }

    /// How a query fits a text; nil when it does not.
    package static func match(_ query: String, in text: String) -> FuzzyMatch? {
        let letters = query.lowercased().filter { !$0.isWhitespace }.map { $0 }
        let original = Array(text.prefix(longest))
        let places = original.map { $0.lowercased().first ?? $0 }
        guard isSubsequence(letters, of: places) else { return nil }
        guard !letters.isEmpty else { return FuzzyMatch(score: 0, positions: []) }
        let bonuses = original.indices.map { bonus(at: $0, in: original) }
        // For each letter and place: the best score that ends there, and the place before.
        var best = [[Int?]](
            repeating: Array(repeating: nil, count: places.count),
            count: letters.count
        )
        var before = best
        for (row, letter) in letters.enumerated() {
            // The best of the row above at some distance, which costs one for each letter skipped.
            var far: (score: Int, place: Int)?
            for place in places.indices {
                if row > 0, place > 1, let score = best[row - 1][place - 2],
                    far.map({ score > $0.score }) ?? true
                {
                    far = (score, place - 2)
                }
                if far != nil { far?.score -= 1 }
                guard places[place] == letter else { continue }
                guard row > 0 else {
                    best[row][place] = bonuses[place]
                    continue
                }
                let near = place > 0 ? best[row - 1][place - 1].map { $0 + inARow } : nil
                if let near, near >= far?.score ?? near {
                    best[row][place] = near + bonuses[place]
                    before[row][place] = place - 1
                } else if let far {
                    best[row][place] = far.score + bonuses[place]
                    before[row][place] = far.place
                }
            }
        }
        return traced(best, before)
    }

    private static func traced(_ best: [[Int?]], _ before: [[Int?]]) -> FuzzyMatch? {
        var end: (score: Int, place: Int)?
        for (place, score) in (best.last ?? []).enumerated() {
            if let score, end.map({ score > $0.score }) ?? true { end = (score, place) }
        }
        guard let end else { return nil }
        var positions = [end.place]
        for row in stride(from: best.count - 1, to: 0, by: -1) {
            guard let place = before[row][positions[positions.count - 1]] else { return nil }
            positions.append(place)
        }
        return FuzzyMatch(score: end.score, positions: positions.reversed())
    }

    private static func isSubsequence(_ letters: [Character], of places: [Character]) -> Bool {
        var rest = letters[...]
        for place in places where place == rest.first { rest = rest.dropFirst() }
        return rest.isEmpty
    }

    private static func bonus(at place: Int, in text: [Character]) -> Int {
        guard place > 0 else { return wordStart + textStart }
        let (left, right) = (text[place - 1], text[place])
        guard right.isLetter || right.isNumber else { return 0 }
        let isStart = !left.isLetter && !left.isNumber || left.isLowercase && right.isUppercase
        return isStart ? wordStart : 0
    }
}

extension Array {
    /// The element at a place, or nil when there is none.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }

    /// The element that a person counting from 1 means by a number, or nil when there is none.
    subscript(counted number: Int) -> Element? {
        number >= 1 && number <= count ? self[number - 1] : nil
    }
}
