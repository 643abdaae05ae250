import Media
import Pictures
import TerminalCore
import TerminalCurses
import Testing

/// What terminals that show pixels are told.
@Suite struct PixelTests {
    private struct Pair {
        var writer: FrameWriter
        var surface = Surface(width: 40, height: 12)

        init(_ form: PixelProtocol?) throws {
            writer = try FrameWriter(
                capabilities: Capabilities(environment: ["TERM": "xterm-256color"], descriptor: 1)
            )
            writer.pixels.form = form
            writer.pixels.cellSize = Size(width: 8, height: 16)
        }

        mutating func show() -> String {
            String(decoding: writer.bytes(for: Frame(surface: surface, caret: nil)), as: UTF8.self)
        }
    }

    /// Four cells wide and two high; eight pixels a cell's side.
    private static func drawn(_ number: Int) throws -> (SymbolPicture, PixelPicture) {
        let size = Size(width: 4, height: 2)
        let symbols = (0..<8).map { _ in SymbolPicture.Symbol("▀", .rgb(1, 2, 3), on: .rgb(4, 5, 6))
        }
        let pixels = [UInt8](repeating: 200, count: 32 * 32 * 3)
        let picture = try #require(Picture(width: 32, height: 32, pixels: pixels))
        return (
            try #require(SymbolPicture(size: size, symbols: symbols, number: number)),
            PixelPicture(number: number, picture: picture, size: size)
        )
    }

    private static func draw(_ picture: SymbolPicture, x: Int, y: Int, on surface: inout Surface) {
        for line in 0..<picture.size.height {
            surface.draw(picture, line: line, column: x, row: y + line)
        }
    }

    @Test("kitty is given a picture once, then only where it stands, and where it goes away")
    func kitty() throws {
        var pair = try Pair(.kitty)
        let (symbols, pixels) = try Self.drawn(7)
        pair.writer.pixels.take(pixels)
        Self.draw(symbols, x: 3, y: 4, on: &pair.surface)
        let first = pair.show()
        #expect(first.contains("\u{1B}_Ga=t,f=24,s=32,v=32,i=1178796039,q=2,m=0;yMjI"))
        #expect(first.contains("\u{1B}[5;4H\u{1B}_Ga=t"))
        #expect(
            first.contains("\u{1B}_Ga=p,i=1178796039,p=1,x=0,y=0,w=32,h=32,c=4,r=2,C=1,q=2\u{1B}\\")
        )
        #expect(!first.contains("▀"))
        #expect(!pair.show().contains("_G"))
        // One row up: another placement of the same picture.
        pair.surface = Surface(width: 40, height: 12)
        Self.draw(symbols, x: 3, y: 3, on: &pair.surface)
        let second = pair.show()
        #expect(second.contains("\u{1B}_Ga=d,d=i,i=1178796039,p=1,q=2\u{1B}\\"))
        #expect(second.contains("a=p,i=1178796039,p=2,") && !second.contains("a=t"))
        pair.surface = Surface(width: 40, height: 12)
        let third = pair.show()
        #expect(third.contains("a=d,d=i,i=1178796039,p=2,q=2") && !third.contains("a=p"))
    }

    @Test("what lies over a picture cuts it; the rest is shown from its own pixels")
    func covered() throws {
        var pair = try Pair(.kitty)
        let (symbols, pixels) = try Self.drawn(1)
        pair.writer.pixels.take(pixels)
        Self.draw(symbols, x: 0, y: 0, on: &pair.surface)
        pair.surface.draw("xx", column: 2, row: 0, style: .plain)
        let text = pair.show()
        #expect(text.contains("x=0,y=0,w=16,h=16,c=2,r=1,"))
        #expect(text.contains("x=0,y=16,w=32,h=16,c=4,r=1,"))
        #expect(text.contains("xx"))
    }

    @Test("sixels are drawn at their cells and again where something ran over them")
    func sixel() throws {
        var pair = try Pair(.sixel)
        let (symbols, pixels) = try Self.drawn(1)
        pair.writer.pixels.take(pixels)
        Self.draw(symbols, x: 3, y: 4, on: &pair.surface)
        let first = pair.show()
        #expect(first.contains("\u{1B}[5;4H\u{1B}P"))
        #expect(first.contains("\u{1B}\\") && !first.contains("▀"))
        #expect(!pair.show().contains("\u{1B}P"))
        // Letters beside it leave it alone.
        pair.surface.draw("a", column: 2, row: 4, style: .plain)
        pair.surface.draw("b", column: 7, row: 4, style: .plain)
        let beside = pair.show()
        #expect(beside.contains("a") && beside.contains("b") && !beside.contains("\u{1B}P"))
        // A glyph whose width terminals do not agree on has its row written to the end.
        pair.surface.draw("👩‍👩‍👧", column: 0, row: 4, style: .plain)
        #expect(pair.show().contains("\u{1B}P"))
        pair.surface = Surface(width: 40, height: 12)
        let gone = pair.show()
        // Blanks are written where it was.
        #expect(!gone.contains("\u{1B}P") && gone.contains("    "))
    }

    @Test("without pixels, and for a picture that nobody gave, there are characters")
    func symbols() throws {
        for form in [nil, PixelProtocol.kitty] {
            var pair = try Pair(form)
            let (symbols, pixels) = try Self.drawn(1)
            if form == nil { pair.writer.pixels.take(pixels) }
            Self.draw(symbols, x: 0, y: 0, on: &pair.surface)
            let text = pair.show()
            #expect(
                text.contains("▀▀▀▀") && !text.contains("\u{1B}_G") && !text.contains("\u{1B}P")
            )
        }
    }

    @Test("sixels wait until a cell's size is known: they could run over what is beside them")
    func unknownSize() throws {
        var pair = try Pair(.sixel)
        pair.writer.pixels.cellSize = nil
        let (symbols, pixels) = try Self.drawn(1)
        pair.writer.pixels.take(pixels)
        Self.draw(symbols, x: 0, y: 0, on: &pair.surface)
        #expect(pair.show().contains("▀▀▀▀"))
        pair.writer.pixels.cellSize = Size(width: 8, height: 16)
        #expect(pair.show().contains("\u{1B}P"))
    }

    @Test("a redraw gives everything again; another size takes the old away first")
    func redraw() throws {
        var pair = try Pair(.kitty)
        let (symbols, pixels) = try Self.drawn(1)
        pair.writer.pixels.take(pixels)
        Self.draw(symbols, x: 0, y: 0, on: &pair.surface)
        _ = pair.show()
        pair.writer.forget()
        let again = pair.show()
        #expect(again.contains("a=t") && again.contains("a=p"))
        pair.surface = Surface(width: 41, height: 12)
        Self.draw(symbols, x: 0, y: 0, on: &pair.surface)
        let resized = pair.show()
        #expect(resized.contains("\u{1B}_Ga=d,d=A,q=2") && resized.contains("a=t"))
    }
}
