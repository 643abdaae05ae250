import Conversation
import Foundation
import TerminalCore

/// What is behind the conversation with the keys.
struct InspectorView {
    static let headerHeight = 2

    private let chat: Chat
    private let pane: InspectorPane
    private let hasKeys: Bool

    init(_ state: AppState) {
        chat = state.chat
        pane = state.inspector
        hasKeys = state.focus == .inspector
    }

    /// Columns for text in a pane of so many.
    static func textWidth(_ width: Int) -> Int { max(1, width - 2) }

    func draw(on surface: inout Surface, in area: Rect, theme: Theme) {
        surface.fill(area, style: theme[.text])
        drawHeader(on: &surface, in: area, theme: theme)
        let body = Rect(
            x: area.x,
            y: area.y + Self.headerHeight,
            width: area.width,
            height: area.height - Self.headerHeight
        )
        let content = content(width: Self.textWidth(body.width))
        let selected = content.selected ?? (pane.selection..<(pane.selection + 1))
        let first = firstRow(selected, count: content.count, height: body.height)
        for index in 0..<max(0, min(body.height, content.count - first)) {
            let row = content.row(first + index)
            let line = Rect(x: body.x, y: body.y + index, width: body.width, height: 1)
            var inner = line
            inner.x += 1
            inner.width -= 1
            surface.draw(row, row: line.y, in: inner, theme: theme)
            if hasKeys, content.selected?.contains(first + index) == true {
                surface.restyle(line) { _ in theme[.selection] }
            }
        }
    }

    /// What the pane shows, as lines.
    func plainText(width: Int) -> String {
        let content = content(width: width)
        let lines = (0..<content.count).map { content.row($0).spans.map(\.text).joined() }
        return "Inspector, \(pane.tab.title):\n" + lines.joined(separator: "\n")
    }

    /// How many thoughts, tokens or rows j and k go through.
    func count(width: Int) -> Int {
        switch pane.tab {
        case .thoughts: thoughts.count
        case .tokens: tokens.count
        case .answer, .prompt: content(width: Self.textWidth(width)).count
        }
    }

    /// The message whose thought is selected.
    var selectedThought: String? {
        pane.tab == .thoughts ? thoughts[safe: pane.selection]?.message : nil
    }

    // MARK: - Contents

    /// Rows that are made when they are asked for: an answer may have thousands of tokens.
    private struct Content {
        var count: Int
        /// Rows of the selected entry; nil when rows are only read.
        var selected: Range<Int>?
        var row: (Int) -> TextRow

        init(count: Int, selected: Range<Int>?, row: @escaping (Int) -> TextRow) {
            self.count = count
            self.selected = selected
            self.row = row
        }

        init(rows: [TextRow]) { self.init(count: rows.count, selected: nil) { rows[$0] } }
    }

    private func content(width: Int) -> Content {
        switch pane.tab {
        case .thoughts: thoughtContent(width)
        case .answer: Content(rows: AnswerFacts(answer).rows(width: width))
        case .tokens: tokenContent(width)
        case .prompt: Content(rows: promptRows(width))
        }
    }

    /// The chosen answer, else the last one.
    private var answer: Message? {
        let chosen = chat.pane.cursor.flatMap { chat.message($0) }
        if let chosen, chosen.role == .assistant { return chosen }
        return chat.pane.branch.last { chat.message($0)?.role == .assistant }
            .flatMap { chat.message($0) }
    }

    private var thoughts: [(message: String, thought: Thought)] {
        chat.thoughtful.flatMap { id in
            (chat.message(id)?.thoughts ?? []).map { (message: id, thought: $0) }
        }
    }

    private func thoughtContent(_ width: Int) -> Content {
        let thoughts = thoughts
        guard !thoughts.isEmpty else {
            return Content(rows: read("This branch has no thoughts.", width))
        }
        let start = 2 * pane.selection
        let isThere = thoughts.indices.contains(pane.selection)
        return Content(
            count: 2 * thoughts.count,
            selected: isThere ? start..<start + 2 : nil
        ) { row in
            let thought = thoughts[row / 2].thought
            guard row.isMultiple(of: 2) else {
                return TextRow("   \(thought.text.firstLine.shortened(to: width - 3))", .text)
            }
            let counts = "\(thought.tokens.grouped) tokens, \(thought.seconds.tenths) s"
            return TextRow("\(row / 2 + 1)  \(counts)", .thought)
        }
    }

