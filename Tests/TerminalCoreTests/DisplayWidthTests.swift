import TerminalCore
import Testing

@Suite struct DisplayWidthTests {
    @Test(
        "clusters take the columns a terminal gives them",
        arguments: [
            ("a", 1), ("é", 1), ("e\u{301}", 1), ("世", 2), ("ｱ", 1), ("Ａ", 2), ("한", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("😀", 2), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇩🇪", 2),
            ("❤\u{FE0F}", 2), ("❤", 1), ("1\u{FE0F}\u{20E3}", 2), ("🏳\u{FE0F}‍🌈", 2), ("€", 1),
            ("─", 1), ("⌚", 2), ("𠮷", 2), ("क्", 1),
        ]
    )
    func clusters(text: String, columns: Int) {
        #expect(text.count == 1)
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test("the table of wide ranges is sorted and has no overlaps")
    func sorted() {
        for (first, second) in zip(wideRanges, wideRanges.dropFirst()) {
            #expect(first.upperBound < second.lowerBound)
        }
    }
}
