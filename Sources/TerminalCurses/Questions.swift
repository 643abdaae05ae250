/// What the terminal was asked and has not answered: before it is given back, the answers are
/// waited for, or the shell would read them as keys.
struct Questions: Sendable {
    private var asked: ContinuousClock.Instant?
    /// The time an answer takes; nil before the first one.
    private var answerTime: Duration?
    private var pending = 0

    /// A terminal that has said nothing for this long will not answer.
    private static let longest = Duration.milliseconds(500)

    /// True when the terminal is known to answer and nothing is on its way.
    var areAnswered: Bool { pending == 0 && answerTime != nil }

    mutating func ask(at now: ContinuousClock.Instant) {
        asked = now
        pending += 1
    }

    mutating func answer(at now: ContinuousClock.Instant) {
        pending = max(0, pending - 1)
        if let asked { answerTime = now - asked }
    }

    /// What has not come yet was thrown away.
    mutating func giveUp() { pending = 0 }

    /// How long to wait from now on for the answer to the last question, asked or about to be.
    func patience(at now: ContinuousClock.Instant) -> Duration {
        if areAnswered, let answerTime {
            return min(.seconds(2), answerTime * 4 + .milliseconds(100))
        }
        guard pending > 0, let asked else { return .zero }
        return max(.zero, asked + Self.longest - now)
    }
}
