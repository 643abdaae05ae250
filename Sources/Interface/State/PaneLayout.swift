/// Which side panes are open and how wide: remembered from start to start.
package struct PaneLayout: Sendable, Hashable, Codable {
    package var showsSessions = false
    package var showsInspector = false
    package var sessionsWidth = 28
    package var inspectorWidth = 40
    /// The left conversation's share of the room for both, in percent.
    package var leftShare = 50

    package init() {}

    /// Columns a side pane can have.
    static let widths = 20...80
    /// Percents the left conversation can have.
    static let shares = 20...80

    /// The same with every number inside its limits: what a file says is not trusted.
    package var checked: PaneLayout {
        var checked = self
        checked.sessionsWidth = sessionsWidth.clamped(to: Self.widths)
        checked.inspectorWidth = inspectorWidth.clamped(to: Self.widths)
        checked.leftShare = leftShare.clamped(to: Self.shares)
        return checked
    }
}

extension Int {
    func clamped(to range: ClosedRange<Int>) -> Int {
        Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
    }
}
