/// Resizes pictures to the last bit as the reference does, which uses Pillow's bicubic filter.
package enum PictureResizer {
    /// Stretches a picture to a size: rows first, then columns, bytes in between.
    ///
    /// - Parameters:
    ///   - picture: of any size.
    ///   - width: above 0.
    ///   - height: above 0.
    /// - Returns: nil when the size holds no picture.
    package static func resize(_ picture: Picture, width: Int, height: Int) -> Picture? {
        guard width > 0, height > 0, width < 1 << 24, height < 1 << 24 else { return nil }
        var pixels = picture.pixels
        if width != picture.width {
            pixels = rows(pixels, picture.width, picture.height, width)
        }
        if height != picture.height { pixels = columns(pixels, width, picture.height, height) }
        return Picture(width: width, height: height, pixels: pixels)
    }

    /// Shrinks a picture in its own shape until it fits; one that fits already is left alone.
    package static func fit(_ picture: Picture, maxWidth: Int, maxHeight: Int) -> Picture {
        let scale = min(
            Double(max(maxWidth, 1)) / Double(picture.width),
            Double(max(maxHeight, 1)) / Double(picture.height)
        )
        guard scale < 1 else { return picture }
        let width = max(Int((Double(picture.width) * scale).rounded()), 1)
        let height = max(Int((Double(picture.height) * scale).rounded()), 1)
        return resize(picture, width: width, height: height) ?? picture
    }

    /// `[height, old, 3]` to `[height, width, 3]`.
    private static func rows(_ pixels: [UInt8], _ old: Int, _ height: Int, _ width: Int) -> [UInt8]
    {
        let table = ResizeWeights(original: old, size: width)
        let half = Int32(1) << (ResizeWeights.places - 1)
        return unsafe [UInt8](unsafeUninitializedCapacity: 3 * width * height) { out, filled in
            unsafe pixels.withUnsafeBufferPointer { source in
                unsafe table.weights.withUnsafeBufferPointer { weights in
                    for y in 0..<height {
                        for x in 0..<width {
                            var (red, green, blue) = (half, half, half)
                            var from = 3 * (y * old + table.first[x])
                            let row = x * table.stride
                            for tap in row..<row + table.counts[x] {
                                let weight = unsafe weights[tap]
                                red &+= unsafe Int32(source[from]) &* weight
                                green &+= unsafe Int32(source[from + 1]) &* weight
                                blue &+= unsafe Int32(source[from + 2]) &* weight
                                from += 3
                            }
                            let to = 3 * (y * width + x)
                            unsafe out[to] = byte(red)
                            unsafe out[to + 1] = byte(green)
                            unsafe out[to + 2] = byte(blue)
                        }
                    }
                }
            }
            filled = 3 * width * height
        }
    }

    /// `[old, width, 3]` to `[height, width, 3]`.
    private static func columns(
        _ pixels: [UInt8],
        _ width: Int,
        _ old: Int,
        _ height: Int
    ) -> [UInt8] {
        let table = ResizeWeights(original: old, size: height)
        let half = Int32(1) << (ResizeWeights.places - 1)
        let row = 3 * width
        return unsafe [UInt8](unsafeUninitializedCapacity: row * height) { out, filled in
            unsafe pixels.withUnsafeBufferPointer { source in
                unsafe withUnsafeTemporaryAllocation(of: Int32.self, capacity: row) { sums in
                    for y in 0..<height {
                        for x in 0..<row { unsafe sums[x] = half }
                        for tap in 0..<table.counts[y] {
                            let weight = table.weights[y * table.stride + tap]
                            let from = (table.first[y] + tap) * row
                            for x in 0..<row {
                                unsafe sums[x] &+= Int32(source[from + x]) &* weight
                            }
                        }
                        for x in 0..<row { unsafe out[y * row + x] = byte(sums[x]) }
                    }
                }
            }
            filled = row * height
        }
    }

    private static func byte(_ sum: Int32) -> UInt8 {
        UInt8(truncatingIfNeeded: min(max(sum >> ResizeWeights.places, 0), 255))
    }
}
