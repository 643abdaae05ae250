/// Earlier messages, walked with Up and Down while what was typed is kept, and searched.
package struct PromptHistory: Sendable, Hashable {
    /// Where a walk comes to.
    enum Stop: Sendable, Hashable {
        case message(String)
        /// What was typed there: the draft, or a message that was changed on the way.
        case typed(Editor.Contents)
    }

    /// Entries of other conversations, oldest first.
    private var shared: [String] = []
    /// Entries of this one, which come before all others when walking back.
    private var own: [String]
    /// Where the walk is; nil at the draft.
    private var place: Int?
    /// What was typed, by its place: the draft's is behind all entries.
    private var typed: [Int: Editor.Contents] = [:]
    /// What the editor held after the last step.
    private var reached = Editor.Contents()

    /// - Parameter own: Oldest first.
    package init(_ own: [String] = []) { self.own = own }

    /// Takes what was kept from earlier starts and other conversations, oldest first.
    package mutating func share(_ entries: [String]) {
        // Hashing the own ones of a long conversation takes a while.
        let known = entries.isEmpty ? [] : Set(own)
        shared = entries.filter { !known.contains($0) }
        endWalk()
    }

    /// Adds what was sent elsewhere.
    mutating func addShared(_ text: String) {
        guard shared.last != text else { return }
        shared.append(text)
        // The walk stays at its entry.
        let new = shared.count - 1
        func moved(_ place: Int) -> Int { place >= new ? place + 1 : place }
        place = place.map(moved)
        typed = Dictionary(uniqueKeysWithValues: typed.map { (moved($0.key), $0.value) })
    }

    /// Adds what was sent here; the walk ends.
    package mutating func add(_ text: String) {
        if own.last != text { own.append(text) }
        endWalk()
    }

    /// The entry before the present one; nil at the oldest.
    mutating func previous(from current: Editor.Contents) -> Stop? {
        step(to: (place ?? count) - 1, from: current)
    }

    /// The entry after the present one, at last the draft; nil when no walk is on.
    mutating func next(from current: Editor.Contents) -> Stop? {
        place.flatMap { step(to: $0 + 1, from: current) }
    }

    /// Notes what the editor holds after a step: what differs from it later was typed.
    mutating func reach(_ contents: Editor.Contents) { reached = contents }

    private mutating func step(to next: Int, from current: Editor.Contents) -> Stop? {
        guard next >= 0 else { return nil }
        let isTyped =
            !current.text.isEmpty && (current.text, current.chips) != (reached.text, reached.chips)
        if place == nil || isTyped { typed[place ?? count] = current }
        place = next < count ? next : nil
        return typed[next].map(Stop.typed) ?? (next < count ? .message(entry(next)) : nil)
    }

    private mutating func endWalk() {
        place = nil
        typed = [:]
    }

    /// All entries, the newest first and each text once.
    var newestFirst: [String] {
        var seen: Set<String> = []
        return (shared + own).reversed().filter { seen.insert($0).inserted }
    }

    private var count: Int { shared.count + own.count }

    private func entry(_ index: Int) -> String {
        index < shared.count ? shared[index] : own[index - shared.count]
    }
}
