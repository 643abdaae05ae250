/// Places between two characters where no token ever reaches across, so that the text on both sides
/// can be encoded by itself.
///
/// Each rule is proven against the loaded vocabulary: it holds when no token that merging can make
/// contains such a place. Pieces then never join across it, and merges on one side cannot see the
/// other.
package struct TextCuts: Sendable, Hashable {
    package struct Rules: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Where a run of newlines begins or ends.
        package static let newlines = Rules(rawValue: 1)
        /// Where a run of tabs begins or ends.
        package static let tabs = Rules(rawValue: 2)
        /// Before and after each ASCII digit.
        package static let digits = Rules(rawValue: 4)
        /// Before a space mark that follows neither a space mark nor `>`.
        package static let spaces = Rules(rawValue: 8)
        package static let all: Rules = [.newlines, .tabs, .digits, .spaces]
    }

    package let rules: Rules

    /// Keeps the rules that hold for the tokens marked in `joined`.
    ///
    /// Cost: one pass over their bytes.
    init(exactFor joined: [Bool], bytes: [UInt8], offsets: [Int32]) {
        var broken: Rules = []
        for id in joined.indices where joined[id] {
            let start = Int(offsets[id])
            let end = Int(offsets[id + 1])
            guard end - start > 1 else { continue }
            for place in (start + 1)..<end {
                broken.formUnion(Self.matching(bytes, at: place, from: start, to: end))
            }
            if broken == .all { break }
        }
        rules = Rules.all.subtracting(broken)
    }

    /// Whether text can be cut before this byte.
    @inline(__always)
    func isCut(_ bytes: [UInt8], at place: Int, from start: Int, to end: Int) -> Bool {
        !Self.matching(bytes, at: place, from: start, to: end).isDisjoint(with: rules)
    }

    /// The rules that ask for a cut before this byte.
    @inline(__always)
    private static func matching(
        _ bytes: [UInt8],
        at place: Int,
        from start: Int,
        to end: Int
    ) -> Rules {
        let before = bytes[place - 1]
        let after = bytes[place]
        var found: Rules = []
        if (before == 0x0A) != (after == 0x0A) { found.insert(.newlines) }
        if (before == 0x09) != (after == 0x09) { found.insert(.tabs) }
        if (0x30...0x39).contains(before) || (0x30...0x39).contains(after) { found.insert(.digits) }
        if after == 0xE2, place + 2 < end, bytes[place + 1] == 0x96, bytes[place + 2] == 0x81,
            before != UInt8(ascii: ">")
        {
            let followsMark =
                place - 3 >= start && bytes[place - 3] == 0xE2 && bytes[place - 2] == 0x96
                && before == 0x81
            if !followsMark { found.insert(.spaces) }
        }
        // A cut inside a character is none.
        return after & 0xC0 == 0x80 ? [] : found
    }
}
