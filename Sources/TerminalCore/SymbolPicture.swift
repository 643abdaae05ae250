/// A picture drawn with characters and colours, a cell each.
///
/// Its number names the same picture as pixels for terminals that can show them: such a terminal
/// puts the pixels where the characters would be.
package struct SymbolPicture: Sendable, Hashable {
    package struct Symbol: Sendable, Hashable {
        /// One column wide.
        package var text: String
        package var foreground: Color
        package var background: Color

        package init(_ text: String, _ foreground: Color, on background: Color) {
            self.text = text
            self.foreground = foreground
            self.background = background
        }
    }

    package let size: Size
    /// `size.width * size.height` of them, rows from the top.
    package let symbols: [Symbol]
    /// Of the pixels; nil when there are none.
    package let number: Int?

    /// Nil when the number of symbols is not that of the size.
    package init?(size: Size, symbols: [Symbol], number: Int? = nil) {
        guard size.width > 0, size.height > 0, symbols.count == size.width * size.height else {
            return nil
        }
        self.size = size
        self.symbols = symbols
        self.number = number
    }
}

/// The part of a picture that a cell stands for.
package struct PictureCell: Sendable, Hashable {
    /// Of the picture's pixels.
    package var number: Int
    package var column: Int
    package var row: Int

    package init(number: Int, column: Int, row: Int) {
        self.number = number
        self.column = column
        self.row = row
    }
}

extension Surface {
    /// Draws one row of a picture.
    ///
    /// - Parameters:
    ///   - picture: what is drawn.
    ///   - line: the picture's row, from 0.
    ///   - column: where its first cell stands.
    ///   - row: likewise.
    ///   - clip: the part of the grid that may change; nil is all of it.
    package mutating func draw(
        _ picture: SymbolPicture,
        line: Int,
        column: Int,
        row: Int,
        clip: Rect? = nil
    ) {
        guard line >= 0, line < picture.size.height else { return }
        let area = clip.map { $0.intersection(bounds) } ?? bounds
        for offset in 0..<picture.size.width {
            let symbol = picture.symbols[line * picture.size.width + offset]
            let x = column + offset
            draw(
                symbol.text,
                column: x,
                row: row,
                style: Style(symbol.foreground, on: symbol.background),
                clip: area
            )
            guard let number = picture.number, x >= area.x, x < area.maxX, row >= area.y,
                row < area.maxY
            else { continue }
            show(PictureCell(number: number, column: offset, row: line), column: x, row: row)
        }
    }
}
