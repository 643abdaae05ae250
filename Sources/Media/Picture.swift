/// An upright picture of 8-bit RGB: `[height, width, 3]`, rows from the top, nothing between them.
package struct Picture: Sendable, Hashable {
    package let width: Int
    package let height: Int
    package let pixels: [UInt8]

    /// Nil when the number of bytes is not that of the size.
    package init?(width: Int, height: Int, pixels: [UInt8]) {
        let (area, overflow) = width.multipliedReportingOverflow(by: height)
        guard width > 0, height > 0, !overflow, area <= Int.max / 3, pixels.count == 3 * area else {
            return nil
        }
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
