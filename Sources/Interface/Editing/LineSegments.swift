/// Cuts a draft into stretches that are laid out one by one.
///
/// A stretch is a line. A line of many thousand bytes is cut at multiples of `size`, wherever the
/// caret is, so that a key costs the same in a draft of a megabyte as in an empty one. A multiple
/// cuts only when no line begins or ends within `size` bytes of it: a line that fits is never cut.
struct LineSegments {
    static let size = 2_048

    private let editor: Editor
    private let bytes: String.UTF8View
    private let count: Int

    init(_ editor: Editor) {
        self.editor = editor
        bytes = editor.text.utf8
        count = bytes.count
    }

    /// The stretch that holds a place, without the line's end.
    func segment(containing offset: Int) -> Range<Int> {
        let start = start(atOrBefore: offset)
        return start..<end(from: start)
    }

    /// The stretch before one that begins here; nil at the draft's beginning.
    func segment(before start: Int) -> Range<Int>? {
        guard start > 0 else { return nil }
        if byte(start - 1) == 0x0A {
            let end = start - 1
            return self.start(atOrBefore: end)..<end
        }
        return self.start(atOrBefore: start - 1)..<start
    }

    /// The stretch after one that ends here; nil at the draft's end.
    func segment(after end: Int) -> Range<Int>? {
        guard end < count else { return nil }
        let start = byte(end) == 0x0A ? end + 1 : end
        return start..<self.end(from: start)
    }

    private func start(atOrBefore offset: Int) -> Int {
        let floor = max(0, offset - 3 * Self.size)
        let line = bytes[editor.index(floor)..<editor.index(offset)].lastIndex(of: 0x0A)
            .map { editor.offset($0) + 1 }
        let least = line ?? floor
        // A cluster that covers a multiple is not cut: the cut is before it.
        var multiple = (offset / Self.size + 1) * Self.size
        while multiple - Self.size >= least {
            let cut = cluster(atOrBefore: multiple)
            if cut > least, cut <= offset, lineEnd(offset, before: multiple + Self.size) == nil {
                return cut
            }
            multiple -= Self.size
        }
        return least
    }

    private func end(from start: Int) -> Int {
        // The first multiple that has a whole size of this line on both sides.
        var multiple = (start + 2 * Self.size - 1) / Self.size * Self.size
        while true {
            if let end = lineEnd(start, before: multiple + Self.size) { return end }
            let cut = cluster(atOrBefore: multiple)
            if cut > start { return cut }
            multiple += Self.size
        }
    }

    /// The first line end from a place on, if it comes before a limit; the draft's end counts.
    private func lineEnd(_ offset: Int, before limit: Int) -> Int? {
        let end = min(limit, count)
        guard offset < end || limit > count else { return nil }
        let newline = bytes[editor.index(offset)..<editor.index(max(offset, end))]
            .firstIndex(of: 0x0A)
        if let newline { return editor.offset(newline) }
        return limit > count ? count : nil
    }

    private func cluster(atOrBefore offset: Int) -> Int {
        let after = editor.boundary(atOrAfter: offset)
        return after == offset ? offset : editor.previous(after)
    }

    private func byte(_ offset: Int) -> UInt8 { bytes[editor.index(offset)] }
}
