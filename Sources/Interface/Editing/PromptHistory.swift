/// Earlier messages, walked with Up and Down while the unfinished draft is kept.
package struct PromptHistory: Sendable, Hashable {
    private var entries: [String]
    private var place: Int?
    private var draft = ""

    /// - Parameter entries: Oldest first.
    package init(_ entries: [String] = []) { self.entries = entries }

    /// Adds what was sent; the walk ends.
    package mutating func add(_ text: String) {
        if entries.last != text { entries.append(text) }
        place = nil
    }

    /// The entry before the present one; nil at the oldest.
    package mutating func previous(from current: String) -> String? {
        let next = (place ?? entries.count) - 1
        guard next >= 0 else { return nil }
        if place == nil { draft = current }
        place = next
        return entries[next]
    }

    /// The entry after the present one, at last the draft; nil when no walk is on.
    package mutating func next() -> String? {
        guard let place else { return nil }
        if place + 1 < entries.count {
            self.place = place + 1
            return entries[place + 1]
        }
        self.place = nil
        return draft
    }
}
