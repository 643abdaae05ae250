/// What was changed in a draft, step by step, for undo and redo.
///
/// Steps hold what was removed and inserted, not whole texts, so that a draft of a megabyte costs
/// no more to undo than a line.
struct EditLog: Sendable, Hashable {
    /// One replacement of a stretch of text.
    struct Edit: Sendable, Hashable {
        /// UTF-8 offset where both texts begin.
        var offset: Int
        var removed: String
        var inserted: String
        var caretBefore: Int
        var caretAfter: Int

        var inverse: Edit {
            Edit(
                offset: offset,
                removed: inserted,
                inserted: removed,
                caretBefore: caretAfter,
                caretAfter: caretBefore
            )
        }

        fileprivate var size: Int { removed.utf8.count + inserted.utf8.count }
    }

    /// Steps and bytes kept; the newest step is kept whatever its size.
    static let longest = 5_000
    static let largest = 32 << 20

    private var done: [Edit] = []
    private var undone: [Edit] = []
    private var size = 0

    /// Adds a change; what was undone can't be done again after it.
    mutating func add(_ edit: Edit, joining: Bool) {
        size += edit.size - undone.reduce(0) { $0 + $1.size }
        undone = []
        if joining, edit.removed.isEmpty, let last = done.last,
            last.offset + last.inserted.utf8.count == edit.offset
        {
            done[done.count - 1].inserted += edit.inserted
            done[done.count - 1].caretAfter = edit.caretAfter
        } else {
            done.append(edit)
        }
        forgetOldest()
    }

    /// The change to take back.
    mutating func undo() -> Edit? {
        guard let edit = done.popLast() else { return nil }
        undone.append(edit)
        return edit
    }

    /// The change to make again.
    mutating func redo() -> Edit? {
        guard let edit = undone.popLast() else { return nil }
        done.append(edit)
        return edit
    }

    private mutating func forgetOldest() {
        var count = 0
        while done.count - count > 1, done.count - count > Self.longest || size > Self.largest {
            size -= done[count].size
            count += 1
        }
        if count > 0 { done.removeFirst(count) }
    }
}
