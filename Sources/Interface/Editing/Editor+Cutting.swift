extension Editor {
    /// What becomes of the letters of a word.
    package enum LetterCase: Sendable, Hashable {
        case upper
        case lower
        case capital
    }

    // MARK: - Cutting

    /// Cuts what is selected, else the word before the caret.
    package mutating func deleteWordBackward() {
        if cutSelection() { return }
        cut(wordStart(before: caret)..<caret, .before)
    }

    /// Cuts what is selected, else the word after the caret.
    package mutating func deleteWordForward() {
        if cutSelection() { return }
        cut(caret..<wordEnd(after: caret), .after)
    }

    package mutating func cutToLineStart() { cut(lineStart(of: caret)..<caret, .before) }

    /// At the end of a line this joins it with the next one.
    package mutating func cutToLineEnd() {
        let end = lineEnd(of: caret)
        cut(caret..<(end == caret ? next(caret) : end), .after)
    }

    /// Remembers what is selected and selects nothing any more.
    /// - Returns: It, with chips expanded; nil when nothing was selected.
    package mutating func copySelection() -> String? {
        guard let selection else { return nil }
        let selected = String(text[index(selection.lowerBound)..<index(selection.upperBound)])
        kills.add(selected)
        unselect()
        lastAction = .other
        return chips.expanded(selected)
    }

    private mutating func cutSelection() -> Bool {
        guard let selection else { return false }
        lastAction = .other
        cut(selection, .after)
        return true
    }

    private mutating func cut(_ range: Range<Int>, _ side: KillRing.Side) {
        guard !range.isEmpty else { return }
        let piece = String(text[index(range.lowerBound)..<index(range.upperBound)])
        if lastAction == .cutting { kills.extend(piece, side) } else { kills.add(piece) }
        change(range, to: "")
        lastAction = .cutting
    }

    // MARK: - Putting back

    /// Puts back what was cut last.
    package mutating func yank() {
        guard let piece = kills.newest() else { return }
        yank(piece, over: selection ?? caret..<caret)
    }

    /// Exchanges what was just put back for what was cut before it.
    /// - Returns: False when nothing was put back just now.
    package mutating func yankOlder() -> Bool {
        guard case .yanking(let range) = lastAction, let piece = kills.older() else { return false }
        yank(piece, over: range)
        return true
    }

    private mutating func yank(_ piece: String, over range: Range<Int>) {
        change(range, to: piece)
        lastAction = .yanking(range.lowerBound..<range.lowerBound + piece.utf8.count)
    }

    // MARK: - Words

    /// Changes the letters of the word after the caret and goes behind it.
    package mutating func changeWord(to letterCase: LetterCase) {
        let range = caret..<wordEnd(after: caret)
        let word = String(text[index(range.lowerBound)..<index(range.upperBound)])
        guard !word.isEmpty else { return }
        change(range, to: letterCase.applied(to: word))
    }

    package mutating func selectAll() { select(0..<text.utf8.count) }
}

extension Editor.LetterCase {
    fileprivate func applied(to word: String) -> String {
        switch self {
        case .upper: return word.uppercased()
        case .lower: return word.lowercased()
        case .capital:
            guard let first = word.firstIndex(where: \.isWordLetter) else { return word }
            let rest = word.index(after: first)
            return word[..<first] + word[first].uppercased() + word[rest...].lowercased()
        }
    }
}
