import TerminalCore

/// A part of a picture that is in view as one rectangle of cells.
struct PictureBlock: Sendable, Hashable {
    /// Of the picture.
    var number: Int
    /// The cells of the screen.
    var area: Rect
    /// The cell of the picture that stands in the area's first one.
    var column: Int
    var row: Int

    /// The parts of pictures on a surface, as large as they can be.
    ///
    /// What lies over a picture cuts it into several.
    static func blocks(of surface: Surface, _ isKnown: (Int) -> Bool) -> [PictureBlock] {
        var done: [PictureBlock] = []
        var open: [PictureBlock] = []
        for row in 0..<surface.height {
            let runs = runs(of: surface, row: row, isKnown)
            var next: [PictureBlock] = []
            for run in runs {
                // The same columns of the row above go on in this one.
                if let index = open.firstIndex(where: { $0.goesOn(in: run) }) {
                    var block = open.remove(at: index)
                    block.area.height += 1
                    next.append(block)
                } else {
                    next.append(run)
                }
            }
            done += open
            open = next
        }
        return done + open
    }

    private func goesOn(in run: PictureBlock) -> Bool {
        number == run.number && area.x == run.area.x && area.width == run.area.width
            && column == run.column && row + area.height == run.row
    }

    private static func runs(
        of surface: Surface,
        row: Int,
        _ isKnown: (Int) -> Bool
    ) -> [PictureBlock] {
        var runs: [PictureBlock] = []
        for column in 0..<surface.width {
            guard let cell = surface[column, row].picture, isKnown(cell.number) else { continue }
            if let last = runs.last, last.number == cell.number, last.area.maxX == column,
                last.row == cell.row, last.column + last.area.width == cell.column
            {
                runs[runs.count - 1].area.width += 1
            } else {
                runs.append(
                    PictureBlock(
                        number: cell.number,
                        area: Rect(x: column, y: row, width: 1, height: 1),
                        column: cell.column,
                        row: cell.row
                    )
                )
            }
        }
        return runs
    }

    func meets(_ other: Rect) -> Bool {
        let common = area.intersection(other)
        return common.width > 0 && common.height > 0
    }
}
