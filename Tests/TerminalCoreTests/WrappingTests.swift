import TerminalCore
import Testing

@Suite struct WrappingTests {
    @Test(
        "text breaks where a reader expects",
        arguments: [
            ("hello world", 11, ["hello world"]),
            ("hello world", 8, ["hello", "world"]),
            ("hello world", 5, ["hello", "world"]),
            ("abcdefgh", 3, ["abc", "def", "gh"]),
            ("ab cdefgh", 4, ["ab", "cdef", "gh"]),
            ("世界你好", 5, ["世界", "你好"]),
            ("a世界", 3, ["a世", "界"]),
            ("  indented", 20, ["  indented"]),
            ("a\n\nb", 9, ["a", "", "b"]),
            ("", 9, [""]),
            ("a\tb", 9, ["a   b"]),
            ("世", 1, ["?"]),
            ("👩‍👩‍👧👍🏽x", 4, ["👩‍👩‍👧👍🏽", "x"]),
            ("one two three", 9, ["one two", "three"]),
        ]
    )
    func breaks(text: String, width: Int, rows: [String]) {
        #expect(Wrapping.rows(text, width: width) == rows)
    }

    @Test("no row is wider than asked for, and no visible letter is lost", arguments: 1...24)
    func bounds(width: Int) {
        let text =
            "The 世界 of 👩‍👩‍👧 families — café, naïve; supercalifragilistic 🇩🇪🇫🇷 e\u{301}nd\u{1B}[31m"
        let rows = Wrapping.rows(text, width: width)
        for row in rows { #expect(DisplayWidth.of(row) <= width) }
        if width > 1 {
            let expected = text.flatMap { Glyph.drawing($0) }.map(\.text).joined()
            #expect(
                rows.joined().filter { $0 != " " } == expected.filter { $0 != " " }
            )
        }
    }
}
