/// An incremental search backwards through earlier messages.
///
/// The draft is left alone until an entry is taken. Letter case counts once the query has a
/// capital.
struct HistorySearch: Sendable, Hashable {
    /// Bytes of an entry that are searched.
    private static let searchedBytes = 16_384

    private let entries: [String]
    /// The entries' bytes, and those of their small letters.
    private let exact: [[UInt8]]
    private let folded: [[UInt8]]
    private(set) var query = ""
    /// The entries that hold the query, as places in `entries`.
    private var matches: [Int] = []
    private(set) var selection = 0

    /// - Parameter newestFirst: What is searched.
    init(newestFirst: [String]) {
        entries = newestFirst
        exact = entries.map { Array($0.utf8.prefix(Self.searchedBytes)) }
        folded = zip(entries, exact).map { entry, bytes in
            bytes.allSatisfy { $0 < 0x80 }
                ? bytes.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
                : Array(entry.prefix(Self.searchedBytes).lowercased().utf8)
        }
    }

    /// The entry found; nil when there is none or nothing was typed yet.
    var found: String? { matches[safe: selection].map { entries[$0] } }

    var count: Int { matches.count }

    mutating func type(_ text: String) {
        let kept = matches[safe: selection]
        // What did not hold the shorter query does not hold the longer one.
        let candidates = query.isEmpty ? Array(entries.indices) : matches
        query += text
        search(candidates, keeping: kept)
    }

    mutating func deleteBackward() {
        let kept = matches[safe: selection]
        query.removeLast(min(1, query.count))
        search(Array(entries.indices), keeping: kept)
    }

    /// Goes to an older entry.
    /// - Returns: False at the oldest.
    mutating func older() -> Bool {
        guard selection + 1 < matches.count else { return false }
        selection += 1
        return true
    }

    mutating func newer() -> Bool {
        guard selection > 0 else { return false }
        selection -= 1
        return true
    }

    /// Where the query stands in a short text, cluster by cluster.
    func ranges(in text: String) -> [Range<String.Index>] {
        guard !query.isEmpty else { return [] }
        var ranges: [Range<String.Index>] = []
        var start = text.startIndex
        while start < text.endIndex {
            if let end = end(ofQueryAt: start, in: text) {
                ranges.append(start..<end)
                start = end
            } else {
                start = text.index(after: start)
            }
        }
        return ranges
    }

    private func end(ofQueryAt start: String.Index, in text: String) -> String.Index? {
        var place = start
        for letter in query {
            guard place < text.endIndex else { return nil }
            let isSame =
                ignoresCase
                ? text[place].lowercased() == letter.lowercased()
                : text[place] == letter
            guard isSame else { return nil }
            place = text.index(after: place)
        }
        return place
    }

    private var ignoresCase: Bool { !query.contains { $0.isUppercase } }

    private mutating func search(_ candidates: [Int], keeping kept: Int?) {
        let bytes = Array(query.utf8)
        let texts = ignoresCase ? folded : exact
        matches = query.isEmpty ? [] : candidates.filter { texts[$0].contains(run: bytes) }
        // An entry that still holds the query stays in view; else the next older one does.
        selection = kept.flatMap { place in matches.firstIndex { $0 >= place } } ?? 0
    }
}

extension [UInt8] {
    /// True when these bytes stand somewhere in a row.
    fileprivate func contains(run: [UInt8]) -> Bool {
        guard let first = run.first, count >= run.count else { return false }
        for start in 0...(count - run.count) where self[start] == first {
            if self[start..<start + run.count].elementsEqual(run) { return true }
        }
        return false
    }
}
