/// What a person may have meant by a word that nothing is called.
package enum Suggestion {
    /// The name that is the fewest typing errors away, or nil when none is near.
    package static func nearest(to word: String, among names: some Sequence<String>) -> String? {
        let word = word.lowercased()
        let allowed = max(1, min(3, word.count / 3 + 1))
        return names.map { ($0, distance(word, $0.lowercased())) }
            .filter { $0.1 <= allowed }
            .min { $0.1 < $1.1 }?.0
    }

    /// ` Did you mean "name"?`, or nothing.
    package static func question(for word: String, among names: some Sequence<String>) -> String {
        nearest(to: word, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
    }

    /// How many letters to insert, delete, replace or swap with the next one lie between two words.
    private static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.prefix(64)), Array(second.prefix(64)))
        guard !first.isEmpty, !second.isEmpty else { return max(first.count, second.count) }
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for row in 1...first.count {
            var current = [row]
            for column in 1...second.count {
                let isSame = first[row - 1] == second[column - 1]
                var best = min(
                    last[column] + 1,
                    current[column - 1] + 1,
                    last[column - 1] + (isSame ? 0 : 1)
                )
                if row > 1, column > 1, first[row - 1] == second[column - 2],
                    first[row - 2] == second[column - 1]
                {
                    best = min(best, beforeLast[column - 2] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[second.count]
    }
}
