/// What stands in a draft as one character: large pastes, and files that go with the message.
package struct Chips: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case paste(String)
        case file(AttachedFile)
    }

    /// A paste of more lines or characters than these becomes a chip.
    static let foldedLines = 8
    static let foldedCharacters = 1_000
    /// The end of the last private plane, which hardly any text uses.
    private static let scalars: Range<UInt32> = 0x10F000..<0x10FF00

    private var contents: [Unicode.Scalar: Content] = [:]

    package init() {}

    package var isEmpty: Bool { contents.isEmpty }

    package subscript(scalar: Unicode.Scalar) -> Content? {
        Self.scalars.contains(scalar.value) ? contents[scalar] : nil
    }

    /// What a cluster stands for; a mark may have melted into the chip.
    package subscript(cluster: Character) -> Content? {
        contents.isEmpty ? nil : cluster.unicodeScalars.first.flatMap { self[$0] }
    }

    static func isLarge(_ text: String) -> Bool {
        text.utf8.count { $0 == 0x0A } + 1 > foldedLines
            || text.utf8.count > foldedCharacters && text.count > foldedCharacters
    }

    /// Gives a content a character that stands nowhere in a text yet; nil when there is none.
    mutating func add(_ content: Content, absentFrom text: String) -> Unicode.Scalar? {
        let isTaken = text.utf8.contains(0xF4)
        let free = Self.scalars.lazy.compactMap(Unicode.Scalar.init).first {
            contents[$0] == nil && !(isTaken && text.unicodeScalars.contains($0))
        }
        if let free { contents[free] = content }
        return free
    }

    /// The character a content has already.
    func scalar(of content: Content) -> Unicode.Scalar? {
        contents.first { $0.value == content }?.key
    }

    func kept(_ isNeeded: (Unicode.Scalar) -> Bool) -> Chips {
        var kept = self
        kept.contents = contents.filter { isNeeded($0.key) }
        return kept
    }

    /// Gives a chip's content another value, wherever the chip stands.
    mutating func replace(_ scalar: Unicode.Scalar, with content: Content) {
        if contents[scalar] != nil { contents[scalar] = content }
    }

    /// A text as it is sent: media go before it, so that their chips at its ends are no words.
    func spoken(_ text: String) -> String {
        guard contents.contains(where: { $0.value.isMedia }) else { return expanded(text) }
        func isSilent(_ scalar: Unicode.Scalar) -> Bool {
            scalar.properties.isWhitespace || self[scalar]?.isMedia == true
        }
        var scalars = text.unicodeScalars[...]
        if let start = scalars.prefix(while: isSilent).lastIndex(where: { self[$0] != nil }) {
            scalars = scalars[scalars.index(after: start)...].drop { $0.properties.isWhitespace }
        }
        let tail = scalars.reversed().prefix(while: isSilent)
        if tail.contains(where: { self[$0] != nil }) { scalars = scalars.dropLast(tail.count) }
        return expanded(String(scalars))
    }

    /// A text with every chip replaced by what it stands for.
    func expanded(_ text: String) -> String {
        guard !contents.isEmpty else { return text }
        var whole = ""
        whole.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch self[scalar] {
            case nil: whole.unicodeScalars.append(scalar)
            case .paste(let pasted): whole += pasted
            case .file(let file): whole += file.mention
            }
        }
        return whole
    }

    /// A text that was edited elsewhere, with chips for the files it still mentions.
    ///
    /// - Parameters:
    ///   - edited: what became of the expanded text.
    ///   - text: the one with chips; a file of it that is mentioned more often keeps its chip.
    /// - Returns: the edited text with the chips in it.
    func restored(in edited: String, from text: String) -> String {
        var standing: [String: [Unicode.Scalar]] = [:]
        for scalar in text.unicodeScalars {
            guard case .file(let file) = self[scalar] else { continue }
            standing[file.name, default: []].append(scalar)
        }
        guard !standing.isEmpty else { return edited }
        func index(_ offset: Int) -> String.Index {
            edited.utf8.index(edited.startIndex, offsetBy: offset)
        }
        var restored = ""
        var end = edited.startIndex
        for mention in Mention.all(in: edited) where !mention.isOpen {
            guard let chips = standing[mention.path], let chip = chips.first else { continue }
            restored += edited[end..<index(mention.range.lowerBound)]
            restored.unicodeScalars.append(chip)
            if chips.count > 1 { standing[mention.path] = Array(chips.dropFirst()) }
            end = index(mention.range.upperBound)
        }
        return restored + edited[end...]
    }

    /// The files whose chips stand in a text, in its order; each once, as it is sent.
    func files(in text: String) -> [(chip: Unicode.Scalar, file: AttachedFile)] {
        guard !contents.isEmpty else { return [] }
        var files: [(chip: Unicode.Scalar, file: AttachedFile)] = []
        for scalar in text.unicodeScalars {
            guard case .file(let file) = self[scalar],
                !files.contains(where: { $0.file.isSame(as: file) })
            else { continue }
            files.append((scalar, file))
        }
        return files
    }

    /// What stands on the screen for a cluster: a chip's label or the cluster.
    func label(of cluster: Character) -> String {
        guard let content = self[cluster] else { return String(cluster) }
        let melted = String(String.UnicodeScalarView(cluster.unicodeScalars.dropFirst()))
        switch content {
        case .paste(let pasted): return Self.label(ofPaste: pasted) + melted
        case .file(let file): return "[\(file.name)]" + melted
        }
    }

    private static func label(ofPaste pasted: String) -> String {
        let ends = pasted.utf8.count { $0 == 0x0A }
        let lines = ends + (pasted.utf8.last == 0x0A ? 0 : 1)
        let size = lines > 1 ? "\(lines) lines" : "\(pasted.count.grouped) characters"
        return "[pasted \(size), \(TokenEstimate.words(TokenEstimate.tokens(of: pasted)))]"
    }
}

extension Chips.Content {
    fileprivate var isMedia: Bool { if case .file(let file) = self { file.isMedia } else { false } }
}
