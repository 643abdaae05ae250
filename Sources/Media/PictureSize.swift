/// The size at which a picture is shown to a model.
package enum PictureSize {
    /// Pixels of a patch's side.
    package static let patch = 16
    /// Patches that become one soft token.
    private static let patchesPerToken = 9

    /// The size to which a picture is stretched, up or down, so that it fills its budget.
    ///
    /// The reference's rule in its own arithmetic, doubles: both sides become multiples of 48 with
    /// nearly the picture's shape, and a side that would vanish is 48.
    /// - Parameters:
    ///   - width: of the picture in pixels, above 0.
    ///   - height: likewise.
    ///   - budget: soft tokens that it may take.
    /// - Returns: width and height in pixels, multiples of 48.
    /// - Throws: `MediaError` when no such size fits the budget.
    package static func target(
        width: Int,
        height: Int,
        budget: TokenBudget
    ) throws(MediaError) -> (width: Int, height: Int) {
        guard width > 0, height > 0 else { throw .unusable("The picture has no pixels.") }
        let side = SoftTokenCount.side
        let most = budget.rawValue * side
        let pixels = patchesPerToken * budget.rawValue * patch * patch
        let factor = (Double(pixels) / (Double(height) * Double(width))).squareRoot()
        // Both factors are bounded: a side is at most the budget's pixels for a picture of one row.
        func whole(_ length: Int) -> Int {
            let tokens = (factor * Double(length) / Double(side)).rounded(.down)
            return tokens < Double(most) ? Int(tokens) * side : most * side
        }
        var (wide, high) = (whole(width), whole(height))
        if wide == 0, high == 0 {
            throw .unusable("The picture is too small to be shown with \(budget.rawValue) tokens.")
        }
        if high == 0 { (wide, high) = (min(multiple(width / height, side), most), side) }
        if wide == 0 { (wide, high) = (side, min(multiple(height / width, side), most)) }
        guard wide <= pixels / high else {
            throw .unusable(
                "A picture of \(width) x \(height) is too long and narrow to be shown with "
                    + "\(budget.rawValue) tokens. Cut a piece out of it, or allow more tokens."
            )
        }
        return (wide, high)
    }

    /// The product, or the largest number where there is none.
    private static func multiple(_ count: Int, _ side: Int) -> Int {
        let (product, overflow) = count.multipliedReportingOverflow(by: side)
        return overflow ? Int.max : product
    }
}
