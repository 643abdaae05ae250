import Interface
import TerminalCore
import Testing

@Suite struct EditorLayoutTests {
    private func layout(_ text: String, caret: Int? = nil, width: Int, reach: Int = 100)
        -> EditorLayout
    {
        var editor = Editor()
        editor.begin(with: Editor.Contents(text, caret: caret ?? text.utf8.count))
        return EditorLayout(editor, width: width, reach: reach)
    }

    @Test(
        "rows break between words where they can",
        arguments: [
            ("one two three", 9, ["one two ", "three"]),
            ("12345678", 9, ["12345678"]),
            ("123456789", 9, ["12345678", "9"]),
            ("12345678 9", 9, ["12345678 ", "9"]),
            ("a\nbc\n", 9, ["a", "bc", ""]),
            ("世界世界世", 6, ["世界", "世界", "世"]),
            ("ab 世界世", 6, ["ab 世", "界世"]),
            ("\tx", 9, ["    x"]),
            ("", 9, [""]),
        ]
    )
    func breaks(text: String, width: Int, expected: [String]) {
        #expect(layout(text, width: width).rows.map(\.text) == expected)
    }

    @Test("the caret behind a full row stands in its last column")
    func fullRow() {
        #expect(layout("12345678", width: 9).caret == Position(column: 8, row: 0))
        #expect(layout("12345678 ", width: 9).caret == Position(column: 9, row: 0))
        #expect(layout("one two three", caret: 8, width: 9).caret == Position(column: 0, row: 1))
    }

    @Test("no row is wider than its width, and every place has a row")
    func widths() {
        let text = "The 👩‍👩‍👧 said: 한국어 \u{202E}evil\u{0} e\u{301}\t  and  spaces          here.\n\nEnd"
        for width in 2...30 {
            for place in text.indices {
                let offset = text.utf8.distance(from: text.startIndex, to: place)
                let layout = layout(text, caret: offset, width: width)
                #expect(layout.beginsDraft && layout.endsDraft)
                #expect(layout.offset(row: layout.caret.row, column: layout.caret.column) == offset)
                for row in layout.rows where width > 2 {
                    #expect(DisplayWidth.of(row.text) <= width, "\(row.text)")
                }
            }
        }
    }

    @Test("a selection is known by columns, a selected line end as one more")
    func selection() {
        var editor = Editor()
        editor.insert("ab\n\n世界")
        editor.move(to: 1)
        editor.move(.place(7), selecting: true)
        let layout = EditorLayout(editor, width: 20)
        #expect(layout.rows.map(\.selected) == [1..<3, 0..<1, 0..<2])
    }

    @Test("only the rows around the caret are laid out")
    func window() {
        let lines = (0..<100_000).map { "line \($0)" }
        let text = lines.joined(separator: "\n")
        var editor = Editor()
        editor.begin(with: Editor.Contents(text))
        for number in [0, 3, 50_000, 99_999] {
            editor.move(to: lines[..<number].reduce(0) { $0 + $1.utf8.count + 1 })
            let layout = EditorLayout(editor, width: 40, reach: 5)
            let shown = lines[max(0, number - 5)...min(99_999, number + 5)]
            #expect(layout.rows.map(\.text) == Array(shown))
            #expect(layout.caret == Position(column: 0, row: min(5, number)))
            #expect(layout.beginsDraft == (number <= 5))
            #expect(layout.endsDraft == (number >= 99_994))
        }
    }

    @Test(
        "a very long line is broken the same wherever the caret is",
        arguments: [
            String(repeating: "word ", count: 8_000),
            String(repeating: "한국👩‍👩‍👧 e\u{301}", count: 2_000),
            String(repeating: "\u{301}", count: 20_000), String(repeating: "🇩🇪", count: 3_000),
            "short\n" + String(repeating: "x", count: 30_000) + "\nshort\n"
                + String(repeating: "y", count: 9_000),
        ]
    )
    func longLines(text: String) {
        var editor = Editor()
        editor.begin(with: Editor.Contents(text))
        let whole = EditorLayout(editor, width: 40, reach: 100_000)
        let starts = (0..<whole.rows.count).map { whole.offset(row: $0, column: 0) }
        #expect(whole.endsDraft)
        for number in stride(from: 0, to: whole.rows.count, by: 13) {
            editor.move(to: starts[number])
            let layout = EditorLayout(editor, width: 40, reach: 4)
            let shown = max(0, number - 4)...min(whole.rows.count - 1, number + 4)
            #expect(layout.rows.map(\.text) == whole.rows[shown].map(\.text))
            #expect(layout.caret.row == min(4, number))
        }
    }
}
