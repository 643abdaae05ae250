/// The draft: text, caret, undo and the last text cut.
///
/// The caret is a UTF-8 offset that always lies between grapheme clusters. A large paste stands in
/// the text as one private character, a chip, and is put back when the text is sent.
package struct Editor: Sendable, Hashable {
    /// A paste of more lines or characters than these folds to a chip.
    static let foldedLines = 8
    static let foldedCharacters = 1_000
    /// Steps that can be undone.
    private static let undoDepth = 200

    private struct Snapshot: Sendable, Hashable {
        var text: String
        var caret: Int
    }

    package private(set) var text = ""
    package private(set) var caret = 0
    private var undoStack: [Snapshot] = []
    /// Typing one letter after the other is undone as one step.
    private var isTyping = false
    private var cut = ""
    private(set) var chips: [Character: String] = [:]
    /// The column Up and Down aim for while they are repeated.
    var goalColumn: Int?

    package init() {}

    package var isEmpty: Bool { text.isEmpty }

    /// The text with every chip replaced by what was pasted.
    package var expandedText: String {
        guard !chips.isEmpty else { return text }
        return text.map { chips[$0] ?? String($0) }.joined()
    }

    /// What stands on the screen for a cluster: a chip's label or the cluster.
    func label(of cluster: Character) -> String {
        guard let pasted = chips[cluster] else { return String(cluster) }
        let ends = pasted.count { $0.isNewline }
        let lines = ends + (pasted.last?.isNewline == true ? 0 : 1)
        return lines > 1 ? "[pasted \(lines) lines]" : "[pasted \(pasted.count) characters]"
    }

    // MARK: - Changing the text

    /// Inserts typed text at the caret.
    package mutating func insert(_ typed: String) {
        let isWordBreak = typed.contains { $0.isWhitespace }
        if !isTyping || isWordBreak { remember() }
        isTyping = !isWordBreak
        place(typed)
    }

    /// Inserts pasted text; a large one becomes a chip.
    package mutating func paste(_ pasted: String) {
        remember()
        place(folded(pasted))
    }

    /// Replaces everything, as history and the external editor do.
    package mutating func replace(with newText: String) {
        remember()
        text = newText
        caret = text.utf8.count
    }

    /// Brings back an earlier message; a large one as a chip.
    package mutating func recall(_ earlier: String) {
        remember()
        text = ""
        caret = 0
        place(folded(earlier))
    }

    /// Empties the draft; undo brings it back.
    package mutating func clear() { replace(with: "") }

    /// Takes the text for sending: empty afterwards, with nothing to undo.
    package mutating func take() -> String {
        let whole = expandedText
        let kept = cut
        self = Editor()
        cut = kept
        return whole
    }

    package mutating func undo() {
        isTyping = false
        guard let last = undoStack.popLast() else { return }
        text = last.text
        caret = last.caret
    }

    package mutating func deleteBackward() { delete(to: previous(caret), cutting: false) }

    package mutating func deleteForward() { delete(to: next(caret), cutting: false) }

    package mutating func deleteWordBackward() { delete(to: wordStart, cutting: true) }

    package mutating func deleteWordForward() { delete(to: wordEnd, cutting: true) }

    package mutating func cutToLineStart() { delete(to: lineStart, cutting: true) }

    /// At the end of a line this joins it with the next one.
    package mutating func cutToLineEnd() {
        delete(to: lineEnd == caret ? next(caret) : lineEnd, cutting: true)
    }

    package mutating func yank() {
        guard !cut.isEmpty else { return }
        remember()
        place(cut)
    }

    // MARK: - Moving the caret

    package mutating func move(to offset: Int) {
        isTyping = false
        caret = boundary(atOrAfter: max(0, min(offset, text.utf8.count)))
    }

    package mutating func moveLeft() { move(to: previous(caret)) }

    package mutating func moveRight() { move(to: next(caret)) }

    package mutating func moveWordLeft() { move(to: wordStart) }

    package mutating func moveWordRight() { move(to: wordEnd) }

    package mutating func moveToLineStart() { move(to: lineStart) }

    package mutating func moveToLineEnd() { move(to: lineEnd) }

    package var isAfterBackslash: Bool { text[..<index(caret)].last == "\\" }

    // MARK: - Details

    /// The text itself, or the chip that stands for it from now on.
    private mutating func folded(_ new: String) -> String {
        let clean = chips.isEmpty ? new : String(new.filter { chips[$0] == nil })
        let lines = clean.count { $0.isNewline } + 1
        guard lines > Self.foldedLines || clean.count > Self.foldedCharacters,
            let chip = nextChip(for: clean)
        else { return clean }
        chips[chip] = clean
        return String(chip)
    }

    /// A character that stands nowhere yet; nil when there is none.
    private func nextChip(for new: String) -> Character? {
        // The end of the last private plane, which hardly any text uses.
        (UInt32(0x10F000)..<0x10FF00).lazy.compactMap { Unicode.Scalar($0).map(Character.init) }
            .first { chips[$0] == nil && !text.contains($0) && !new.contains($0) }
    }

    private mutating func place(_ new: String) {
        text.insert(contentsOf: new, at: index(caret))
        // A mark or joiner may have melted into the cluster before it.
        caret = boundary(atOrAfter: caret + new.utf8.count)
    }

    private mutating func delete(to other: Int, cutting: Bool) {
        guard other != caret else { return }
        remember()
        let range = index(min(caret, other))..<index(max(caret, other))
        if cutting { cut = String(text[range]) }
        text.removeSubrange(range)
        caret = boundary(atOrAfter: min(caret, other))
    }

    private mutating func remember() {
        isTyping = false
        if undoStack.last?.text != text { undoStack.append(Snapshot(text: text, caret: caret)) }
        if undoStack.count > Self.undoDepth { undoStack.removeFirst() }
    }

    private func index(_ offset: Int) -> String.Index {
        text.utf8.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex)
            ?? text.endIndex
    }

    private func offset(_ index: String.Index) -> Int {
        text.utf8.distance(from: text.startIndex, to: index)
    }

    private func boundary(atOrAfter offset: Int) -> Int {
        let wanted = index(offset)
        guard wanted < text.endIndex else { return text.utf8.count }
        let range = text.rangeOfComposedCluster(at: wanted)
        return range.lowerBound == wanted ? offset : self.offset(range.upperBound)
    }

    private func previous(_ offset: Int) -> Int {
        offset > 0 ? self.offset(text.index(before: index(offset))) : 0
    }

    private func next(_ offset: Int) -> Int {
        let start = index(offset)
        return start < text.endIndex ? self.offset(text.index(after: start)) : offset
    }

    private var lineStart: Int {
        let before = text[..<index(caret)]
        guard let newline = before.lastIndex(where: \.isNewline) else { return 0 }
        return offset(text.index(after: newline))
    }

    private var lineEnd: Int {
        offset(text[index(caret)...].firstIndex(where: \.isNewline) ?? text.endIndex)
    }

    private var wordStart: Int {
        var place = index(caret)
        while place > text.startIndex, !text[text.index(before: place)].isWordLetter {
            place = text.index(before: place)
        }
        while place > text.startIndex, text[text.index(before: place)].isWordLetter {
            place = text.index(before: place)
        }
        return offset(place)
    }

    private var wordEnd: Int {
        var place = index(caret)
        while place < text.endIndex, !text[place].isWordLetter { place = text.index(after: place) }
        while place < text.endIndex, text[place].isWordLetter { place = text.index(after: place) }
        return offset(place)
    }
}

extension Character {
    fileprivate var isWordLetter: Bool { isLetter || isNumber || self == "_" }
}

extension String {
    /// The cluster that covers a place, which may lie inside it.
    fileprivate func rangeOfComposedCluster(at place: Index) -> Range<Index> {
        // Looking from a line's start would be slow in long drafts; a cluster is rarely longer
        // than this many scalars, and breaks found from further back are the same.
        var start =
            unicodeScalars.index(place, offsetBy: -32, limitedBy: startIndex) ?? startIndex
        while start < endIndex {
            let end = index(after: start)
            if end > place { return start..<end }
            start = end
        }
        return place..<endIndex
    }
}
