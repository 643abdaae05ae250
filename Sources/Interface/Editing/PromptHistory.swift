/// Earlier messages, walked with Up and Down while the unfinished draft is kept, and searched.
package struct PromptHistory: Sendable, Hashable {
    /// Where a walk comes to.
    enum Stop: Sendable, Hashable {
        case message(String)
        /// Back at the draft, as it was.
        case draft(Editor.Contents)
    }

    /// Entries of other conversations, oldest first.
    private var shared: [String] = []
    /// Entries of this one, which come before all others when walking back.
    private var own: [String]
    private var place: Int?
    private var draft = Editor.Contents()

    /// - Parameter own: Oldest first.
    package init(_ own: [String] = []) { self.own = own }

    /// Takes what was kept from earlier starts and other conversations, oldest first.
    package mutating func share(_ entries: [String]) {
        // Hashing the own ones of a long conversation takes a while.
        let known = entries.isEmpty ? [] : Set(own)
        shared = entries.filter { !known.contains($0) }
        place = nil
    }

    /// Adds what was sent elsewhere.
    mutating func addShared(_ text: String) {
        guard shared.last != text else { return }
        shared.append(text)
        // The walk stays at its entry.
        if let place, place >= shared.count - 1 { self.place = place + 1 }
    }

    /// Adds what was sent here; the walk ends.
    package mutating func add(_ text: String) {
        if own.last != text { own.append(text) }
        place = nil
    }

    /// The entry before the present one; nil at the oldest.
    mutating func previous(from current: Editor.Contents) -> Stop? {
        let next = (place ?? count) - 1
        guard next >= 0 else { return nil }
        if place == nil { draft = current }
        place = next
        return .message(entry(next))
    }

    /// The entry after the present one, at last the draft; nil when no walk is on.
    mutating func next() -> Stop? {
        guard let place else { return nil }
        if place + 1 < count {
            self.place = place + 1
            return .message(entry(place + 1))
        }
        self.place = nil
        return .draft(draft)
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
