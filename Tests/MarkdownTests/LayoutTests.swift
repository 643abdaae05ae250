import Markdown
import TerminalCore
import Testing

@Suite struct LayoutTests {
    @Test(
        "constructs are drawn as a reader expects",
        arguments: [
            ("plain", 20, ["plain"]),
            ("one two three four five", 10, ["one two", "three four", "five"]),
            ("line\nline", 20, ["line", "line"]),
            ("# Head\ntext", 20, ["Head", "text"]),
            ("# Head\n\n\ntext", 20, ["Head", "", "text"]),
            ("a **b** *c* ~~d~~ `e`", 20, ["a b c d e"]),
            ("- a\n- b\n  - c", 20, ["• a", "• b", "  ◦ c"]),
            ("- a b c d e f g", 9, ["• a b c d", "  e f g"]),
            ("- a\n\n- b", 20, ["• a", "", "• b"]),
            ("9. a\n10. b\n11. c", 20, ["9. a", "10. b", "11. c"]),
            ("- [ ] a\n- [x] b", 20, ["[ ] a", "[x] b"]),
            ("1. [x] a", 20, ["1. [x] a"]),
            ("> a\n> b\n>\n> c", 20, ["│ a", "│ b", "│", "│ c"]),
            ("> > a\n> - b", 20, ["│ │ a", "│ • b"]),
            ("a\n***\nb", 5, ["a", "─────", "b"]),
            ("```py\nx = 1\n\ny\n```", 20, ["code 1 · py", "  x = 1", "  ", "  y"]),
            ("    a\n\n```\nb\n```", 20, ["code 1", "  a", "", "code 2", "  b"]),
            ("```\nabcdefghijklm\n```", 8, ["code 1", "abcdefgh", "ijklm"]),
            ("- a\n  ```\n  b\n  ```", 20, ["• a", "  code 1", "    b"]),
            ("[t](http://a.b)", 20, ["t (http://a.b)"]),
            ("[http://a.b](http://a.b/)", 20, ["http://a.b"]),
            ("<a@b.cd> www.x.yz", 20, ["a@b.cd www.x.yz"]),
            ("[t](file:///x)", 20, ["t (file:///x)"]),
            ("![a *b*](c.png)", 40, ["[image: a b] (c.png)"]),
            ("![](c.png)", 40, ["[image: ] (c.png)"]),
            ("<b>x</b> a<br>b", 40, ["<b>x</b> a", "b"]),
            ("<div>\n  x\n</div>", 40, ["<div>", "  x", "</div>"]),
            ("[a]\n\n[a]: http://b.c 't'", 40, ["a (http://b.c)", "", "[a]: http://b.c 't'"]),
            ("[Note]: see [Note]", 40, ["[Note]: see [Note]"]),
            ("[Note]: word\n\n[Note]", 40, ["[Note]: word", "", "[Note]"]),
            ("[t](http://a.b 'said')", 40, ["t (http://a.b \"said\")"]),
            ("a\\*b &amp; &copy;", 40, ["a*b & ©"]),
            ("-", 20, ["•"]),
            ("", 20, []),
        ]
    )
    func constructs(text: String, width: Int, rows: [String]) {
        #expect(MarkdownDocument(text).rows(width: width).map(\.text) == rows)
    }

