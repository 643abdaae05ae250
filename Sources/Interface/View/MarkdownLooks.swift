import Markdown
import TerminalCore

extension Ink {
    /// The ink of a role; what has no role of its own takes the ink of the text around it.
    init(_ role: MarkdownRole, in text: Ink) {
        switch role {
        case .text: self = text
        case .heading: self = .heading
        case .code: self = .code
        case .codeBlock: self = .codeBlock
        case .codeKeyword: self = .codeKeyword
        case .codeString: self = .codeString
        case .codeNumber: self = .codeNumber
        case .codeComment: self = .codeComment
        case .codeType: self = .codeType
        case .codeFunction: self = .codeFunction
        case .link: self = .link
        case .quote: self = .quote
        case .added: self = .added
        case .removed: self = .removed
        case .faint: self = .faint
        }
    }
}

extension TextRow {
    /// A row of Markdown; `text` is the ink of what is nothing special.
    init(_ row: MarkdownRow, text: Ink) {
        self.init(
            row.spans.map { span in
                Span(
                    text: span.text,
                    ink: Ink(span.style.role, in: text),
                    attributes: span.style.attributes,
                    link: span.style.link
                )
            }
        )
        gutter = row.margin
        isContinuation = row.isContinuation
        joint = row.joinsWithSpace ? " " : ""
        codeBlock = row.codeBlock
        fill = row.fill.map { Ink($0, in: text) }
    }
}

extension Theme {
    /// The look of a piece of a row.
    func style(of span: TextRow.Span, on fill: Ink?) -> Style {
        var style = self[span.ink].adding(span.attributes)
        style.link = span.link
        if let fill, style.background == .terminal { style.background = self[fill].background }
        return style
    }
}
