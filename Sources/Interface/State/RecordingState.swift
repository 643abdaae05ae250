/// A recording that is being made.
package struct RecordingState: Sendable, Hashable {
    /// The session that gets it.
    package var session: String
    /// What is recorded so far.
    package var seconds = 0.0
    /// The last levels, 0 to 1, the newest at the end.
    package var levels: [Float] = []
    /// It was told to stop; what was said is on its way.
    package var isEnding = false

    /// Seconds that a model hears of a clip.
    package static let longest = 30
    /// Levels that are shown.
    private static let shown = 24

    package init(session: String) { self.session = session }

    mutating func take(seconds: Double, level: Float) {
        self.seconds = seconds
        levels.append(level)
        if levels.count > Self.shown { levels.removeFirst(levels.count - Self.shown) }
    }

    /// For the status line: `REC 0:07`.
    var words: String {
        let whole = Int(min(max(seconds, 0), 86_400))
        return "REC \(whole / 60):\(whole % 60 < 10 ? "0" : "")\(whole % 60)"
    }
}

/// What comes of recording.
package enum RecordingEvent: Sendable, Hashable {
    case level(seconds: Double, level: Float)
    /// It is in a file.
    case ended(path: String, reachedLimit: Bool)
    /// The sentence says why there is none.
    case failed(String)
}
