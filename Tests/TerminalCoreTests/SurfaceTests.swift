import TerminalCore
import Testing

@Suite struct SurfaceTests {
    private func drawn(_ text: String, width: Int = 12) -> String {
        var surface = Surface(width: width, height: 1)
        surface.draw(text, column: 0, row: 0, style: .plain)
        return surface.text
    }

    @Test("a wide glyph at the right edge is not cut in half")
    func rightEdge() {
        #expect(drawn("ab世", width: 3) == "ab")
        #expect(drawn("a世", width: 3) == "a世")
    }

    @Test("a wide glyph at the left edge is not cut in half")
    func leftEdge() {
        var surface = Surface(width: 4, height: 1)
        surface.draw("世ab", column: -1, row: 0, style: .plain)
        #expect(surface.text == " ab")
    }

    @Test("overwriting half of a wide glyph blanks the other half")
    func halves() {
        var surface = Surface(width: 6, height: 1)
        surface.draw("世界x", column: 0, row: 0, style: .plain)
        surface.draw("a", column: 1, row: 0, style: .plain)
        #expect(surface.text == " a界x")
        surface.draw("b", column: 2, row: 0, style: .plain)
        #expect(surface.text == " ab x")
    }

    @Test(
        "what a terminal would obey is drawn as a code",
        arguments: [
            ("a\u{1B}[2Jb", "a␛[2Jb"), ("\u{7}\u{8}", "␇␈"), ("\u{9B}31m", "<009B>31m"),
            ("x\u{202E}y", "x<202E>y"), ("\u{E0041}b", "<E0041>b"), ("a\u{200B}b", "a<200B>b"),
            ("\u{7F}", "␡"), ("a\rb\nc", "a␍b␊c"), ("\u{301}", "\u{25CC}\u{301}"),
        ]
    )
    func cleaning(text: String, shown: String) {
        #expect(drawn(text) == shown)
    }

    @Test("subdivision flags keep their tags, other tag text is shown")
    func tags() {
        let scotland = "\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}"
        #expect(drawn(scotland) == scotland)
        let hidden = "\u{1F3F4}\u{E0068}\u{E0069}\u{E007F}"
        #expect(drawn(hidden, width: 40) == "\u{1F3F4}<E0068><E0069><E007F>")
    }

    @Test("no cell of any scalar holds a control character")
    func everyScalar() {
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            // The planes between are unassigned or ideographs.
            if (0x20000..<0xE0000).contains(value) || value > 0xE1000 && value < 0x10FF00 {
                continue
            }
            for glyph in Glyph.drawing(Character(scalar)) {
                let obeyed = glyph.text.unicodeScalars.contains {
                    $0.value < 0x20 || (0x7F..<0xA0).contains($0.value)
                        || (0x202A...0x202E).contains($0.value)
                        || (0xE0000...0xE0FFF).contains($0.value)
                }
                if obeyed || glyph.width < 1 { Issue.record("U+\(String(value, radix: 16))") }
            }
        }
    }

    @Test("a flood of marks on one letter is cut")
    func flood() {
        let glyphs = Glyph.drawing(Character("a" + String(repeating: "\u{301}", count: 5_000)))
        #expect(glyphs.count == 1)
        #expect(glyphs[0].text.unicodeScalars.count <= 24)
    }

    @Test("the difference of a surface to itself is empty, to nothing is everything")
    func sameSurface() {
        var surface = Surface(width: 5, height: 2)
        surface.draw("a世", column: 0, row: 1, style: .plain)
        #expect(surface.changes(since: surface).isEmpty)
        let all = surface.changes(since: nil)
        #expect(all.map(\.row) == [0, 1])
        #expect(all[1].cells.map(\.text) == ["a", "世", " ", " "])
    }

    @Test("a run never begins in the middle of a wide glyph")
    func wideRuns() {
        var old = Surface(width: 6, height: 1)
        old.draw("世界", column: 0, row: 0, style: .plain)
        var new = Surface(width: 6, height: 1)
        new.draw("a世b", column: 0, row: 0, style: .plain)
        let runs = new.changes(since: old)
        #expect(runs.map(\.column) == [0])
        #expect(runs.first?.cells.map(\.text) == ["a", "世", "b"])
    }

    @Test("a row that changes is written again from its first doubtful glyph on")
    func staleCells() {
        var old = Surface(width: 20, height: 1)
        old.draw("ab👩‍👩‍👧 cd", column: 0, row: 0, style: .plain)
        var new = old
        new.draw("X", column: 15, row: 0, style: .plain)
        let runs = new.changes(since: old)
        #expect(runs.map(\.column) == [2])
        #expect(runs[0].cells.map(\.width).reduce(0, +) == 18)
    }

    @Test("applying the runs to the old surface gives the new one")
    func replay() {
        var random = SplitMix(state: 3)
        let words = ["a", "世", "👍🏽", " ", "bc", "é", "🇩🇪"]
        func surface() -> Surface {
            var surface = Surface(width: 10, height: 3)
            for row in 0..<3 {
                var text = ""
                for _ in 0..<6 { text += words[Int(random.next() % 7)] }
                surface.draw(text, column: 0, row: row, style: .plain)
            }
            return surface
        }
        for _ in 0..<300 {
            let old = surface()
            let new = surface()
            var screen = old
            for run in new.changes(since: old) {
                screen.draw(
                    run.cells.map(\.text).joined(),
                    column: run.column,
                    row: run.row,
                    style: .plain
                )
            }
            #expect(screen.text == new.text)
        }
    }
}
