import Foundation
import Media
package import Pictures
package import TerminalCore

/// Puts pictures as pixels where cells name them, and takes them away again.
///
/// kitty's protocol is given each picture once and then told where its parts are; sixel graphics
/// are drawn anew for each part and vanish under what is written over them.
package struct PixelWriter: Sendable {
    /// Nil shows characters.
    package var form: PixelProtocol?
    /// A cell's size in pixels; without it sixels could run over what is beside them, and are not
    /// drawn.
    package var cellSize: Size?

    private var pictures: [Int: PixelPicture] = [:]
    private var order: [Int] = []
    /// Pictures that kitty has.
    private var sent: Set<Int> = []
    /// What is on the screen, each with the number it is taken away by.
    private var placed: [PictureBlock: Int] = [:]
    private var placements = 0
    /// Sixels of parts that were drawn lately.
    private var drawn: [PictureBlock: [UInt8]] = [:]

    /// Pictures that are kept: more than any screen shows.
    private static let longest = 160
    private static let longestDrawn = 16
    /// Added to a picture's number, so that other programs' pictures are left alone.
    private static let firstNumber = 0x4643_0000

    package init() {}

    /// Takes a picture that cells may name.
    package mutating func take(_ picture: PixelPicture) {
        if pictures.updateValue(picture, forKey: picture.number) == nil {
            order.append(picture.number)
        }
        while order.count > Self.longest { pictures[order.removeFirst()] = nil }
    }

    /// The screen was cleared, or belongs to another program.
    mutating func forget() {
        placed = [:]
        drawn = [:]
        sent = []
    }

    /// What takes every picture away, for when the screen is given back.
    var clearing: [UInt8] {
        form == .kitty && !sent.isEmpty ? Self.kitty("a=d,d=A,q=2") : []
    }

    /// The parts of pictures that a surface shows as pixels.
    func blocks(of surface: Surface) -> [PictureBlock] {
        guard form == .kitty || form == .sixel && cellSize != nil else { return [] }
        return PictureBlock.blocks(of: surface) { pictures[$0] != nil }
    }

    /// What is on the screen and is not wanted any more.
    func leaving(_ wanted: [PictureBlock]) -> [PictureBlock] {
        let wanted = Set(wanted)
        return placed.keys.filter { !wanted.contains($0) }
    }

    /// Takes parts away; the cells below them have to be written afterwards.
    mutating func remove(_ blocks: [PictureBlock], in bytes: inout [UInt8]) {
        for block in blocks {
            guard let placement = placed.removeValue(forKey: block), form == .kitty else {
                continue
            }
            bytes += Self.kitty("a=d,d=i,i=\(Self.firstNumber + block.number),p=\(placement),q=2")
        }
    }

    /// Whether a part has to be drawn: it is new, or what was written ran over it.
    func needsDrawing(_ block: PictureBlock, after runs: [CellRun]) -> Bool {
        guard placed[block] != nil else { return true }
        return form == .sixel
            && runs.contains { run in
                let width = run.cells.reduce(0) { $0 + $1.width }
                return block.meets(Rect(x: run.column, y: run.row, width: width, height: 1))
            }
    }

    /// Draws a part; the cursor stands at its first cell.
    mutating func draw(_ block: PictureBlock, in bytes: inout [UInt8]) {
        guard let picture = pictures[block.number] else { return }
        switch form {
        case .kitty: place(block, of: picture, in: &bytes)
        case .sixel: bytes += sixels(block, of: picture)
        case nil: return
        }
    }

    // MARK: - kitty

    private mutating func place(
        _ block: PictureBlock,
        of picture: PixelPicture,
        in bytes: inout [UInt8]
    ) {
        let number = Self.firstNumber + picture.number
        if sent.insert(picture.number).inserted { bytes += Self.transmission(of: picture, number) }
        placements += 1
        placed[block] = placements
        let part = Self.pixels(block, of: picture)
        bytes += Self.kitty(
            "a=p,i=\(number),p=\(placements),x=\(part.x),y=\(part.y),w=\(part.width),h=\(part.height)"
                + ",c=\(block.area.width),r=\(block.area.height),C=1,q=2"
        )
    }

    private static func transmission(of picture: PixelPicture, _ number: Int) -> [UInt8] {
        let encoded = Data(picture.picture.pixels).base64EncodedString()
        let text = Array(encoded.utf8)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 4_096) {
            let end = min(start + 4_096, text.count)
            let more = end < text.count ? 1 : 0
            let control =
                start == 0
                ? "a=t,f=24,s=\(picture.picture.width),v=\(picture.picture.height),i=\(number),q=2,m=\(more)"
                : "m=\(more),q=2"
            bytes += kitty(control, text[start..<end])
        }
        return bytes
    }

    private static func kitty(_ control: String, _ payload: ArraySlice<UInt8> = []) -> [UInt8] {
        let separator: [UInt8] = payload.isEmpty ? [] : [0x3B]
        return Array("\u{1B}_G\(control)".utf8) + separator + payload + Array("\u{1B}\\".utf8)
    }

    // MARK: - sixel

    private mutating func sixels(_ block: PictureBlock, of picture: PixelPicture) -> [UInt8] {
        // Where it stands does not matter for what it looks like.
        var key = block
        key.area.x = 0
        key.area.y = 0
        placed[block] = 0
        if let known = drawn[key] { return known }
        let part = Self.pixels(block, of: picture)
        let cropped = picture.picture.cropped(
            x: part.x,
            y: part.y,
            width: part.width,
            height: part.height
        )
        var bytes: [UInt8]?
        if let cropped, let cellSize {
            bytes = SixelDrawing.bytes(
                for: cropped,
                width: block.area.width * cellSize.width,
                height: block.area.height * cellSize.height
            )
        }
        if drawn.count >= Self.longestDrawn { drawn = [:] }
        drawn[key] = bytes ?? []
        return bytes ?? []
    }

    /// The pixels of a picture that a part shows; at least one.
    private static func pixels(_ block: PictureBlock, of picture: PixelPicture) -> Rect {
        let (size, pixels) = (picture.size, picture.picture)
        func edge(_ cell: Int, _ cells: Int, _ pixels: Int) -> Int {
            cell.clamped(to: 0...cells) * pixels / max(1, cells)
        }
        let left = edge(block.column, size.width, pixels.width)
        let right = edge(block.column + block.area.width, size.width, pixels.width)
        let top = edge(block.row, size.height, pixels.height)
        let bottom = edge(block.row + block.area.height, size.height, pixels.height)
        return Rect(x: left, y: top, width: max(1, right - left), height: max(1, bottom - top))
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
