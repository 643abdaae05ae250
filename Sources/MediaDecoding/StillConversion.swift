import CFFmpeg
import Media

/// Turns the planes of JPEG and WebP into RGB with the arithmetic of libjpeg and libwebp, which is
/// what pictures look like to the model's reference.
@safe struct StillConversion {
    private let rounding: ChromaUpsampling.Rounding
    private let halvesWidth: Bool
    private let halvesHeight: Bool
    private let hasAlpha: Bool

    /// Nil for formats that are left to libswscale.
    init?(_ format: AVPixelFormat, codec: AVCodecID) {
        switch (codec, format) {
        case (AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ420P):
            (rounding, halvesWidth, halvesHeight, hasAlpha) = (.jpeg, true, true, false)
        case (AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ422P):
            (rounding, halvesWidth, halvesHeight, hasAlpha) = (.jpeg, true, false, false)
        case (AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ440P):
            (rounding, halvesWidth, halvesHeight, hasAlpha) = (.jpeg, false, true, false)
        case (AV_CODEC_ID_MJPEG, AV_PIX_FMT_YUVJ444P):
            (rounding, halvesWidth, halvesHeight, hasAlpha) = (.jpeg, false, false, false)
        case (AV_CODEC_ID_WEBP, AV_PIX_FMT_YUV420P):
            (rounding, halvesWidth, halvesHeight, hasAlpha) = (.webp, true, true, false)
        case (AV_CODEC_ID_WEBP, AV_PIX_FMT_YUVA420P):
            (rounding, halvesWidth, halvesHeight, hasAlpha) = (.webp, true, true, true)
        default: return nil
        }
    }

    /// - Returns: nil when the frame lacks a plane.
    func picture(_ frame: UnsafePointer<AVFrame>) -> Picture? {
        let (width, height) = unsafe (Int(frame.pointee.width), Int(frame.pointee.height))
        guard let luma = unsafe frame.pointee.data.0, let blue = unsafe frame.pointee.data.1,
            let red = unsafe frame.pointee.data.2, width > 0, height > 0
        else { return nil }
        let alpha = unsafe hasAlpha ? frame.pointee.data.3 : nil
        let strides = unsafe frame.pointee.linesize
        let chroma = ChromaUpsampling(
            rounding: rounding,
            halvesWidth: halvesWidth,
            halvesHeight: halvesHeight,
            width: halvesWidth ? (width + 1) / 2 : width,
            height: halvesHeight ? (height + 1) / 2 : height
        )
        let room = 2 * (width + 2)
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: 3 * width * height) {
            out,
            filled in
            unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * room) { rows in
                guard let blues = rows.baseAddress, let start = out.baseAddress else { return }
                let reds = unsafe blues + room
                for y in 0..<height {
                    unsafe chroma.row(y, of: blue, stride: Int(strides.1), into: blues)
                    unsafe chroma.row(y, of: red, stride: Int(strides.2), into: reds)
                    let line = unsafe luma + y * Int(strides.0)
                    let to = unsafe start + 3 * width * y
                    switch rounding {
                    case .jpeg: unsafe Self.jpeg(line, blues, reds, width, into: to)
                    case .webp: unsafe Self.webp(line, blues, reds, width, into: to)
                    }
                    if let alpha = unsafe alpha {
                        unsafe Self.lay(alpha + y * Int(strides.3), width, onWhite: to)
                    }
                }
            }
            filled = 3 * width * height
        }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// JFIF: full range, coefficients with 16 binary places.
    private static func jpeg(
        _ luma: UnsafePointer<UInt8>,
        _ blues: UnsafePointer<UInt8>,
        _ reds: UnsafePointer<UInt8>,
        _ width: Int,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        let half: Int32 = 1 << 15
        for x in 0..<width {
            let y = unsafe Int32(luma[x])
            let (b, r) = unsafe (Int32(blues[x]) - 128, Int32(reds[x]) - 128)
            unsafe out[3 * x] = byte(y + (91_881 * r + half) >> 16)
            unsafe out[3 * x + 1] = byte(y + (-22_554 * b - 46_802 * r + half) >> 16)
            unsafe out[3 * x + 2] = byte(y + (116_130 * b + half) >> 16)
        }
    }

    /// ITU-R BT.601 of limited range, as libwebp rounds it: 14 binary places, of which 8 go first.
    private static func webp(
        _ luma: UnsafePointer<UInt8>,
        _ blues: UnsafePointer<UInt8>,
        _ reds: UnsafePointer<UInt8>,
        _ width: Int,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        for x in 0..<width {
            let y = unsafe (Int32(luma[x]) * 19_077) >> 8
            let (b, r) = unsafe (Int32(blues[x]), Int32(reds[x]))
            unsafe out[3 * x] = byte((y + (r * 26_149) >> 8 - 14_234) >> 6)
            unsafe out[3 * x + 1] = byte((y - (b * 6_419) >> 8 - (r * 13_320) >> 8 + 8_708) >> 6)
            unsafe out[3 * x + 2] = byte((y + (b * 33_050) >> 8 - 17_685) >> 6)
        }
    }

    private static func lay(
        _ alpha: UnsafePointer<UInt8>,
        _ width: Int,
        onWhite row: UnsafeMutablePointer<UInt8>
    ) {
        for x in 0..<width {
            for place in 3 * x..<3 * x + 3 {
                unsafe row[place] = FrameConversion.overWhite(row[place], alpha[x])
            }
        }
    }

    private static func byte(_ value: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(value, 0), 255))
    }
}
