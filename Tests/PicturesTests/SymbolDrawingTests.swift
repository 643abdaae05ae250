import Media
import Pictures
import TerminalCore
import Testing

@Suite struct SymbolDrawingTests {
    /// The left half red, the right half blue.
    static func halves(_ width: Int, _ height: Int) throws -> Picture {
        let pixels = (0..<height).flatMap { _ in
            (0..<width).flatMap { $0 < width / 2 ? [255, 0, 0] : [0, 0, 255] as [UInt8] }
        }
        return try #require(Picture(width: width, height: height, pixels: pixels))
    }

    @Test(
        "a picture keeps its shape within a room and is never larger than its pixels",
        arguments: [
            ((1920, 1080), (16, 4), (14, 4)), ((1080, 1920), (16, 4), (5, 4)),
            ((3000, 100), (16, 4), (16, 1)), ((10, 5_000), (16, 4), (1, 4)),
            ((1, 1), (16, 4), (1, 1)),
            ((4, 4), (16, 4), (4, 2)),
        ] as [((Int, Int), (Int, Int), (Int, Int))]
    )
    func sizes(pixels: (Int, Int), room: (Int, Int), cells: (Int, Int)) throws {
        let picture = try Self.halves(pixels.0, pixels.1)
        let size = SymbolDrawing.size(
            of: picture,
            within: Size(width: room.0, height: room.1)
        )
        #expect((size.width, size.height) == cells)
    }

    @Test(
        "cells have the colours of the pixels they stand for, whatever a row's length",
        arguments: [64, 65, 66, 67]
    )
    func colors(width: Int) throws {
        let picture = try Self.halves(width, 32)
        let drawn = try #require(
            SymbolDrawing.draw(picture, within: Size(width: 8, height: 2), number: 7)
        )
        #expect(drawn.number == 7)
        #expect((drawn.size.width, drawn.size.height) == (8, 2))
        /// What most of a cell shows: blanks show the background, full blocks the text.
        func color(_ symbol: SymbolPicture.Symbol) -> Color {
            symbol.text == "█" ? symbol.foreground : symbol.background
        }
        for row in 0..<2 {
            for column in 0..<8 where column != 3 && column != 4 {
                let seen = color(drawn.symbols[row * 8 + column])
                guard case .rgb(let red, _, let blue) = seen else {
                    Issue.record("no colour at \(column), \(row)")
                    continue
                }
                #expect(column < 4 ? red > 200 && blue < 60 : blue > 200 && red < 60)
            }
        }
        #expect(drawn.symbols.allSatisfy { DisplayWidth.of($0.text) == 1 })
    }
}