    @Test(
        "a table has lines where it fits, taller rows where its cells wrap, else rows of names and values"
    )
    func table() {
        let text =
            "| Name | Long text |\n|:--|--:|\n| 世界 | one two three four five six |\n| b | 👍🏽 |\n"
        let document = MarkdownDocument(text)
        #expect(
            document.rows(width: 40).map(\.text) == [
                "┌──────┬─────────────────────────────┐",
                "│ Name │                   Long text │",
                "├──────┼─────────────────────────────┤",
                "│ 世界 │ one two three four five six │",
                "│ b    │                          👍🏽 │",
                "└──────┴─────────────────────────────┘",
            ]
        )
        #expect(
            document.rows(width: 25).map(\.text) == [
                "┌──────┬────────────────┐",
                "│ Name │      Long text │",
                "├──────┼────────────────┤",
                "│ 世界 │  one two three │",
                "│      │  four five six │",
                "├──────┼────────────────┤",
                "│ b    │             👍🏽 │",
                "└──────┴────────────────┘",
            ]
        )
        #expect(
            document.rows(width: 16).map(\.text) == [
                "Name: 世界", "Long text: one", "two three four", "five six", "", "Name: b",
                "Long text: 👍🏽",
            ]
        )
    }

    @Test("no row is wider than asked for", arguments: Corpus.texts.indices)
    func bounds(number: Int) {
        let document = MarkdownDocument(Corpus.texts[number])
        for width in 1...44 {
            for row in document.rows(width: width) {
                #expect(row.columns <= width, "\(width): \(row.text.debugDescription)")
            }
        }
    }

    @Test("a reference to the characters of which marks are made stands for itself")
    func forgedMarks() {
        let rows = MarkdownDocument("$x$ &#1;0&#2; [a](&#x01;0&#2;)").rows(width: 80)
        let text = rows.map(\.text).joined()
        #expect(text.contains("x &#1;0&#2;"))
        #expect(text.contains("(&#x01;0&#2;)"))
        for (one, two) in [("&#00000001;", "&#00000002;"), ("&#x00000001;", "&#X00000002;")] {
            let long = MarkdownDocument("$x$ \(one)0\(two)").rows(width: 80)
            #expect(long.map(\.text).joined().contains("x \(one)0\(two)"))
        }
    }

    @Test("plain text is broken as text without looks is", arguments: Corpus.texts.indices)
    func plain(number: Int) {
        let text = Corpus.texts[number]
        for width in [1, 2, 7, 20, 80] {
            // Spaces at the end of a line are nothing that is seen.
            let expected = Wrapping.rows(text, width: width).map { row in
                String(row.reversed().drop { $0 == " " }.reversed())
            }
            #expect(PlainText.rows(text, width: width).map(\.text) == expected)
        }
    }

    @Test("no visible letter is lost", arguments: [1, 2, 5, 20, 40, 80])
    func nothingLost(width: Int) {
        let text =
            "# Head\n\nA *b* **c** `d`\n\n- one\n- two\n\n> quote\n\n```\ncode\n```\n\n| x | y |\n|---|---|\n| 1 | 2 |\n"
        let rows = MarkdownDocument(text).rows(width: width)
        let shown = rows.map(\.text).joined().filter { $0.isLetter || $0.isNumber }
        for word in ["Head", "Abcd", "one", "two", "quote", "code"] {
            #expect(shown.contains(word))
        }
        for letter in "xy12" { #expect(shown.contains(letter)) }
    }

    @Test("emphasis, code, links and quotes carry their looks")
    func looks() throws {
        let text = "**b *i* ~~s~~** `c` [l](https://x.y/a%20b)\n\n> q\n\n# h"
        let rows = MarkdownDocument(text).rows(width: 80)
        let first = try #require(rows.first?.spans)
        #expect(first[0].style == MarkdownStyle(.text, .bold))
        #expect(first[1].style == MarkdownStyle(.text, [.bold, .italic]))
        #expect(first.contains { $0.text == "s" && $0.style.attributes == [.bold, .strike] })
        #expect(first.contains { $0.text == "c" && $0.style.role == .code })
        let link = try #require(first.first { $0.style.role == .link })
        #expect(link.style.link == "https://x.y/a%20b")
        #expect(first.last?.style == MarkdownStyle(.faint, link: "https://x.y/a%20b"))
        #expect(rows[2].spans.map(\.style.role) == [.quote, .quote])
        #expect(rows[4].spans.map(\.style) == [MarkdownStyle(.heading, [.bold, .underline])])
    }

    @Test(
        "only web and mail addresses become links, in printable ASCII",
        arguments: [
            ("[a](http://x)", "http://x"), ("[a](HTTPS://x)", "HTTPS://x"),
            ("[a](mailto:b@c)", "mailto:b@c"), ("[a](javascript:x)", nil), ("[a](b/c)", nil),
            ("[a](file:///etc)", nil), ("[a](http://ä)", "http://%C3%A4"),
            ("[a](http://x&#27;]8)", "http://x%1B]8"),
        ] as [(String, String?)]
    )
    func targets(text: String, link: String?) {
        let spans = MarkdownDocument(text).rows(width: 80).flatMap(\.spans)
        #expect(spans.first?.style.link == link)
    }

    @Test("rows say how a copy joins them, and what of them is indent")
    func joining() {
        let rows = MarkdownDocument("- one two three\n\n```\nabcdefghij klmn\n```\n").rows(
            width: 10
        )
        #expect(rows.map(\.text) == ["• one two", "  three", "", "code 1", "abcdefghij", " klmn"])
        #expect(rows.map(\.isContinuation) == [false, true, false, false, false, true])
        #expect(rows.map(\.joinsWithSpace) == [false, true, false, false, false, false])
        #expect(rows.map(\.margin) == [2, 2, 0, 0, 0, 0])
        #expect(rows.map(\.codeBlock) == [nil, nil, nil, nil, 0, 0])
        #expect(rows.map(\.block) == [0, 0, 1, 1, 1, 1])
        #expect(rows[4].fill == .codeBlock)
    }

    @Test("code blocks are found as they are written")
    func sources() {
        let text =
            "a\nb\n\n- x\n  ```py\n  def f():\n\treturn $x$ \\(y\\)\n  ```\n\n~~~ c++ title\n*p\n~~~\n"
        let document = MarkdownDocument(text)
        #expect(
            document.codeBlocks == [
                CodeBlock(language: "py", source: "def f():\n  return $x$ \\(y\\)\n"),
                CodeBlock(language: "c++", source: "*p\n"),
            ]
        )
    }
}
