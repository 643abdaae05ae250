extension SearchHit.Excerpt {
    /// Lines with matches that one excerpt shows.
    private static let mostLines = 5
    /// Bytes of a line before its first match, and in all.
    private static let lead = 60
    private static let widest = 240

    /// Cuts the lines around matches out of a text; nil without a match.
    init?(_ text: String, place: SearchPlace, matches: [Range<Int>], context: Int) {
        guard !matches.isEmpty else { return nil }
        self.place = place
        lines = []
        let bytes = Array(text.utf8)
        let starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 }
        func line(at place: Int) -> Int {
            var (low, high) = (0, starts.count)
            while high - low > 1 {
                let middle = (low + high) / 2
                if starts[middle] <= place { low = middle } else { high = middle }
            }
            return low
        }
        var byLine: [Int: [Range<Int>]] = [:]
        var order: [Int] = []
        for match in matches {
            let number = line(at: match.lowerBound)
            if byLine[number] == nil {
                guard order.count < Self.mostLines else { break }
                order.append(number)
            }
            byLine[number, default: []].append(match)
        }
        let context = max(0, min(context, 1000))
        var shown = -1
        for number in order {
            let last = min(number + context, starts.count - 1)
            for index in max(0, number - context, shown + 1)..<max(last + 1, shown + 1) {
                let end = index + 1 < starts.count ? starts[index + 1] - 1 : bytes.count
                lines.append(
                    Self.line(
                        index,
                        bytes[starts[index]..<max(starts[index], end)],
                        matches: byLine[index] ?? []
                    )
                )
                shown = index
            }
        }
    }

    private static func line(
        _ index: Int,
        _ bytes: ArraySlice<UInt8>,
        matches: [Range<Int>]
    ) -> SearchHit.Line {
        var start = bytes.startIndex
        if let first = matches.first, first.lowerBound - start > lead, bytes.count > widest {
            start = first.lowerBound - lead
        }
        var end = min(bytes.endIndex, start + widest)
        // Not within a scalar.
        while start > bytes.startIndex, bytes[start] & 0xC0 == 0x80 { start -= 1 }
        while end < bytes.endIndex, bytes[end] & 0xC0 == 0x80 { end += 1 }
        let opening = start > bytes.startIndex ? "\u{2026}" : ""
        let closing = end < bytes.endIndex ? "\u{2026}" : ""
        let text = opening + String(decoding: bytes[start..<end], as: UTF8.self) + closing
        let shift = opening.utf8.count - start
        let ranges = matches.compactMap { match -> Range<Int>? in
            guard match.lowerBound < end else { return nil }
            return match.lowerBound + shift..<min(match.upperBound, end) + shift
        }
        return SearchHit.Line(number: index + 1, text: text, matches: ranges)
    }
}
