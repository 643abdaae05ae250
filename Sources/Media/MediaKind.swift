/// What a file is to a model that sees and hears.
package enum MediaKind: String, Sendable, Hashable, CaseIterable {
    case picture
    case sound
    case video
}

/// How a file is made ready for the model; part of what soft tokens depend on.
package struct MediaSettings: Sendable, Hashable {
    /// Nil takes what its kind takes by default.
    package var budget: TokenBudget?
    /// Frames that are taken from a video at most.
    package var frameCount: Int
    /// Whether a video's sound is wanted; only for models that hear.
    package var takesSoundtrack: Bool

    package init(
        budget: TokenBudget? = nil,
        frameCount: Int = Self.frameCount,
        takesSoundtrack: Bool = false
    ) {
        self.budget = budget
        self.frameCount = min(max(frameCount, 1), Self.maxFrameCount)
        self.takesSoundtrack = takesSoundtrack
    }

    /// Frames of a video that the reference takes.
    package static let frameCount = 32
    /// Frames that anybody may ask for.
    package static let maxFrameCount = 1_024
}