    private var tokens: [TokenDetail] { answer.flatMap { chat.tokens(of: $0.id) } ?? [] }

    private func tokenContent(_ width: Int) -> Content {
        let tokens = tokens
        guard !tokens.isEmpty else {
            return Content(
                rows: read(
                    "Nothing was noted for this answer. While this tab is open, the model's "
                        + "choices are noted for each answer that begins, and kept beside the "
                        + "session.",
                    width
                )
            )
        }
        // The alternatives of the selected token stand below it.
        let chosen = pane.selection
        let alternatives = tokens[safe: chosen]?.alternatives ?? []
        let isThere = tokens.indices.contains(chosen)
        return Content(
            count: tokens.count + alternatives.count,
            selected: isThere ? chosen..<chosen + 1 + alternatives.count : nil
        ) { row in
            if let below = alternatives[safe: row - chosen - 1] {
                return TokenLens.alternative(below, width: width)
            }
            let index = row <= chosen ? row : row - alternatives.count
            return TokenLens.row(tokens[index], width: width)
        }
    }

    private func promptRows(_ width: Int) -> [TextRow] {
        (pane.promptSession.map(chat.isCalled) == true ? pane.promptRows(width) : nil)
            ?? read("Enter asks the engine what the last answer was given.", width)
    }

    private func read(_ sentence: String, _ width: Int) -> [TextRow] {
        Wrapping.rows(sentence, width: width).map { TextRow($0, .faint) }
    }

    // MARK: - Drawing

    private func firstRow(_ selected: Range<Int>, count: Int, height: Int) -> Int {
        let wanted = selected.lowerBound - max(0, height - selected.count) / 2
        return wanted.clamped(to: 0...max(0, count - height))
    }

    private func drawHeader(on surface: inout Surface, in area: Rect, theme: Theme) {
        let head = Rect(x: area.x, y: area.y, width: area.width, height: 1)
        let style = theme[hasKeys ? .statusStrong : .status]
        surface.fill(head, style: style)
        surface.draw(" Inspector", column: head.x, row: head.y, style: style, clip: head)
        var column = area.x + 1
        for tab in InspectorTab.allCases {
            let isShown = tab == pane.tab
            let text =
                isShown
                ? "[\(tab.rawValue + 1) \(tab.title)]" : " \(tab.rawValue + 1) \(tab.title) "
            column = surface.draw(
                text,
                column: column,
                row: area.y + 1,
                style: theme[isShown ? .heading : .faint],
                clip: area
            )
        }
    }
}

/// One token of an answer and how sure the model was of it.
enum TokenLens {
    static func row(_ token: TokenDetail, width: Int) -> TextRow {
        let share = share(token.logprob)
        let text = quoted(token.text).shortened(to: max(4, width - 14))
        let padded =
            text + String(repeating: " ", count: max(1, width - 13 - DisplayWidth.of(text)))
        return TextRow([
            TextRow.Span(text: padded, ink: share < 0.5 ? .match : .text),
            TextRow.Span(text: percent(share), ink: .text),
            TextRow.Span(text: " " + bar(share), ink: .meter),
        ])
    }

    static func alternative(_ choice: TokenDetail.Alternative, width: Int) -> TextRow {
        let text = "  " + quoted(choice.text).shortened(to: max(4, width - 16))
        let padded =
            text + String(repeating: " ", count: max(1, width - 13 - DisplayWidth.of(text)))
        return TextRow(padded + percent(share(choice.logprob)), .faint)
    }

    /// Blanks and line ends are what most needs to be seen.
    private static func quoted(_ text: String) -> String {
        let visible = text.replacing("\n", with: "\\n").replacing("\t", with: "\\t")
        return "\"\(visible)\""
    }

    private static func share(_ logprob: Double) -> Double {
        guard logprob.isFinite else { return 0 }
        return min(1, exp(logprob))
    }

    private static func percent(_ share: Double) -> String {
        let text = "\((share * 100).tenths) %"
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    private static func bar(_ share: Double) -> String {
        let full = Int((share * 5).rounded())
        return String(repeating: "#", count: full) + String(repeating: ".", count: 5 - full)
    }
}
