import CFFmpeg
import Media

/// Turns what decoders give into upright-to-be RGB.
@safe struct FrameConversion {
    private let av: UnsafePointer<facet_ffmpeg>

    init(_ av: UnsafePointer<facet_ffmpeg>) { unsafe self.av = av }

    /// A frame's pixels, as it is stored; what is transparent lies on white.
    ///
    /// - Throws: `pictureTooLarge`, `damaged`, `noMemory`.
    func picture(_ frame: UnsafePointer<AVFrame>) throws(DecodingFailure) -> Picture {
        let (width, height) = unsafe (Int(frame.pointee.width), Int(frame.pointee.height))
        guard width > 0, height > 0 else { throw .damaged }
        guard width <= Libav.maxSide, height <= Libav.maxSide, width * height <= Libav.maxPixels
        else { throw .pictureTooLarge(width: width, height: height, limit: Libav.maxPixels) }
        let format = unsafe AVPixelFormat(frame.pointee.format)
        guard let description = unsafe av.pointee.av_pix_fmt_desc_get(format) else {
            throw .damaged
        }
        let seesThrough = unsafe description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA) != 0
        let bytes = seesThrough ? 4 : 3
        // Rows have room behind them: the converter writes whole vectors.
        let stride = (bytes * width + 127) / 64 * 64
        let wide = try unsafe convert(
            frame,
            from: format,
            to: seesThrough ? AV_PIX_FMT_RGBA : AV_PIX_FMT_RGB24,
            stride: stride
        )
        let pixels =
            seesThrough
            ? Self.onWhite(wide, width, height, stride) : Self.tight(wide, width, height, stride)
        guard let picture = Picture(width: width, height: height, pixels: pixels) else {
            throw .damaged
        }
        return picture
    }

    /// `[height, stride]` bytes of packed pixels.
    private func convert(
        _ frame: UnsafePointer<AVFrame>,
        from: AVPixelFormat,
        to: AVPixelFormat,
        stride: Int
    ) throws(DecodingFailure) -> [UInt8] {
        let (width, height) = unsafe (frame.pointee.width, frame.pointee.height)
        let exact =
            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP
        guard
            let context = unsafe av.pointee.sws_getContext(
                width,
                height,
                from,
                width,
                height,
                to,
                exact,
                nil,
                nil,
                nil
            )
        else { throw .damaged }
        defer { unsafe av.pointee.sws_freeContext(context) }
        let full = unsafe frame.pointee.color_range == AVCOL_RANGE_JPEG || isFullRange(from)
        let matrix = unsafe av.pointee.sws_getCoefficients(Int32(frame.pointee.colorspace.rawValue))
        _ = unsafe av.pointee.sws_setColorspaceDetails(
            context,
            matrix,
            full ? 1 : 0,
            matrix,
            1,
            0,
            1 << 16,
            1 << 16
        )
        let count = stride * Int(height) + 64
        var lines: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            unsafe buffer.initialize(repeating: 0)
            if let start = buffer.baseAddress {
                lines = unsafe facet_scale(av, context, frame, start, Int32(stride))
            }
            filled = count
        }
        guard lines == height else { throw .damaged }
        return bytes
    }

    private func isFullRange(_ format: AVPixelFormat) -> Bool {
        [AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P]
            .contains(format)
    }

    /// Leaves out what is behind the rows.
    private static func tight(_ rows: [UInt8], _ width: Int, _ height: Int, _ stride: Int)
        -> [UInt8]
    {
        let row = 3 * width
        return unsafe [UInt8](unsafeUninitializedCapacity: row * height) { out, filled in
            unsafe rows.withUnsafeBufferPointer { source in
                for y in 0..<height {
                    let line = unsafe UnsafeMutableBufferPointer(
                        rebasing: out[y * row..<(y + 1) * row]
                    )
                    let from = unsafe UnsafeBufferPointer(
                        rebasing: source[y * stride..<y * stride + row]
                    )
                    _ = unsafe line.initialize(from: from)
                }
            }
            filled = row * height
        }
    }

    /// Lays rows of RGBA over white.
    private static func onWhite(
        _ rows: [UInt8],
        _ width: Int,
        _ height: Int,
        _ stride: Int
    ) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 3 * width * height) { out, filled in
            unsafe rows.withUnsafeBufferPointer { source in
                var to = 0
                for y in 0..<height {
                    for from in Swift.stride(from: y * stride, to: y * stride + 4 * width, by: 4) {
                        for channel in 0..<3 {
                            unsafe out[to + channel] = overWhite(
                                source[from + channel],
                                source[from + 3]
                            )
                        }
                        to += 3
                    }
                }
            }
            filled = 3 * width * height
        }
    }

    /// Straight alpha over white: (c a + 255 (255 - a)) / 255, rounded.
    @inline(__always)
    static func overWhite(_ colour: UInt8, _ alpha: UInt8) -> UInt8 {
        let sum = UInt32(colour) &* UInt32(alpha) &+ 255 &* (255 &- UInt32(alpha)) &+ 128
        return UInt8(truncatingIfNeeded: (sum >> 8 &+ sum) >> 8)
    }
}
