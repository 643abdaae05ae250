/// Finds what a few typed letters mean.
enum FuzzyMatcher {
    /// The items whose text holds the query's letters in order, the best first.
    ///
    /// Letter case and blanks in the query do not count.
    static func sorted<Item>(
        _ items: [Item],
        query: String,
        text: (Item) -> String
    ) -> [Item] {
        let letters = query.lowercased().filter { !$0.isWhitespace }
        let scored = items.enumerated().compactMap { place, item in
            score(text(item).lowercased(), letters).map { (score: $0, place: place, item: item) }
        }
        return scored.sorted { ($0.score, $0.place) < ($1.score, $1.place) }.map(\.item)
    }

    /// How badly the letters fit: the letters skipped between them; nil when they are not there.
    private static func score(_ text: String, _ letters: String) -> Int? {
        var rest = text[...]
        var skipped = 0
        for letter in letters {
            guard let place = rest.firstIndex(of: letter) else { return nil }
            skipped += rest.distance(from: rest.startIndex, to: place)
            rest = rest[rest.index(after: place)...]
        }
        return skipped
    }
}

extension Array {
    /// The element at a place, or nil when there is none.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
