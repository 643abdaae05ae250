extension Editor {
    /// Puts the text of the paste at the caret in its chip's place; undo folds it again.
    /// - Returns: False when there is none.
    package mutating func expandPaste() -> Bool {
        for range in [caret..<next(caret), previous(caret)..<caret] where !range.isEmpty {
            let cluster = text[index(range.lowerBound)]
            guard case .paste = chips[cluster] else { continue }
            change(range, to: chips.expanded(String(cluster)))
            return true
        }
        return false
    }

    /// Puts files' chips into the draft: in place of a text that stands there, else at the caret.
    ///
    /// - Parameters:
    ///   - files: in their order.
    ///   - replaced: what they take the place of; nil puts them at the caret.
    ///   - rest: what of the replaced text names no file and stays behind them.
    package mutating func attach(
        _ files: [AttachedFile],
        replacing replaced: String?,
        keeping rest: String = ""
    ) {
        let standing = files.compactMap { file in
            chips.scalar(of: .file(file)) ?? chips.add(.file(file), absentFrom: text + rest)
        }
        guard !standing.isEmpty else { return }
        let new = standing.map { String(Character($0)) }.joined(separator: " ")
        guard let replaced else { return change(caret..<caret, to: new + " ") }
        // The last one: it was put there a moment ago.
        guard let range = text.lastRange(of: replaced) else { return }
        let (start, end) = (offset(range.lowerBound), offset(range.upperBound))
        let behind = caret - end
        // Terminals put a blank behind a path that is dropped: what is typed next is another word.
        let blank = replaced.last?.isWhitespace == true ? " " : ""
        change(start..<end, to: (rest.isEmpty ? new : "\(new) \(rest)") + blank)
        if behind > 0 { place(caret: caret + behind, selecting: false) }
    }

    /// Changes what is known of a file wherever its chip stands.
    package mutating func update(
        file number: Int,
        _ change: (inout AttachedFile) -> Void
    ) -> AttachedFile? {
        guard let (chip, file) = chips.files(in: text)[safe: number] else { return nil }
        var changed = file
        change(&changed)
        chips.replace(chip, with: .file(changed))
        noteChange()
        return changed
    }

    /// Where a command begins: behind the files that stand at the draft's beginning.
    package var commandStart: Int {
        var start = 0
        for scalar in text.unicodeScalars {
            if case .file = chips[scalar] {} else if scalar != " " { break }
            start += String(scalar).utf8.count
        }
        return chips.isEmpty ? 0 : start
    }

    /// Takes a command out of the draft; the files before it stay.
    package mutating func takeCommand() {
        let start = commandStart
        guard start > 0 else {
            _ = take()
            return
        }
        change(start..<text.utf8.count, to: "")
    }

    /// Takes the file at a place among the draft's files out of it.
    /// - Returns: Its name; nil when there is none.
    package mutating func removeFile(_ number: Int) -> String? {
        guard let (chip, file) = chips.files(in: text)[safe: number],
            let place = text.unicodeScalars.firstIndex(of: chip)
        else { return nil }
        let start = offset(place)
        var end = start + String(Character(chip)).utf8.count
        // The space that came with it goes too.
        if end < text.utf8.count, text.utf8[index(end)] == 0x20 { end += 1 }
        change(start..<boundary(atOrAfter: end), to: "")
        return file.name
    }
}

extension String {
    /// The last place of a text that is not empty.
    fileprivate func lastRange(of other: String) -> Range<Index>? {
        let (bytes, wanted) = (Array(utf8), Array(other.utf8))
        guard !wanted.isEmpty, wanted.count <= bytes.count else { return nil }
        for start in stride(from: bytes.count - wanted.count, through: 0, by: -1)
        where bytes[start] == wanted[0] && bytes[start..<start + wanted.count] == wanted[...] {
            let from = utf8.index(startIndex, offsetBy: start)
            return from..<utf8.index(from, offsetBy: wanted.count)
        }
        return nil
    }
}
