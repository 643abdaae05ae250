import TerminalCore

/// A stretch of text with one look, or a break between two.
struct InlineRun: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case text
        /// The line ends here.
        case lineBreak
        /// A formula that stands on rows of its own.
        case displayMath
    }

    var kind = Kind.text
    var text: String
    var style: MarkdownStyle

    init(_ text: String, _ style: MarkdownStyle, _ kind: Kind = .text) {
        self.text = text
        self.style = style
        self.kind = kind
    }
}

/// A code block's language, as written after the fence, and its text.
package struct CodeBlock: Sendable, Hashable {
    package var language: String
    package var source: String

    package init(language: String, source: String) {
        self.language = language
        self.source = source
    }
}

/// A part of a text that stands by itself.
struct Block: Sendable, Hashable {
    indirect enum Content: Sendable, Hashable {
        case paragraph([InlineRun])
        case heading(level: Int, [InlineRun])
        case code(CodeBlock)
        case quote([Block])
        case list(ListBlock)
        case table(TableBlock)
        case rule
    }

    var content: Content
    /// An empty line stands before it in the source.
    var isSeparated: Bool
    /// The line it begins at, among the lines that were parsed.
    var line: Int
    /// A blank line does not end it.
    var isOpenEnded = false
}

struct ListBlock: Sendable, Hashable {
    struct Item: Sendable, Hashable {
        /// Nil for items that are no tasks.
        var isDone: Bool?
        var blocks: [Block]
        var isSeparated: Bool
        var line: Int
    }

    /// The first number; nil for bullets.
    var start: Int?
    var items: [Item]
    /// True for the rest of a list whose first items are elsewhere.
    var isContinued = false
}

struct TableBlock: Sendable, Hashable {
    enum Alignment: Sendable, Hashable {
        case left
        case center
        case right
    }

    var alignments: [Alignment]
    var header: [[InlineRun]]
    var rows: [[[InlineRun]]]
}

extension [Block] {
    /// The code blocks, also those within lists and quotes, in the order of the text.
    var codeBlocks: [CodeBlock] {
        flatMap { block -> [CodeBlock] in
            switch block.content {
            case .code(let code): [code]
            case .quote(let blocks): blocks.codeBlocks
            case .list(let list): list.items.flatMap(\.blocks.codeBlocks)
            case .paragraph, .heading, .table, .rule: []
            }
        }
    }
}
