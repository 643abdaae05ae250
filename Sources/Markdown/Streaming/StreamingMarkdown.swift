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
    package internal(set) var rows: [MarkdownRow] = []
    /// Rows from the top on that stay as they are until `revision` changes.
    package internal(set) var stableRowCount = 0
    /// Changes when rows that had been stable were made anew.
    package private(set) var revision = 0

    var width = 0
    /// Bytes of the text that were given.
    private var length = 0
    private var ending: [UInt8] = []
    var pieces: [FinishedPiece] = []
    var end = UnfinishedEnd()
    var fence: OpenFence?
    var definitions: [LinkDefinition] = []
    var knownLabels: Set<String> = []
    /// The pieces that name a label.
    var references: [String: [Int]] = [:]
    /// Pieces that are shown with definitions of the unfinished end.
    var provisional: Set<Int> = []
    /// Bytes of the end that were read, and the rows with them.
    private var readLength = 0
    private var readRowCount = 0
    private var lastBlocks: [Block] = []
    /// Bytes that may be read again: every call earns some.
    private var credit = 0

    private static let earnedByCall = 2_048

    private let firstCodeBlock: Int

    /// - Parameter firstCodeBlock: The number of the first code block, where texts before have some.
    package init(firstCodeBlock: Int = 0) {
        self.init(firstCodeBlock: firstCodeBlock, revision: 0)
    }

    private init(firstCodeBlock: Int, revision: Int) {
        self.firstCodeBlock = firstCodeBlock
        self.revision = revision
        end.place.codeBlock = firstCodeBlock
    }

    /// Follows a text.
    ///
    /// - Parameters:
    ///   - text: All of it so far; another text than before with something added starts anew.
    ///   - width: Columns; below 1 counts as 1.
    ///   - isComplete: Nothing will follow.
    package mutating func update(_ text: String, width: Int, isComplete: Bool = false) {
        let width = max(1, width)
        if !extends(text) {
            self = StreamingMarkdown(firstCodeBlock: firstCodeBlock, revision: revision + 1)
        }
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

    // MARK: - The unfinished end

    /// Shows what has come since the end was read last.
    private mutating func showUnread() {
        rows.removeLast(rows.count - readRowCount)
        let bytes = Array(end.text.utf8)
        let text = bytes.text(min(readLength, bytes.count)..<bytes.count)
        for var row in PlainText.rows(text.withoutFirstLineBreak, width: width) {
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
            added = source.definitions.filter {
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

    // MARK: - Rows

    /// Lays all that is finished out anew.
    mutating func rebuild() {
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

extension String {
    fileprivate var withoutFirstLineBreak: String {
        first?.isNewline ?? false ? String(dropFirst()) : self
    }
}
