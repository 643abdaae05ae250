import Markdown
import Testing

@Suite struct HostileTests {
    /// Text that rewrites screens, hides itself, or breaks naive width arithmetic.
    private static let pieces: [String] = [
        "\u{1B}]52;c;aGk=\u{7}", "\u{1B}P1$r\u{1B}\\", "\u{9B}2J", "\u{8}\u{8}\u{8}", "\r\r\n\r",
        "\u{202E}evil\u{202C}", "\u{2066}x\u{2069}", "a\u{200B}\u{200D}\u{200D}b",
        "\u{E0001}\u{E0041}", String(repeating: "\u{301}", count: 500),
        String(repeating: "\u{200D}", count: 500), "👩" + String(repeating: "\u{200D}👩", count: 100),
        "🇩🇩🇩🇩🇩", "\u{FEFF}\u{FFFE}\u{FFFF}", "\u{1F3F4}\u{E0067}\u{E007F}", "क्षक्षक्ष",
        "\u{1112}\u{1161}\u{11AB}", "\u{0}\u{7F}\u{85}", "\t\t\t", "\u{1}0\u{2}\u{1}1\u{2}",
        "&#27;]0;x&#7;",
    ]

    private static let frames: [String] = [
        "%", "# %", "- %", "> %", "**%**", "`%`", "[%](%)", "![%](%)", "<%>", "$%$", "$$%$$",
        "```%\n%\n```", "    %", "| % | % |\n|---|---|\n| % | % |", "[%]: %\n\n[%]", "- [x] %",
        "<div>%",
    ]

    @Test(
        "hostile text in every construct leaves no control character and no row too wide",
        arguments: frames
    )
    func hostile(frame: String) {
        for piece in Self.pieces {
            let text = frame.replacing("%", with: piece)
            var streaming = StreamingMarkdown()
            for width in [1, 2, 3, 9, 24, 80] {
                streaming.update(text, width: width)
                check(streaming.rows, width: width)
                check(MarkdownDocument(text).rows(width: width), width: width)
            }
        }
    }

    @Test(
        "text made to exhaust a parser is shown in time",
        arguments: [
            String(repeating: ">", count: 10_000), String(repeating: "* ", count: 10_000),
            String(repeating: "> - ", count: 5_000) + "\n"
                + String(repeating: "> - ", count: 5_000),
            String(repeating: "[", count: 50_000), String(repeating: "![", count: 50_000),
            String(repeating: "*a **b ", count: 20_000), String(repeating: "a@", count: 100_000),
            String(repeating: "`a``", count: 20_000), String(repeating: "$", count: 50_000),
            String(repeating: "\\(", count: 50_000), String(repeating: "](", count: 50_000),
            String(repeating: "a\n-|-\n", count: 10_000), String(repeating: "~~", count: 50_000),
            String(repeating: "<!--", count: 20_000), String(repeating: "word ", count: 200_000),
            String(repeating: "\u{301}", count: 100_000), String(repeating: "世", count: 100_000),
            "[a]: <" + String(repeating: "x", count: 5_000) + ">\n\n"
                + String(repeating: "[a] ", count: 20_000),
            String(repeating: "[a]: b\n", count: 10_000), String(repeating: "- a\n", count: 10_000),
            "|a" + String(repeating: "|a", count: 500) + "\n|-"
                + String(repeating: "|-", count: 500)
                + "\n" + String(repeating: "|x|\n", count: 5_000),
            "|a" + String(repeating: "|a", count: 60) + "\n|-" + String(repeating: "|-", count: 60)
                + "\n" + String(repeating: "|x|\n", count: 5_000),
            (0..<300).map { String(repeating: "  ", count: $0) + "- x\n" }.joined(),
            "$$" + String(repeating: "{", count: 50_000),
            String(repeating: "$$\na\n", count: 5_000),
            "```html\n" + String(repeating: "<a \"", count: 50_000),
            String(repeating: "```\n", count: 9_999),
        ].map { Hostile(text: $0) }
    )
    func exhausting(hostile: Hostile) {
        let clock = ContinuousClock()
        let time = clock.measure {
            let document = MarkdownDocument(hostile.text)
            for width in [20, 80] { check(document.rows(width: width), width: width) }
        }
        // An unoptimised build on a busy machine is slow; what is measured here is growth.
        #expect(time < .seconds(20), "\(hostile)")
        var streaming = StreamingMarkdown()
        streaming.update(String(hostile.text.prefix(hostile.text.count / 2)), width: 40)
        streaming.update(hostile.text, width: 40, isComplete: true)
        check(streaming.rows, width: 40)
    }

    private func check(_ rows: [MarkdownRow], width: Int) {
        for row in rows {
            let isClean = row.spans.allSatisfy { span in
                span.text.unicodeScalars.allSatisfy {
                    $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
                        && !(0x202A...0x202E).contains($0.value)
                        && !(0x2066...0x2069).contains($0.value)
                } && (span.style.link ?? "").utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
            }
            guard isClean, row.columns <= width else {
                Issue.record("\(width): \(row.columns) columns, clean: \(isClean)")
                return
            }
        }
    }

    /// A long text that a report names by its beginning.
    struct Hostile: Sendable, CustomTestStringConvertible {
        var text: String
        var testDescription: String { text.prefix(12).debugDescription }
    }
}
