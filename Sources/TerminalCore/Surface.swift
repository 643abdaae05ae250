/// One place of a screen.
package struct Cell: Sendable, Hashable {
    /// One cleaned grapheme cluster; empty in the cells that a wide one covers.
    package var text: String
    package var style: Style
    /// Columns from this cell on that the cluster covers; 0 in a covered cell.
    package var width: Int
    /// What a terminal that shows pixels has here in place of the text.
    package var picture: PictureCell?

    package static func blank(_ style: Style) -> Cell { Cell(text: " ", style: style, width: 1) }

    /// True when terminals disagree about the columns this cluster takes.
    ///
    /// After such a cell the cursor's place has to be set anew.
    package var hasUncertainWidth: Bool {
        guard text.utf8.count > 1 else { return false }
        let scalars = text.unicodeScalars
        guard scalars.count == 1, let only = scalars.first else { return true }
        return width == 2 ? only.properties.isEmojiPresentation : only.value >= 0x1F000
    }
}

/// A grid of cells that views draw on.
package struct Surface: Sendable, Hashable {
    package let width: Int
    package let height: Int
    private var cells: [Cell]

    /// Makes a blank grid; negative sizes become 0.
    package init(width: Int, height: Int, style: Style = .plain) {
        self.width = max(0, width)
        self.height = max(0, height)
        cells = Array(repeating: .blank(style), count: self.width * self.height)
    }

    package var bounds: Rect { Rect(x: 0, y: 0, width: width, height: height) }

    /// The cell at a place inside the grid.
    package subscript(column: Int, row: Int) -> Cell {
        precondition(column >= 0 && column < width && row >= 0 && row < height, "outside the grid")
        return cells[row * width + column]
    }

    /// Draws text on one row and cleans it on the way.
    ///
    /// What would cross an edge of `clip` is left out whole: a wide glyph is never cut in half.
    /// `clip` is the part of the grid that may change; nil is all of it.
    /// - Returns: The column after the last one the text takes, drawn or clipped.
    @discardableResult
    package mutating func draw(
        _ text: String,
        column: Int,
        row: Int,
        style: Style,
        clip: Rect? = nil
    ) -> Int {
        let area = clip.map { $0.intersection(bounds) } ?? bounds
        var x = column
        guard row >= area.y, row < area.maxY else { return x + DisplayWidth.of(text) }
        for cluster in text {
            if cluster.isPlainASCII {
                put(
                    Glyph(String(cluster), width: 1),
                    column: x,
                    row: row,
                    style: style,
                    area: area
                )
                x += 1
                continue
            }
            for glyph in Glyph.drawing(cluster) {
                put(glyph, column: x, row: row, style: style, area: area)
                x += glyph.width
            }
        }
        return x
    }

    /// Blanks an area.
    package mutating func fill(_ rect: Rect, style: Style) {
        let area = rect.intersection(bounds)
        for row in area.y..<area.maxY {
            for column in area.x..<area.maxX { set(.blank(style), column: column, row: row) }
        }
    }

    /// Gives cells another style and leaves their text.
    package mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let area = rect.intersection(bounds)
        for row in area.y..<area.maxY {
            for column in area.x..<area.maxX {
                let index = row * width + column
                cells[index].style = change(cells[index].style)
            }
        }
    }

    /// Makes an area differ from anything that can be drawn: it is to be written anew.
    package mutating func forget(_ rect: Rect) {
        let area = rect.intersection(bounds)
        for row in area.y..<max(area.y, area.maxY) {
            for column in area.x..<max(area.x, area.maxX) {
                cells[row * width + column] = Cell(text: "\u{0}", style: .plain, width: 1)
            }
        }
    }

    /// Has a cell stand for a part of a picture.
    mutating func show(_ picture: PictureCell, column: Int, row: Int) {
        cells[row * width + column].picture = picture
    }

    /// The rows as text, without trailing spaces: what a test compares.
    package var text: String {
        (0..<height).map { row in
            var line = cells[(row * width)..<((row + 1) * width)].map(\.text).joined()
            while line.last == " " { line.removeLast() }
            return line
        }
        .joined(separator: "\n")
    }

    private mutating func put(_ glyph: Glyph, column: Int, row: Int, style: Style, area: Rect) {
        let end = column + glyph.width
        guard end > area.x, column < area.maxX else { return }
        guard column >= area.x, end <= area.maxX else {
            // The half that would be visible stays blank.
            for x in max(column, area.x)..<min(end, area.maxX) {
                set(.blank(style), column: x, row: row)
            }
            return
        }
        set(Cell(text: glyph.text, style: style, width: glyph.width), column: column, row: row)
        for x in (column + 1)..<max(column + 1, end) {
            set(Cell(text: "", style: style, width: 0), column: x, row: row)
        }
    }

    /// Stores a cell; what is left of a wide cluster that it overwrites becomes blank.
    private mutating func set(_ cell: Cell, column: Int, row: Int) {
        let start = row * width
        let old = cells[start + column]
        if old.width == 0, cell.width != 0 {
            var leader = column
            while leader > 0, cells[start + leader].width == 0 {
                cells[start + leader] = .blank(cells[start + leader].style)
                leader -= 1
            }
            cells[start + leader] = .blank(cells[start + leader].style)
        }
        if old.width > 1 || old.width == 0 {
            var covered = column + 1
            while covered < width, cells[start + covered].width == 0 {
                cells[start + covered] = .blank(cells[start + covered].style)
                covered += 1
            }
        }
        cells[start + column] = cell
    }
}

/// What a view gives the terminal: cells, and where the real cursor stands.
package struct Frame: Sendable, Hashable {
    package var surface: Surface
    /// Nil hides the cursor.
    package var caret: Position?

    package init(surface: Surface, caret: Position?) {
        self.surface = surface
        self.caret = caret
    }
}
