extension Editor {
    /// A way the caret can go.
    package enum Motion: Sendable, Hashable {
        case left
        case right
        case wordLeft
        case wordRight
        case lineStart
        case lineEnd
        case draftStart
        case draftEnd
        case place(Int)
    }

    /// Moves the caret.
    ///
    /// Left and right go to an end of what is selected, unless they select.
    package mutating func move(_ motion: Motion, selecting: Bool = false) {
        if let selection, !selecting, !isMarking {
            switch motion {
            case .left: return place(caret: selection.lowerBound, selecting: false)
            case .right: return place(caret: selection.upperBound, selecting: false)
            default: break
            }
        }
        place(caret: target(of: motion), selecting: selecting)
    }

    package mutating func move(to offset: Int) { move(.place(offset)) }

    private func target(of motion: Motion) -> Int {
        switch motion {
        case .left: previous(caret)
        case .right: next(caret)
        case .wordLeft: wordStart(before: caret)
        case .wordRight: wordEnd(after: caret)
        case .lineStart: lineStart(of: caret)
        case .lineEnd: lineEnd(of: caret)
        case .draftStart: 0
        case .draftEnd: text.utf8.count
        case .place(let offset): offset
        }
    }

    package var isAfterBackslash: Bool { text[..<index(caret)].last == "\\" }

    // MARK: - Places

    /// The place of an offset: past the end counts as the end.
    func index(_ offset: Int) -> String.Index {
        text.utf8.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex)
            ?? text.endIndex
    }

    func offset(_ index: String.Index) -> Int {
        text.utf8.distance(from: text.startIndex, to: index)
    }

    /// The offset itself, or the end of the cluster it lies in.
    func boundary(atOrAfter offset: Int) -> Int {
        let wanted = index(offset)
        if wanted >= text.endIndex { return text.utf8.count }
        if String.Index(wanted, within: text) != nil { return offset }
        // From the inside of a cluster this goes to its end.
        return self.offset(text.index(after: wanted))
    }

    func previous(_ offset: Int) -> Int {
        offset > 0 ? self.offset(text.index(before: index(offset))) : 0
    }

    func next(_ offset: Int) -> Int {
        let start = index(offset)
        return start < text.endIndex ? self.offset(text.index(after: start)) : offset
    }

    func lineStart(of offset: Int) -> Int {
        let before = text.utf8[..<index(offset)]
        guard let newline = before.lastIndex(of: 0x0A) else { return 0 }
        return self.offset(newline) + 1
    }

    func lineEnd(of offset: Int) -> Int {
        self.offset(text.utf8[index(offset)...].firstIndex(of: 0x0A) ?? text.endIndex)
    }

    func wordStart(before offset: Int) -> Int {
        var place = index(offset)
        while place > text.startIndex, !text[text.index(before: place)].isWordLetter {
            place = text.index(before: place)
        }
        while place > text.startIndex, text[text.index(before: place)].isWordLetter {
            place = text.index(before: place)
        }
        return self.offset(place)
    }

    func wordEnd(after offset: Int) -> Int {
        var place = index(offset)
        while place < text.endIndex, !text[place].isWordLetter { place = text.index(after: place) }
        while place < text.endIndex, text[place].isWordLetter { place = text.index(after: place) }
        return self.offset(place)
    }
}

extension Character {
    var isWordLetter: Bool { isLetter || isNumber || self == "_" }
}
