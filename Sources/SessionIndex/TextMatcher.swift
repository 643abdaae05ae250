/// Looks for the words of a search in texts; what it finds is what a search gives, index or not.
struct TextMatcher {
    let terms: SearchTerms
    private var reader = WordReader()

    init(_ terms: SearchTerms) { self.terms = terms }

    /// Where the terms are in each of several texts.
    /// - Returns: nil unless each term is in one of them; else for each text the UTF-8 ranges of
    ///   all matches, in order and apart from each other.
    mutating func matches(in texts: [String]) -> [[Range<Int>]]? {
        let phrases = Array(terms.phrases.enumerated())
        let singles = phrases.filter { $0.element.words.count == 1 }
        let rows = phrases.filter { $0.element.words.count > 1 }
        let hasRows = !rows.isEmpty
        var found = Array(repeating: false, count: terms.phrases.count)
        var all: [[Range<Int>]] = []
        for text in texts {
            var words: [(word: [UInt8], range: Range<Int>)] = []
            var ranges: [Range<Int>] = []
            // Most words are in no row, and need not be remembered.
            reader.eachWord(of: text) { word, range in
                if hasRows { words.append((word, range)) }
                for (index, phrase) in singles where phrase.fits(word, last: true, at: 0) {
                    found[index] = true
                    ranges.append(range)
                }
            }
            for (index, phrase) in rows {
                for start in words.indices where Self.stands(phrase, at: start, in: words) {
                    found[index] = true
                    let last = words[start + phrase.words.count - 1]
                    ranges.append(words[start].range.lowerBound..<last.range.upperBound)
                }
            }
            all.append(Self.merged(ranges))
        }
        return found.allSatisfy(\.self) ? all : nil
    }

    private static func stands(
        _ phrase: SearchTerms.Phrase,
        at start: Int,
        in words: [(word: [UInt8], range: Range<Int>)]
    ) -> Bool {
        let count = phrase.words.count
        guard start + count <= words.count else { return false }
        return phrase.words.indices.allSatisfy { offset in
            phrase.fits(words[start + offset].word, last: offset == count - 1, at: offset)
        }
    }

    private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound < last.upperBound {
                merged[merged.count - 1] =
                    last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }
}

extension SearchTerms.Phrase {
    /// Whether a word may stand at this place of the row.
    fileprivate func fits(_ word: [UInt8], last: Bool, at offset: Int) -> Bool {
        let wanted = words[offset]
        guard word.count >= wanted.count, word[0] == wanted[0] else { return false }
        return last && isPrefix ? word.starts(with: wanted) : word == wanted
    }
}
