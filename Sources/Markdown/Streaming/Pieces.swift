/// Where a part of a text stands: what must be known of the text before it.
struct PiecePlace: Sendable {
    var state = ScanState()
    /// A blank line stands before it.
    var followsBlank = false
    /// It begins with an item of a list that has this many items before; nil for no list.
    var listItems: Int?
    /// The first number of that list; nil for bullets.
    var listStart: Int?
    /// The numbers of the next code block and of the next top-level block.
    var codeBlock = 0
    var block = 0

    /// The blocks of a part that stands here.
    func blocks(of source: ProtectedSource, _ definitions: [LinkDefinition]) -> [Block] {
        var blocks = MarkdownParser.blocks(
            source,
            definitions: definitions,
            followsBlank: followsBlank
        )
        if let listItems, case .list(var list) = blocks.first?.content {
            list.isContinued = true
            if list.start != nil, let listStart { list.start = listStart + listItems }
            blocks[0].content = .list(list)
        }
        return blocks
    }

    func rows(of blocks: [Block], width: Int, hasRows: Bool) -> [MarkdownRow] {
        var layout = BlockLayout(
            width: width,
            codeBlock: codeBlock,
            block: block,
            hasRows: hasRows
        )
        layout.add(blocks)
        return layout.rows
    }

    /// The place after the blocks before a boundary.
    func after(_ boundary: Boundary, _ source: ProtectedSource) -> PiecePlace {
        var place = PiecePlace()
        let isAtEnd = boundary.line >= source.lines.count
        place.state = isAtEnd ? source.state : source.states[boundary.line]
        place.followsBlank = source.isBlank(boundary.line - 1)
        place.codeBlock = codeBlock + boundary.finished.codeBlocks.count
        place.block = block + boundary.finished.count
        if boundary.isWithinList, case .list(let list) = boundary.finished.last?.content {
            // The items of a list are one block.
            place.block -= 1
            let before = list.isContinued ? listItems ?? 0 : 0
            place.listItems = before + list.items.count
            place.listStart = list.isContinued ? listStart : list.start
        }
        return place
    }

    /// The place after a fenced code block.
    func afterFence(_ source: String) -> PiecePlace {
        var place = PiecePlace()
        place.state = ProtectedSource(source, state: state).state
        place.codeBlock = codeBlock + 1
        place.block = block + 1
        return place
    }
}

/// A part of the text that no longer changes.
struct FinishedPiece: Sendable {
    var source: String
    var place: PiecePlace
    var blocks: [Block]
}

/// What may still change: the end of the text.
struct UnfinishedEnd: Sendable {
    var text = ""
    var place = PiecePlace()
    /// Lines of an open fence that are finished, the fence's own line first.
    var consumed = ""
    /// Bytes of finished lines in which nothing was found to be finished, and their blocks.
    var checkedLength = 0
    var checkedBlocks: [Block] = []

    /// Moves lines from the text to what is consumed.
    mutating func consume(lines count: Int) {
        let bytes = Array(text.utf8)
        let lines = bytes.lineRanges
        let end = count < lines.count ? lines[count].lowerBound : bytes.count
        consumed += bytes.text(0..<end)
        text = bytes.text(end..<bytes.count)
    }
}

/// Where what is finished ends, in lines of which each has its end.
struct Boundary {
    /// The first line that may still change.
    private(set) var line = 0
    /// The blocks before it; of a list that goes on, the items before it.
    private(set) var finished: [Block] = []
    /// The boundary stands between two items.
    private(set) var isWithinList = false
    /// The block that begins at the boundary, when it is the last one.
    private(set) var last: Block?

    init(_ blocks: [Block], _ source: ProtectedSource) {
        guard let last = blocks.last else { return }
        let limit = source.pendingMath ?? .max
        if source.pendingMath == nil, Self.isEnded(last, source) {
            line = source.lines.count
            finished = blocks
            return
        }
        // Blocks that begin on one line, as a paragraph and the table under it, end together.
        line = blocks.last { $0.line <= limit }?.line ?? 0
        if line == last.line, case .list(var list) = last.content,
            let item = list.items.last(where: { $0.line <= limit }), item.line > line
        {
            line = item.line
            list.items = list.items.filter { $0.line < line }
            finished = blocks.dropLast()
            var block = last
            block.content = .list(list)
            finished.append(block)
            isWithinList = true
            return
        }
        if line == last.line { self.last = last }
        finished = blocks.filter { $0.line < line }
    }

    /// True when nothing that follows can belong to the last block.
    private static func isEnded(_ block: Block, _ source: ProtectedSource) -> Bool {
        let end = source.lines.count - 1
        switch block.content {
        case .heading, .rule: if block.line == end { return true }
        case .paragraph, .code, .quote, .list, .table: break
        }
        return !block.isOpenEnded && source.isEmpty(line: end)
    }
}
