import Foundation
import TerminalCore

/// Where things are on the screen.
struct ScreenLayout: Sendable {
    /// Below this nothing useful fits.
    static let smallest = Size(width: 20, height: 6)

    private(set) var conversation: Rect
    /// Notices, queued messages and completions, between the rule and the conversation.
    private(set) var extras: [TextRow]
    private(set) var extraArea: Rect
    private(set) var rule: Int
    private(set) var editor: Rect
    private(set) var status: Int
    /// The draft, laid out for the editor's width.
    private(set) var draft: EditorLayout

    init(_ state: AppState) {
        let size = state.size
        draft = EditorLayout(state.editor, width: Self.editorWidth(size))
        status = size.height - 1
        let editorHeight = max(1, min(draft.rows.count, size.height / 3))
        editor = Rect(
            x: 0,
            y: status - editorHeight,
            width: size.width,
            height: editorHeight
        )
        rule = editor.y - 1
        let room = max(0, min(rule - 2, 6))
        extras = Array(ExtraRows(state).rows.suffix(room))
        extraArea = Rect(x: 0, y: rule - extras.count, width: size.width, height: extras.count)
        conversation = Rect(x: 0, y: 0, width: size.width, height: extraArea.y)
    }

    /// The prompt mark takes two columns.
    static func editorWidth(_ size: Size) -> Int { max(2, size.width - 2) }
}

/// The rows above the editor that come and go.
struct ExtraRows {
    private(set) var rows: [TextRow] = []

    init(_ state: AppState) {
        let width = max(1, state.size.width - 2)
        if let notice = state.notice {
            for row in Wrapping.rows(notice.text, width: width).prefix(4) {
                rows.append(TextRow("  " + row, notice.isError ? .error : .notice))
            }
        }
        for text in state.queue {
            rows.append(TextRow("  queued: \(text.firstLine)".shortened(to: width), .faint))
        }
        for entry in state.completions.prefix(5) {
            let word = "  /\(entry.slash ?? "") \(entry.argument)"
            let padded = word + String(repeating: " ", count: max(1, 24 - word.count))
            rows.append(TextRow((padded + entry.help).shortened(to: width), .faint))
        }
        if let since = state.prefixSince, state.now.timeIntervalSince(since) >= 0.3 {
            let hints = CommandTable.entries.flatMap { entry in
                entry.bindings.filter { $0.scope == .prefix }.map {
                    "\($0.key.name) \(entry.title)"
                }
            }
            let text = "Ctrl-X, then: " + hints.joined(separator: " · ")
            for row in Wrapping.rows(text, width: width) {
                rows.append(TextRow("  " + row, .notice))
            }
        }
    }
}
