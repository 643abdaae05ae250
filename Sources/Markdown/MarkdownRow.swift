package import TerminalCore

/// What a piece of text is; a theme decides how that looks.
package enum MarkdownRole: Sendable, Hashable, CaseIterable {
    case text
    case heading
    /// Code within a line.
    case code
    /// Text of a code block that is nothing special.
    case codeBlock
    case codeKeyword
    case codeString
    case codeNumber
    case codeComment
    case codeType
    case codeFunction
    case link
    case quote
    /// Lines a change brings or takes.
    case added
    case removed
    /// Bullets, bars, table lines, link targets.
    case faint
}

/// How a piece of text is to look.
package struct MarkdownStyle: Sendable, Hashable {
    package var role: MarkdownRole
    /// What emphasis adds to the role's look.
    package var attributes: Style.Attributes
    /// Where a link leads: `http`, `https` or `mailto`, in printable ASCII.
    package var link: String?

    package init(
        _ role: MarkdownRole,
        _ attributes: Style.Attributes = [],
        link: String? = nil
    ) {
        self.role = role
        self.attributes = attributes
        self.link = link
    }
}

/// A piece of a row with one look; its text is cleaned for drawing.
package struct MarkdownSpan: Sendable, Hashable {
    package var text: String
    package var style: MarkdownStyle

    package init(_ text: String, _ style: MarkdownStyle) {
        self.text = text
        self.style = style
    }

    package init(_ text: String, _ role: MarkdownRole) {
        self.init(text, MarkdownStyle(role))
    }
}

/// One row of laid-out Markdown.
package struct MarkdownRow: Sendable, Hashable {
    package var spans: [MarkdownSpan]
    /// Columns at the left that are drawn but are not the text's: indents, bars, markers' room.
    package var margin = 0
    /// True when the text of the row above goes on here: a copy joins them without a line end.
    package var isContinuation = false
    /// The row was broken at spaces, which a copy puts back as one.
    package var joinsWithSpace = false
    /// The code block this row belongs to, counted from the beginning of the text.
    package var codeBlock: Int?
    /// The top-level block this row belongs to, counted from the beginning of the text.
    package var block = 0
    /// What the rest of the row is filled with, as a background.
    package var fill: MarkdownRole?

    package init(_ spans: [MarkdownSpan] = []) { self.spans = spans }

    /// The row without its looks.
    package var text: String { spans.map(\.text).joined() }

    /// The columns it takes.
    package var columns: Int { spans.reduce(0) { $0 + DisplayWidth.of($1.text) } }
}
