import CChafa
package import Media

/// Writes pictures as sixel graphics, by chafa.
package enum SixelDrawing {
    /// The sequence that draws a picture at the cursor.
    ///
    /// - Parameters:
    ///   - picture: stretched to the size.
    ///   - width: in pixels, 1 to 8,192.
    ///   - height: likewise; rounded down to whole bands of six, so that nothing below is touched.
    /// - Returns: from DCS to ST; nil when chafa makes none.
    package static func bytes(for picture: Picture, width: Int, height: Int) -> [UInt8]? {
        let height = max(6, height / 6 * 6)
        guard (1...8_192).contains(width), height <= 8_192,
            let config = unsafe chafa_canvas_config_new()
        else { return nil }
        defer { unsafe chafa_canvas_config_unref(config) }
        // One cell of the wanted size: chafa counts in cells, which are ours to define.
        unsafe chafa_canvas_config_set_geometry(config, 1, 1)
        unsafe chafa_canvas_config_set_cell_geometry(config, gint(width), gint(height))
        unsafe chafa_canvas_config_set_canvas_mode(config, CHAFA_CANVAS_MODE_TRUECOLOR)
        unsafe chafa_canvas_config_set_pixel_mode(config, CHAFA_PIXEL_MODE_SIXELS)
        guard let canvas = unsafe chafa_canvas_new(config) else { return nil }
        defer { unsafe chafa_canvas_unref(canvas) }
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
        let info = unsafe chafa_term_db_get_fallback_info(chafa_term_db_get_default())
        guard let info = unsafe info else { return nil }
        defer { unsafe chafa_term_info_unref(info) }
        guard let text = unsafe chafa_canvas_print(canvas, info) else { return nil }
        defer { unsafe g_string_free(text, 1) }
        let bytes = unsafe UnsafeRawBufferPointer(
            start: text.pointee.str,
            count: Int(clamping: text.pointee.len)
        )
        // Without what chafa puts around it: only the graphics.
        let all = unsafe Array(bytes)
        guard let start = all.firstIndex(of: 0x1B),
            let end = all.lastIndex(of: 0x5C), start + 1 < end, all[start + 1] == 0x50
        else { return nil }
        return Array(all[start...end])
    }
}

extension Picture {
    /// A part of the picture; nil when nothing of it is inside.
    package func cropped(x: Int, y: Int, width: Int, height: Int) -> Picture? {
        let (left, top) = (max(0, x), max(0, y))
        let right = min(self.width, x.saturatingAdd(width))
        let bottom = min(self.height, y.saturatingAdd(height))
        guard left < right, top < bottom else { return nil }
        var part: [UInt8] = []
        part.reserveCapacity((right - left) * (bottom - top) * 3)
        for row in top..<bottom {
            let start = (row * self.width + left) * 3
            part += pixels[start..<start + (right - left) * 3]
        }
        return Picture(width: right - left, height: bottom - top, pixels: part)
    }
}

extension Int {
    fileprivate func saturatingAdd(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
