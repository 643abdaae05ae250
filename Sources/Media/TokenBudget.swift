/// How many soft tokens a picture may take: the five values that Gemma 4 was taught.
package enum TokenBudget: Int, Sendable, Hashable, CaseIterable {
    case tokens70 = 70
    case tokens140 = 140
    case tokens280 = 280
    case tokens560 = 560
    case tokens1120 = 1120

    /// What a picture takes unless somebody, or the file of the encoders, says otherwise.
    package static let picture = TokenBudget.tokens280
    /// What a frame of a video takes.
    package static let frame = TokenBudget.tokens70

    /// The largest budget of a picture with so many pixels, at 48 x 48 a token; the smallest where
    /// none fits.
    package init(pixels: Int) {
        let most = pixels / (SoftTokenCount.side * SoftTokenCount.side)
        self = Self.allCases.last { $0.rawValue <= most } ?? .tokens70
    }
}

extension TokenBudget: Comparable {
    package static func < (left: TokenBudget, right: TokenBudget) -> Bool {
        left.rawValue < right.rawValue
    }
}
