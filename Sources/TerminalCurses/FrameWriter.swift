package import TerminalCore

/// Turns frames into the bytes that show them: the cells that changed, in one piece.
///
/// Remembers what the terminal shows, where its cursor stands and in which style it writes, so
/// that a letter costs a few bytes.
package struct FrameWriter: Sendable {
    private let capabilities: Capabilities
    private var shown: Surface?
    /// Where the terminal's cursor stands; nil when that is not certain.
    private var cursor: Position?
    private var isCursorVisible: Bool?
    /// What the terminal writes in; nil when that is not known.
    private var style: Style?
    private var styleBytes: [Style: [UInt8]] = [:]
    /// Pictures as pixels.
    package var pixels = PixelWriter()

    /// More cells than these are written with the cursor hidden, or it would be seen running.
    private static let visibleRun = 8
    /// Styles kept as bytes; links could make their number grow without end.
    private static let styleLimit = 1_000

    package init(capabilities: Capabilities) { self.capabilities = capabilities }

    /// Makes the next frame draw every cell, whatever the terminal shows.
    package mutating func forget() {
        shown = nil
        cursor = nil
        isCursorVisible = nil
        style = nil
        pixels.forget()
    }

    /// The bytes that bring a terminal from what it shows to this frame; none when they are equal.
    package mutating func bytes(for frame: Frame) -> [UInt8] {
        let size = (frame.surface.width, frame.surface.height)
        let isFresh = shown.map { ($0.width, $0.height) != size } ?? true
        // A cleared screen is blank, and what is blank in the frame needs no bytes.
        var before = isFresh ? Surface(width: size.0, height: size.1) : shown
        var bytes: [UInt8] = []
        let (surface, blocks) = withPixels(frame.surface, isFresh: isFresh, &before, &bytes)
        let runs = surface.changes(since: before)
        let changed = blocks.filter { pixels.needsDrawing($0, after: runs) }
        let changesCells = isFresh || !runs.isEmpty || !changed.isEmpty || !bytes.isEmpty
        if changesCells {
            bytes.reserveCapacity(4_096)
            if capabilities.takesExtensions { bytes = Self.beginUpdate + bytes }
            let count = runs.prefix(2).reduce(0) { $0 + $1.cells.count }
            if isFresh || runs.count > 1 || count > Self.visibleRun || !changed.isEmpty {
                show(cursor: false, in: &bytes)
            }
            if isFresh {
                bytes += capabilities.resetStyle + capabilities.clear
                cursor = nil
                style = .plain
            }
            for run in runs { append(run, of: surface, to: &bytes) }
            endLink(in: &bytes)
            for block in changed {
                move(to: Position(column: block.area.x, row: block.area.y), in: &bytes)
                pixels.draw(block, in: &bytes)
                cursor = nil
            }
        }
        if let caret = frame.caret {
            move(to: caret, in: &bytes)
            show(cursor: true, in: &bytes)
        } else {
            show(cursor: false, in: &bytes)
        }
        if changesCells, capabilities.takesExtensions { bytes += Self.endUpdate }
        shown = surface
        return bytes
    }

    /// The surface with blanks where pictures are shown as pixels, and where those are.
    ///
    /// Pictures that are not wanted any more are taken away; what is below them is written anew.
    private mutating func withPixels(
        _ surface: Surface,
        isFresh: Bool,
        _ before: inout Surface?,
        _ bytes: inout [UInt8]
    ) -> (Surface, [PictureBlock]) {
        if isFresh {
            bytes += pixels.clearing
            pixels.forget()
        }
        let blocks = pixels.blocks(of: surface)
        let leaving = pixels.leaving(blocks)
        pixels.remove(leaving, in: &bytes)
        for block in leaving { before?.forget(block.area) }
        guard !blocks.isEmpty else { return (surface, []) }
        var masked = surface
        for block in blocks { masked.fill(block.area, style: .plain) }
        return (masked, blocks)
    }

    private static let beginUpdate = Array("\u{1B}[?2026h".utf8)
    private static let endUpdate = Array("\u{1B}[?2026l".utf8)

    private mutating func append(_ run: CellRun, of surface: Surface, to bytes: inout [UInt8]) {
        var place = Position(column: run.column, row: run.row)
        for cell in run.cells {
            let end = place.column + cell.width
            let fillsRow = end >= surface.width
            if fillsRow, run.row == surface.height - 1, !capabilities.canFillLastCell {
                // Filling the last cell would scroll this terminal.
                return
            }
            move(to: place, in: &bytes)
            select(cell.style, in: &bytes)
            if cell.hasUncertainWidth {
                // Should the terminal draw it narrower than we count, blanks must be below.
                bytes += [UInt8](repeating: 0x20, count: cell.width)
                cursor = nil
                move(to: place, in: &bytes)
            }
            bytes += cell.text.utf8
            place.column = end
            cursor = cell.hasUncertainWidth || fillsRow ? nil : place
        }
    }

    private mutating func move(to place: Position, in bytes: inout [UInt8]) {
        guard cursor != place else { return }
        bytes += capabilities.move(to: place)
        cursor = place
    }

    private mutating func show(cursor isVisible: Bool, in bytes: inout [UInt8]) {
        guard isCursorVisible != isVisible else { return }
        bytes += isVisible ? capabilities.showCursor : capabilities.hideCursor
        isCursorVisible = isVisible
    }

    /// Whatever the terminal is told next is no part of a link.
    private mutating func endLink(in bytes: inout [UInt8]) {
        guard style?.link != nil else { return }
        if capabilities.takesLinks { bytes += Hyperlink.bytes(to: nil) }
        style?.link = nil
    }

    private mutating func select(_ new: Style, in bytes: inout [UInt8]) {
        guard style != new else { return }
        if capabilities.takesLinks, style?.link != new.link {
            bytes += Hyperlink.bytes(to: new.link)
        }
        var look = new
        look.link = nil
        var before = style
        before?.link = nil
        style = new
        guard before != look else { return }
        if let known = styleBytes[look] {
            bytes += known
            return
        }
        let selection = capabilities.select(look)
        if styleBytes.count >= Self.styleLimit { styleBytes.removeAll() }
        styleBytes[look] = selection
        bytes += selection
    }
}
