/// The rows of a Markdown text that only grows.
///
/// What can no longer change is parsed and laid out once; only the unfinished end is read again.
/// The rows are those of `MarkdownDocument` for the same text.
///
/// - A top-level block is finished when another one begins on a finished line, or at a blank line that
///   ends it; then nothing that follows can belong to it.
/// - An item of a list is finished when the next item begins.
/// - A line of a fenced code block is finished with its line end.
/// - A formula that may still be closed holds back its own block and those after it.
/// - A link reference definition changes finished blocks: those that name it are read again.
///
/// An unfinished block of more than a few thousand bytes is not read again at every call: what has
/// come since is shown as it is written until the block's turn comes, the text stands still for a call,
/// or it is complete.
package struct StreamingMarkdown: Sendable {
    /// The rows for the text and the width given last.
    package private(set) var rows: [MarkdownRow] = []
    /// Rows from the top on that stay as they are until `revision` changes.
    package private(set) var stableRowCount = 0
    /// Changes when rows that had been stable were made anew.
    package private(set) var revision = 0

    private var width = 0
    /// Bytes of the text that were given.
    private var length = 0
    private var ending: [UInt8] = []
    private var pieces: [FinishedPiece] = []
    private var end = UnfinishedEnd()
    private var fence: OpenFence?
    private var definitions: [LinkDefinition] = []
    private var knownLabels: Set<String> = []
    /// The pieces that name a label.
    private var references: [String: [Int]] = [:]
    /// Pieces that are shown with definitions of the unfinished end.
    private var provisional: Set<Int> = []
    /// Bytes of the end that were read, and the rows with them.
    private var readLength = 0
    private var readRowCount = 0
    private var lastBlocks: [Block] = []
    /// Bytes that may be read again: every call earns some.
    private var credit = 0

    private static let earnedByCall = 2_048

    package init() {}

    /// Follows a text.
    ///
    /// - Parameters:
    ///   - text: All of it so far; another text than before with something added starts anew.
    ///   - width: Columns; below 1 counts as 1.
    ///   - isComplete: Nothing will follow.
    package mutating func update(_ text: String, width: Int, isComplete: Bool = false) {
        let width = max(1, width)
        if !extends(text) { self = StreamingMarkdown(revision: revision + 1) }
        let start = text.utf8.index(text.startIndex, offsetBy: length)
        let added = text[start...]
        let isNew = !added.isEmpty
        if isNew {
            end.text += added
            length += added.utf8.count
            ending = Array(text.utf8.suffix(16))
        }
        let isOtherWidth = width != self.width
        if isOtherWidth {
            self.width = width
            rebuild()
        }
        let isRead = readLength == end.text.utf8.count
        guard isNew || isOtherWidth || !isRead else { return }
        credit += Self.earnedByCall + added.utf8.count * 8
        let mustRead = isComplete || isOtherWidth || !isNew
        if mustRead || credit >= end.text.utf8.count {
            credit = 0
            settle()
            readEnd()
        } else {
            showUnread()
        }
    }

    private init(revision: Int) { self.revision = revision }

    private func extends(_ text: String) -> Bool {
        guard text.utf8.count >= length else { return false }
        let last = text.utf8.index(text.startIndex, offsetBy: length)
        let first = text.utf8.index(last, offsetBy: -ending.count)
        return text.utf8[first..<last].elementsEqual(ending)
    }

    /// The code blocks, as they are written; the last one may be unfinished.
    package var codeBlocks: [CodeBlock] {
        var blocks = pieces.flatMap(\.blocks.codeBlocks)
        if let fence {
            blocks.append(fence.block(with: end.text.isEmpty ? nil : end.text.withoutLineEnd))
        }
        return blocks + lastBlocks.codeBlocks
    }

    /// The top-level blocks' places in the text.
    package var parts: [MarkdownDocument.Part] {
        var starts: [Int] = []
        var text: [UInt8] = []
        for piece in pieces {
            starts += piece.starts.map { $0 + text.count }
            text += Array(piece.source.utf8)
        }
        let source = ProtectedSource(end.text, state: end.place.state)
        let last = fence == nil ? end.place.starts(of: lastBlocks, source) : [0]
        starts += last.map { $0 + text.count }
        text += Array((end.consumed + end.text).utf8)
        return MarkdownDocument.Part.all(from: starts, in: text)
    }

    // MARK: - The unfinished end

    /// Shows what has come since the end was read last.
    private mutating func showUnread() {
        rows.removeLast(rows.count - readRowCount)
        let bytes = Array(end.text.utf8)
        let text = bytes.text(min(readLength, bytes.count)..<bytes.count)
        let run = InlineRun(text.withoutFirstLineBreak, MarkdownStyle(.text))
        for wrapped in SpanWrapping.words([run], width: width) {
            var row = MarkdownRow(wrapped.spans)
            row.isContinuation = wrapped.isContinuation
            row.joinsWithSpace = wrapped.followsSpace
            row.block = rows.last?.block ?? 0
            rows.append(row)
        }
    }

    /// Lays the unfinished end out.
    private mutating func readEnd() {
        readLength = end.text.utf8.count
        if let fence {
            rows.removeLast(rows.count - stableRowCount)
            lastBlocks = []
            let line = end.text.withoutLineEnd
            if !end.text.isEmpty, !fence.isClosed(by: line) {
                rows += fence.preview(line).map { $0.inBlock(end.place.block) }
            }
        } else {
            lastBlocks = end.checkedBlocks
            if end.checkedLength != end.text.utf8.count {
                let source = ProtectedSource(end.text, state: end.place.state)
                lastBlocks = end.place.blocks(of: source, definitions(for: end.text))
            }
            showDefinitions()
            rows.removeLast(rows.count - stableRowCount)
            rows += end.place.rows(of: lastBlocks, width: width, hasRows: !rows.isEmpty)
        }
        readRowCount = rows.count
    }

    /// Shows finished blocks with what the unfinished end defines.
    private mutating func showDefinitions() {
        var affected: Set<Int> = []
        var added: [LinkDefinition] = []
        if end.text.contains("]:") {
            let source = ProtectedSource(end.text, state: end.place.state)
            added = MarkdownParser.definitions(source).filter {
                !knownLabels.contains(LinkLabels.key($0.label))
            }
            for definition in added {
                affected.formUnion(references[LinkLabels.key(definition.label)] ?? [])
            }
        }
        guard !affected.isEmpty || !provisional.isEmpty else { return }
        for index in affected.union(provisional) {
            readAgain(index, with: affected.contains(index) ? added : [])
        }
        provisional = affected
        rebuild()
    }

    // MARK: - Finishing

    /// Takes what can no longer change out of the unfinished end.
    private mutating func settle() {
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
            blocks: boundary.finished,
            starts: end.place.starts(of: boundary.finished, source)
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
        for definition in MarkdownParser.definitions(source) {
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

    private mutating func readAgain(_ index: Int, with more: [LinkDefinition]) {
        let piece = pieces[index]
        let source = ProtectedSource(piece.source, state: piece.place.state)
        let keys = LinkLabels.keys(in: piece.source)
        let named = (definitions + more).filter { keys.contains(LinkLabels.key($0.label)) }
        pieces[index].blocks = piece.place.blocks(of: source, named)
    }

    /// The definitions of finished text that a text may name.
    private func definitions(for text: String) -> [LinkDefinition] {
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
            blocks: [block],
            starts: [0]
        )
        pieces.append(piece)
        end = UnfinishedEnd(text: end.text, place: piece.place.afterFence(end.consumed))
        return true
    }

    // MARK: - Rows

    /// Lays all that is finished out anew.
    private mutating func rebuild() {
        revision += 1
        rows = []
        for piece in pieces {
            rows += piece.place.rows(of: piece.blocks, width: width, hasRows: !rows.isEmpty)
        }
        if var open = fence {
            if end.place.followsBlank, !rows.isEmpty {
                rows.append(MarkdownRow().inBlock(end.place.block))
            }
            rows += open.rows(number: end.place.codeBlock, width: width).map {
                $0.inBlock(end.place.block)
            }
            fence = open
        }
        stableRowCount = rows.count
    }
}

extension MarkdownRow {
    fileprivate func inBlock(_ block: Int) -> MarkdownRow {
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

    fileprivate var withoutLineEnd: String {
        var bytes = Array(utf8)
        if bytes.last == .newline { bytes.removeLast() }
        if bytes.last == .carriageReturn { bytes.removeLast() }
        return bytes.text(0..<bytes.count)
    }

    fileprivate var withoutFirstLineBreak: String {
        first?.isNewline ?? false ? String(dropFirst()) : self
    }
}
