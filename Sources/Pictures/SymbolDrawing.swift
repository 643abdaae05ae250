import CChafa
package import Media
package import TerminalCore

/// Draws pictures with block characters, by chafa.
package enum SymbolDrawing {
    /// The cells a picture takes within a room, in its own shape; a cell is twice as high as wide.
    ///
    /// Nothing is drawn larger than its pixels: an icon stays an icon.
    package static func size(of picture: Picture, within room: Size) -> Size {
        let (wide, high) = (Double(picture.width), Double(picture.height) / 2)
        let factor = min(Double(max(1, room.width)) / wide, Double(max(1, room.height)) / high, 1)
        return Size(
            width: min(max(1, Int((wide * factor).rounded())), max(1, room.width)),
            height: min(max(1, Int((high * factor).rounded())), max(1, room.height))
        )
    }

    /// Draws a picture within a room of cells.
    ///
    /// - Parameters:
    ///   - picture: of any size.
    ///   - room: columns and rows there are, at most 500 each.
    ///   - number: by which a terminal that shows pixels finds the picture itself.
    /// - Returns: nil when there is no memory for it.
    package static func draw(_ picture: Picture, within room: Size, number: Int?) -> SymbolPicture?
    {
        let room = Size(width: min(room.width, 500), height: min(room.height, 500))
        let size = size(of: picture, within: room)
        guard let canvas = Canvas(size) else { return nil }
        canvas.draw(picture)
        var symbols: [SymbolPicture.Symbol] = []
        symbols.reserveCapacity(size.width * size.height)
        for row in 0..<size.height {
            for column in 0..<size.width {
                symbols.append(canvas.symbol(column: column, row: row))
            }
        }
        return SymbolPicture(size: size, symbols: symbols, number: number)
    }
}

extension Picture {
    /// Four bytes a pixel: chafa reads rows that begin at multiples of four only.
    var withAlpha: [UInt8] {
        var bytes = [UInt8](repeating: 255, count: width * height * 4)
        for pixel in 0..<width * height {
            for channel in 0..<3 { bytes[pixel * 4 + channel] = pixels[pixel * 3 + channel] }
        }
        return bytes
    }
}

/// A canvas of chafa's that belongs to its holder.
@safe
private struct Canvas: ~Copyable {
    private let canvas: OpaquePointer

    /// Nil when chafa gives none.
    init?(_ size: Size) {
        guard let config = unsafe chafa_canvas_config_new() else { return nil }
        defer { unsafe chafa_canvas_config_unref(config) }
        unsafe chafa_canvas_config_set_geometry(config, gint(size.width), gint(size.height))
        unsafe chafa_canvas_config_set_canvas_mode(config, CHAFA_CANVAS_MODE_TRUECOLOR)
        unsafe chafa_canvas_config_set_pixel_mode(config, CHAFA_PIXEL_MODE_SYMBOLS)
        // Blocks that every font has, each one column wide.
        let map = unsafe chafa_symbol_map_new()
        defer { unsafe chafa_symbol_map_unref(map) }
        let tags = [CHAFA_SYMBOL_TAG_SPACE, CHAFA_SYMBOL_TAG_BLOCK].reduce(0) { $0 | $1.rawValue }
        unsafe chafa_symbol_map_add_by_tags(map, ChafaSymbolTags(rawValue: tags))
        unsafe chafa_canvas_config_set_symbol_map(config, map)
        guard let canvas = unsafe chafa_canvas_new(config) else { return nil }
        unsafe self.canvas = unsafe canvas
    }

    deinit { unsafe chafa_canvas_unref(canvas) }

    func draw(_ picture: Picture) {
        unsafe picture.withAlpha.withUnsafeBufferPointer { pixels in
            unsafe chafa_canvas_draw_all_pixels(
                canvas,
                CHAFA_PIXEL_RGBA8_UNASSOCIATED,
                pixels.baseAddress,
                gint(picture.width),
                gint(picture.height),
                gint(picture.width * 4)
            )
        }
    }

    func symbol(column: Int, row: Int) -> SymbolPicture.Symbol {
        let code = unsafe chafa_canvas_get_char_at(canvas, gint(column), gint(row))
        var (foreground, background): (gint, gint) = (0, 0)
        unsafe chafa_canvas_get_colors_at(
            canvas,
            gint(column),
            gint(row),
            &foreground,
            &background
        )
        let scalar = Unicode.Scalar(code) ?? " "
        return SymbolPicture.Symbol(
            String(Character(scalar)),
            Self.color(foreground),
            on: Self.color(background)
        )
    }

    /// `0xRRGGBB`; below 0 it is the terminal's own.
    private static func color(_ packed: gint) -> Color {
        guard packed >= 0 else { return .terminal }
        return .rgb(
            UInt8(truncatingIfNeeded: packed >> 16),
            UInt8(truncatingIfNeeded: packed >> 8),
            UInt8(truncatingIfNeeded: packed)
        )
    }
}
