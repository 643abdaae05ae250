/// Colour planes at half the size, spread over a row of pixels as the libraries that most programs
/// read pictures with do it: three quarters of the nearer sample, one quarter of the next.
struct ChromaUpsampling {
    enum Rounding {
        /// libjpeg's: alternating, so that no level is favoured.
        case jpeg
        /// libwebp's.
        case webp
    }

    let rounding: Rounding
    /// Whether there is one sample for two pixels across, and down.
    let halvesWidth: Bool
    let halvesHeight: Bool
    /// Samples of a row, and rows.
    let width: Int
    let height: Int

    /// Fills a row.
    ///
    /// - Parameters:
    ///   - y: the row of pixels.
    ///   - plane: `[height, stride]`.
    ///   - stride: bytes from row to row.
    ///   - out: at least `2 * width` where the width is halved.
    func row(
        _ y: Int,
        of plane: UnsafePointer<UInt8>,
        stride: Int,
        into out: UnsafeMutablePointer<UInt8>
    ) {
        let near = min(halvesHeight ? y / 2 : y, height - 1)
        // libjpeg repeats samples where there are too few to speak of between.
        let isSmooth = !halvesWidth || width > 2 || rounding == .webp
        let next =
            halvesHeight && isSmooth
            ? min(max(near + (y % 2 == 0 ? -1 : 1), 0), height - 1) : near
        let (a, b) = unsafe (plane + near * stride, plane + next * stride)
        guard halvesWidth else {
            let bias = Int32(y % 2 == 0 ? 1 : 2)
            for x in 0..<width {
                unsafe out[x] =
                    halvesHeight
                    ? UInt8(truncatingIfNeeded: (3 * Int32(a[x]) + Int32(b[x]) + bias) >> 2) : a[x]
            }
            return
        }
        for x in 0..<width {
            let (left, right) = (max(x - 1, 0), min(x + 1, width - 1))
            unsafe out[2 * x] = isSmooth ? value(a, b, x, left, isRight: false) : a[x]
            unsafe out[2 * x + 1] = isSmooth ? value(a, b, x, right, isRight: true) : a[x]
        }
    }

    private func value(
        _ a: UnsafePointer<UInt8>,
        _ b: UnsafePointer<UInt8>,
        _ x: Int,
        _ beside: Int,
        isRight: Bool
    ) -> UInt8 {
        let (near, across) = unsafe (Int32(a[x]), Int32(a[beside]))
        let (down, diagonal) = unsafe (Int32(b[x]), Int32(b[beside]))
        switch rounding {
        case .jpeg where !halvesHeight:
            return UInt8(truncatingIfNeeded: (3 * near + across + (isRight ? 2 : 1)) >> 2)
        case .jpeg:
            let sum = 3 * (3 * near + down) + 3 * across + diagonal
            return UInt8(truncatingIfNeeded: (sum + (isRight ? 7 : 8)) >> 4)
        case .webp where beside == x:
            return UInt8(truncatingIfNeeded: (3 * near + down + 2) >> 2)
        case .webp:
            let both = (near + across + down + diagonal + 8 + 2 * (across + down)) >> 3
            return UInt8(truncatingIfNeeded: (both + near) >> 1)
        }
    }
}
