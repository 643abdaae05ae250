import HostileText
import TerminalCore
import TerminalCurses
import Testing

/// What is written for a frame, read by a strict terminal.
@Suite struct FrameWriterTests {
    /// A writer and the terminal it writes to.
    struct Pair {
        var writer: FrameWriter
        var stream: TerminalStream
        var surface: Surface

        init(_ environment: [String: String] = [:], width: Int = 120, height: Int = 40) throws {
            let known = ["TERM": "xterm-256color", "COLORTERM": "truecolor"]
            writer = try FrameWriter(
                capabilities: Capabilities(
                    environment: known.merging(environment) { $1 },
                    descriptor: 1
                )
            )
            stream = TerminalStream(width: width, height: height) { DisplayWidth.of($0) }
            surface = Surface(width: width, height: height)
        }

        /// Shows the surface; the number of bytes that took.
        @discardableResult
        mutating func show(caret: Position? = nil) throws -> Int {
            let bytes = writer.bytes(for: Frame(surface: surface, caret: caret))
            try stream.take(bytes)
            return bytes.count
        }
    }

    private let text = Style(.rgb(220, 220, 220), on: .rgb(16, 16, 16))
    private let faint = Style(.rgb(120, 120, 120), on: .rgb(16, 16, 16), .dim)

    @Test("a typed letter costs less than 60 bytes, with a change elsewhere too")
    func letter() throws {
        var pair = try Pair()
        pair.surface.draw(String(repeating: "x", count: 110), column: 2, row: 3, style: text)
        pair.surface.draw("status", column: 0, row: 39, style: faint)
        try pair.show(caret: Position(column: 2, row: 38))
        // The first letter changes the style, the second goes on in it.
        for (column, limit) in [(2, 80), (3, 60), (4, 30), (5, 30)] {
            pair.surface.draw("a", column: column, row: 38, style: text)
            let count = try pair.show(caret: Position(column: column + 1, row: 38))
            #expect(count < limit, "\(count) bytes at column \(column)")
        }
        pair.surface.draw("b", column: 6, row: 38, style: text)
        pair.surface.draw("7", column: 30, row: 38, style: text)
        let count = try pair.show(caret: Position(column: 7, row: 38))
        #expect(count < 60, "\(count) bytes for two places")
        #expect(pair.stream.text == pair.surface.text)
        #expect(pair.stream.column == 7 && pair.stream.row == 38)
        #expect(pair.stream.isCursorVisible)
    }

    @Test("a frame that changes nothing writes nothing, a moved caret only moves")
    func nothing() throws {
        var pair = try Pair()
        pair.surface.draw("text", column: 0, row: 0, style: text)
        try pair.show(caret: Position(column: 1, row: 1))
        #expect(try pair.show(caret: Position(column: 1, row: 1)) == 0)
        #expect(try pair.show(caret: Position(column: 2, row: 1)) < 12)
        #expect(pair.stream.column == 2)
        try pair.show(caret: nil)
        #expect(!pair.stream.isCursorVisible)
    }

    @Test("hostile text reaches the terminal as text only", arguments: HostileText.all)
    func hostile(sample: HostileText) throws {
        for width in [20, 80] {
            var pair = try Pair(width: width, height: 6)
            pair.surface.draw(sample.text, column: 0, row: 0, style: text)
            for (row, line) in Wrapping.rows(sample.text, width: width).prefix(4).enumerated() {
                pair.surface.draw(line, column: 0, row: row + 1, style: faint)
            }
            let linked = Style(link: "https://example.org/" + sample.text)
            pair.surface.draw("link", column: 0, row: 5, style: linked)
            try pair.show(caret: Position(column: 0, row: 5))
            #expect(pair.stream.text == pair.surface.text)
            // And away again.
            pair.surface.fill(pair.surface.bounds, style: .plain)
            try pair.show()
            #expect(pair.stream.text == pair.surface.text)
        }
    }

    @Test("one random change after the other shows what was meant")
    func changes() throws {
        var random = Seeded(state: 42)
        let samples = ["a", "word ", "世界", "🇩🇪", "👨‍👩‍👧‍👦", "❤️", "é", "क्ष", "        "]
        let styles = [text, faint, .plain, Style(.indexed(3), link: "https://example.org")]
        var pair = try Pair(width: 40, height: 10)
        for step in 0..<2_000 {
            let column = Int.random(in: 0..<40, using: &random)
            let row = Int.random(in: 0..<10, using: &random)
            if step % 97 == 0 { pair.writer.forget() }
            pair.surface.draw(
                samples.randomElement(using: &random) ?? "",
                column: column,
                row: row,
                style: styles.randomElement(using: &random) ?? .plain
            )
            let caret = step % 3 == 0 ? nil : Position(column: column, row: row)
            try pair.show(caret: caret)
            #expect(pair.stream.text == pair.surface.text, "step \(step)")
            #expect(pair.stream.isCursorVisible == (caret != nil))
            guard let caret else { continue }
            #expect(pair.stream.column == caret.column && pair.stream.row == caret.row)
        }
    }

    @Test("links are written where they are followed, and nowhere else")
    func links() throws {
        for (environment, count) in [([:], 1), (["TERM": "screen"], 0)] {
            var pair = try Pair(environment, width: 40, height: 4)
            let style = Style(link: "https://example.org/a b\u{7}")
            pair.surface.draw("here", column: 0, row: 0, style: style)
            try pair.show()
            #expect(pair.stream.links.count == count)
            #expect(pair.stream.links.allSatisfy { $0 == "https://example.org/a%20b%07" })
        }
    }

    @Test("without colours only attributes are written")
    func noColor() throws {
        var pair = try Pair(["NO_COLOR": "1"], width: 20, height: 4)
        pair.surface.draw("x", column: 0, row: 0, style: faint)
        let bytes = pair.writer.bytes(for: Frame(surface: pair.surface, caret: nil))
        let written = String(decoding: bytes, as: UTF8.self)
        #expect(written.contains("\u{1B}[2m"))
        #expect(!written.contains(/\[[34][0-9;]*m/))
    }
}

/// A small reproducible source of randomness.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
