/// Taking what can no longer change out of the unfinished end.
extension StreamingMarkdown {
    /// Takes what can no longer change out of the unfinished end.
    mutating func settle() {
        while true {
            let isMoving = fence == nil ? finishBlocks() : finishLines()
            if !isMoving { return }
        }
    }

    /// Finishes blocks.
    ///
    /// - Returns: True when what is left may have something finished in it.
    private mutating func finishBlocks() -> Bool {
        let lines = end.text.finishedLines
        guard !lines.isEmpty, end.checkedLength != lines.utf8.count else { return false }
        let source = ProtectedSource(lines, state: end.place.state)
        let blocks = end.place.blocks(of: source, definitions(for: lines))
        let boundary = Boundary(blocks, source)
        if boundary.line > 0 {
            finish(lines, source, boundary)
        } else {
            end.checkedLength = lines.utf8.count
            end.checkedBlocks = blocks
        }
        return openFence(boundary.last)
    }

    private mutating func finish(_ lines: String, _ source: ProtectedSource, _ boundary: Boundary) {
        let bytes = Array(end.text.utf8)
        let length = source.start(ofLine: boundary.line)
        let text = bytes.text(0..<length)
        let piece = FinishedPiece(
            source: text,
            place: end.place,
            blocks: boundary.finished
        )
        rows.removeLast(rows.count - stableRowCount)
        rows += piece.place.rows(of: piece.blocks, width: width, hasRows: !rows.isEmpty)
        stableRowCount = rows.count
        end = UnfinishedEnd(
            text: bytes.text(length..<bytes.count),
            place: piece.place.after(boundary, source)
        )
        add(piece)
    }

    /// Remembers a finished piece, what it names and what it defines.
    private mutating func add(_ piece: FinishedPiece) {
        let number = pieces.count
        pieces.append(piece)
        guard piece.source.utf8.contains(.openBracket) else { return }
        for key in LinkLabels.keys(in: piece.source) { references[key, default: []].append(number) }
        guard piece.source.contains("]:") else { return }
        let source = ProtectedSource(piece.source, state: piece.place.state)
        var affected: Set<Int> = []
        for definition in source.definitions {
            let key = LinkLabels.key(definition.label)
            guard knownLabels.insert(key).inserted else { continue }
            definitions.append(definition)
            affected.formUnion(references[key] ?? [])
        }
        affected.remove(number)
        guard !affected.isEmpty else { return }
        for index in affected { readAgain(index, with: []) }
        provisional.subtract(affected)
        rebuild()
    }

    mutating func readAgain(_ index: Int, with more: [LinkDefinition]) {
        let piece = pieces[index]
        let source = ProtectedSource(piece.source, state: piece.place.state)
        let keys = LinkLabels.keys(in: piece.source)
        let named = (definitions + more).filter { keys.contains(LinkLabels.key($0.label)) }
        pieces[index].blocks = piece.place.blocks(of: source, named)
    }

    /// The definitions of finished text that a text may name.
    func definitions(for text: String) -> [LinkDefinition] {
        guard !definitions.isEmpty, text.utf8.contains(.openBracket) else { return [] }
        let keys = LinkLabels.keys(in: text)
        return definitions.filter { keys.contains(LinkLabels.key($0.label)) }
    }

    // MARK: - Fences

    /// Opens the fence that the unfinished end begins with, when it does.
    private mutating func openFence(_ block: Block?) -> Bool {
        guard case .code(let code) = block?.content else { return false }
        let lines = end.text.finishedLines
        guard let first = Array(lines.utf8).lineRanges.first else { return false }
        let line = Array(lines.utf8).text(first)
        guard
            var fence = OpenFence(
                line: line,
                language: code.language,
                number: end.place.codeBlock,
                width: width
            )
        else { return false }
        end.consume(lines: 1)
        rows.removeLast(rows.count - stableRowCount)
        if end.place.followsBlank, !rows.isEmpty {
            rows.append(MarkdownRow().inBlock(end.place.block))
        }
        rows += fence.rows(number: end.place.codeBlock, width: width).map {
            $0.inBlock(end.place.block)
        }
        stableRowCount = rows.count
        self.fence = fence
        return true
    }

    /// Finishes lines of the open fence.
    ///
    /// - Returns: True when the fence ended.
    private mutating func finishLines() -> Bool {
        guard var fence else { return false }
        let bytes = Array(end.text.finishedLines.utf8)
        guard !bytes.isEmpty else { return false }
        rows.removeLast(rows.count - stableRowCount)
        var isClosed = false
        var count = 0
        for range in bytes.lineRanges {
            let line = bytes.text(range)
            count += 1
            isClosed = fence.isClosed(by: line)
            if isClosed { break }
            rows += fence.add(line).map { $0.inBlock(end.place.block) }
        }
        stableRowCount = rows.count
        end.consume(lines: count)
        self.fence = isClosed ? nil : fence
        guard isClosed else { return false }
        let code = CodeBlock(language: fence.language, source: fence.code)
        let block = Block(content: .code(code), isSeparated: end.place.followsBlank, line: 0)
        let piece = FinishedPiece(
            source: end.consumed,
            place: end.place,
            blocks: [block]
        )
        pieces.append(piece)
        end = UnfinishedEnd(text: end.text, place: piece.place.afterFence(end.consumed))
        return true
    }
}

extension MarkdownRow {
    func inBlock(_ block: Int) -> MarkdownRow {
        var row = self
        row.block = block
        return row
    }
}

extension String {
    /// The lines that have their end; a CR at the end may still become CR LF.
    var finishedLines: String {
        let bytes = Array(utf8)
        let last = bytes.indices.last { place in
            bytes[place] == .newline || bytes[place] == .carriageReturn && place + 1 < bytes.count
        }
        return last.map { bytes.text(0..<($0 + 1)) } ?? ""
    }

    var withoutLineEnd: String {
        var bytes = Array(utf8)
        if bytes.last == .newline { bytes.removeLast() }
        if bytes.last == .carriageReturn { bytes.removeLast() }
        return bytes.text(0..<bytes.count)
    }
}
