/// Stretches of a draft that something is asked about: each goes along with what is typed elsewhere.
struct Places: Sendable, Hashable {
    private var ranges: [Int: Range<Int>] = [:]

    /// - Parameters:
    ///   - range: UTF-8 offsets.
    ///   - number: what it is asked for by.
    mutating func add(_ range: Range<Int>, number: Int) { ranges[number] = range }

    /// Where a stretch is now, once; nil when it was changed or removed.
    mutating func take(_ number: Int) -> Range<Int>? { ranges.removeValue(forKey: number) }

    /// Notes that so many bytes took a range's place: what lies behind moves, what it touches is
    /// another text from now on.
    mutating func note(_ changed: Range<Int>, became length: Int) {
        guard !ranges.isEmpty else { return }
        let shift = length - changed.count
        ranges = ranges.compactMapValues { range in
            if changed.lowerBound >= range.upperBound { return range }
            guard changed.upperBound <= range.lowerBound else { return nil }
            return range.lowerBound + shift..<range.upperBound + shift
        }
    }
}
