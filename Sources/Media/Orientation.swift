/// How a stored picture is turned to stand upright: the eight values of EXIF.
package enum Orientation: Int, Sendable, Hashable, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case flipped = 4
    case transposed = 5
    /// To be turned clockwise by a quarter.
    case quarterClockwise = 6
    case transversed = 7
    case quarterCounterclockwise = 8

    /// Whether width and height change places.
    package var swapsSides: Bool { rawValue >= 5 }

    /// Turns a picture as it is stored upright.
    package func applied(to picture: Picture) -> Picture {
        guard self != .upright else { return picture }
        let (oldWidth, oldHeight) = (picture.width, picture.height)
        let (width, height) = swapsSides ? (oldHeight, oldWidth) : (oldWidth, oldHeight)
        let row = 3 * oldWidth
        let (right, bottom) = (oldWidth - 1, oldHeight - 1)
        let pixels = unsafe [UInt8](unsafeUninitializedCapacity: 3 * width * height) {
            out,
            filled in
            unsafe picture.pixels.withUnsafeBufferPointer { source in
                var to = 0
                for y in 0..<height {
                    for x in 0..<width {
                        let (column, line) =
                            switch self {
                            case .upright: (x, y)
                            case .mirrored: (right - x, y)
                            case .upsideDown: (right - x, bottom - y)
                            case .flipped: (x, bottom - y)
                            case .transposed: (y, x)
                            case .quarterClockwise: (y, bottom - x)
                            case .transversed: (right - y, bottom - x)
                            case .quarterCounterclockwise: (right - y, x)
                            }
                        let from = line * row + 3 * column
                        unsafe out[to] = source[from]
                        unsafe out[to + 1] = source[from + 1]
                        unsafe out[to + 2] = source[from + 2]
                        to += 3
                    }
                }
            }
            filled = 3 * width * height
        }
        return Picture(width: width, height: height, pixels: pixels) ?? picture
    }
}
