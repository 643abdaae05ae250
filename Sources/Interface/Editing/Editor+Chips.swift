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

    /// Puts files' chips into the draft: in place of a stretch of it, else at the caret.
    ///
    /// - Parameters:
    ///   - files: in their order; none takes the stretch away.
    ///   - range: what they take the place of; nil puts them at the caret.
    ///   - rest: what of the stretch names no file and stays behind them.
    package mutating func attach(
        _ files: [AttachedFile],
        in range: Range<Int>?,
        keeping rest: String = ""
    ) {
        let standing = files.compactMap { file in
            chips.scalar(of: .file(file)) ?? chips.add(.file(file), absentFrom: text + rest)
        }
        let new = standing.map { String(Character($0)) }.joined(separator: " ")
        guard let range else {
            if !new.isEmpty { change(caret..<caret, to: new + " ") }
            return
        }
        let behind = caret - range.upperBound
        // Terminals put a blank behind a path that is dropped: what is typed next is another word.
        let old = text[index(range.lowerBound)..<index(range.upperBound)]
        let blank = old.last?.isWhitespace == true && !new.isEmpty ? " " : ""
        change(range, to: [new, rest].filter { !$0.isEmpty }.joined(separator: " ") + blank)
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
        var (start, hasFile) = (0, false)
        for scalar in text.unicodeScalars {
            if case .file = chips[scalar] { hasFile = true } else if scalar != " " { break }
            start += String(scalar).utf8.count
        }
        return hasFile ? start : 0
    }

    /// Takes a command out of the draft; the files before it stay.
    package mutating func takeCommand() {
        // As an edit, so that what stood there before the command can be had back.
        change(commandStart..<text.utf8.count, to: "")
    }

    /// Takes the file at a place among the draft's files out of it, wherever its chip stands.
    /// - Returns: Its name; nil when there is none.
    package mutating func removeFile(_ number: Int) -> String? {
        guard let file = chips.files(in: text)[safe: number]?.file else { return nil }
        let scalars = Array(text.unicodeScalars)
        func isIt(_ scalar: Unicode.Scalar) -> Bool {
            if case .file(let other) = chips[scalar] { other.isSame(as: file) } else { false }
        }
        let places = scalars.indices.filter { isIt(scalars[$0]) }
        guard let first = places.first, var last = places.last else { return nil }
        // The space that came with it goes too.
        if last + 1 < scalars.count, scalars[last + 1] == " " { last += 1 }
        var left = String.UnicodeScalarView()
        for place in first...last where !isIt(scalars[place]) {
            let follows = place > first && scalars[place] == " " && isIt(scalars[place - 1])
            if !follows { left.append(scalars[place]) }
        }
        func bytes(_ scalars: ArraySlice<Unicode.Scalar>) -> Int {
            scalars.reduce(0) { $0 + UTF8.width($1) }
        }
        let start = bytes(scalars[..<first])
        let end = start + bytes(scalars[first...last])
        change(start..<boundary(atOrAfter: end), to: String(left))
        return file.name
    }

    /// Takes out all but the files.
    mutating func keepFiles() {
        let files = chips.files(in: text).map { String(Character($0.chip)) + " " }
        if files.joined() != text { change(0..<text.utf8.count, to: files.joined()) }
    }
}
