import Foundation
import TerminalCore

/// A line between two panes that the mouse can move.
enum PaneBorder: Sendable, Hashable {
    case sessions
    case conversations
    case inspector
}

/// Where things are on the screen.
struct ScreenLayout: Sendable {
    /// Below this nothing useful fits.
    static let smallest = Size(width: 20, height: 6)
    /// From this width on side panes stand beside the conversation; below they lie over it.
    static let sidePaneWidth = 100
    /// Columns that a conversation needs beside another one.
    private static let smallestHalf = 36

    /// Nil while closed.
    private(set) var sessions: Rect?
    private(set) var inspector: Rect?
    /// One for each conversation on the screen, left to right; the one that has no room is empty.
    private(set) var conversations: [Rect]
    /// Title rows above the conversations, when there are two.
    private(set) var titles: [Rect]
    /// Notices, queued messages and completions, between the rule and the conversation.
    private(set) var extras: [TextRow]
    private(set) var extraArea: Rect
    private(set) var rule: Rect
    private(set) var editor: Rect
    private(set) var status: Int
    /// Columns of vertical lines and which border each is.
    private(set) var borders: [(column: Int, border: PaneBorder)] = []
    /// Behind the query, while the history or the conversation is searched.
    private(set) var searchCaret: Position?
    /// The draft, laid out for the editor's width.
    private(set) var draft: EditorLayout

    init(_ state: AppState) {
        let size = state.size
        status = size.height - 1
        var center = Rect(x: 0, y: 0, width: size.width, height: status)
        let isWide = size.width >= Self.sidePaneWidth
        if isWide {
            if state.panes.showsSessions {
                let width = min(state.panes.sessionsWidth, size.width / 3)
                sessions = Rect(x: 0, y: 0, width: width, height: status)
                borders.append((width, .sessions))
                center = Rect(x: width + 1, y: 0, width: center.width - width - 1, height: status)
            }
            if state.panes.showsInspector {
                let width = min(state.panes.inspectorWidth, size.width / 2 - 10)
                inspector = Rect(
                    x: size.width - width,
                    y: 0,
                    width: width,
                    height: status
                )
                borders.append((size.width - width - 1, .inspector))
                center.width -= width + 1
            }
        }
        draft = EditorLayout(
            state.chat.editor,
            width: max(2, center.width - 2),
            reach: max(1, size.height / 3)
        )
        let editorHeight = max(1, min(draft.rows.count, size.height / 3))
        editor = Rect(
            x: center.x,
            y: status - editorHeight,
            width: center.width,
            height: editorHeight
        )
        rule = Rect(x: center.x, y: editor.y - 1, width: center.width, height: 1)
        let usual = size.height < AttachmentStrip.tallScreen ? 7 : 16
        let most = state.chat.completion == nil ? usual : max(usual, Completion.shownRows + 4)
        let room = max(0, min(rule.y - 2, most))
        let extra = ExtraRows(state, width: center.width, room: room)
        extras = extra.rows
        if let caret = extra.caret {
            searchCaret = Position(
                column: min(center.x + caret.column, center.maxX - 1),
                row: rule.y - extras.count + caret.row
            )
        }
        extraArea = Rect(
            x: center.x,
            y: rule.y - extras.count,
            width: center.width,
            height: extras.count
        )
        center.height = extraArea.y
        (conversations, titles) = Self.conversations(state, in: center)
        if conversations.count == 2, conversations[0].width > 0, conversations[1].width > 0 {
            borders.append((conversations[1].x - 1, .conversations))
        }
        if !isWide { overlayPanes(state) }
    }

    /// Side panes over the rest of a narrow screen; the one with the keys lies on top.
    private mutating func overlayPanes(_ state: AppState) {
        let width = state.size.width
        // What is said stays in view below them.
        let height = state.notice == nil ? status : extraArea.y
        if state.panes.showsSessions, state.focus == .sessions {
            let taken = width < 60 ? width : min(max(state.panes.sessionsWidth, 30), width - 20)
            sessions = Rect(x: 0, y: 0, width: taken, height: height)
            borders = taken < width ? [(taken, .sessions)] : []
        }
        if state.panes.showsInspector, state.focus == .inspector {
            let taken = width < 60 ? width : min(max(state.panes.inspectorWidth, 40), width - 10)
            inspector = Rect(x: width - taken, y: 0, width: taken, height: height)
            borders = taken < width ? [(width - taken - 1, .inspector)] : []
            sessions = nil
        }
    }

    private static func conversations(_ state: AppState, in center: Rect) -> ([Rect], [Rect]) {
        guard state.isSplit else { return ([center], []) }
        let body = Rect(
            x: center.x,
            y: center.y + 1,
            width: center.width,
            height: center.height - 1
        )
        let head = Rect(x: center.x, y: center.y, width: center.width, height: 1)
        let none = Rect(x: center.x, y: center.y, width: 0, height: 0)
        guard center.width >= 2 * smallestHalf + 1 else {
            // Only the one with the keys fits; its title says that there is another.
            return state.slot == 0 ? ([body, none], [head, none]) : ([none, body], [none, head])
        }
        let left = (center.width * state.panes.leftShare / 100).clamped(
            to: smallestHalf...(center.width - 1 - smallestHalf)
        )
        func cut(_ area: Rect) -> [Rect] {
            [
                Rect(x: area.x, y: area.y, width: left, height: area.height),
                Rect(
                    x: area.x + left + 1,
                    y: area.y,
                    width: area.width - left - 1,
                    height: area.height
                ),
            ]
        }
        return (cut(body), cut(head))
    }

    /// The conversation at a place of the screen.
    func slot(at position: Position) -> Int? {
        conversations.indices.first {
            conversations[$0].contains(position)
                || titles[safe: $0]?.contains(position) == true
        }
    }

    /// The vertical line at a place of the screen.
    func border(at position: Position) -> PaneBorder? {
        guard position.row < status else { return nil }
        return borders.first { entry in
            entry.column == position.column
                && (entry.border != .conversations || position.row < extraArea.y)
        }?.border
    }
}

/// The rows above the editor that come and go, as many as there is room for.
struct ExtraRows {
    /// What of it goes where not all of it fits.
    private enum Keeping {
        /// What was said and what is being typed: it stays.
        case always
        /// The last rows stay.
        case end
        /// The first ones do: they say what the others are.
        case beginning
    }

    private var kept: [(row: TextRow, keeping: Keeping)] = []
    /// Where the real cursor stands while something is searched, by row of these and column; nil when
    /// it is elsewhere.
    private(set) var caret: Position?

    var rows: [TextRow] { kept.map(\.row) }

    init(_ state: AppState, width: Int, room: Int) {
        let width = max(1, width - 2)
        if let notice = state.notice {
            let ink: Ink = notice.isError ? .error : .notice
            add(Wrapping.rows(notice.text, width: width).prefix(4).map { TextRow("  " + $0, ink) })
        }
        if let search = state.search {
            let older = state.keymap.hint(for: .searchAgain)
            let newer = state.keymap.hint(for: .searchBack)
            let hint = search.isTyping ? "" : "   \(older) older, \(newer) newer, Esc ends"
            if search.isTyping {
                caret = Position(column: 3 + DisplayWidth.of(search.query), row: kept.count)
            }
            add([TextRow("  /\(search.query)\(hint)".shortened(to: width), .notice)])
        }
        addQueue(state, width: width)
        if let recording = state.recording {
            let text = Waveform.line(recording.levels, width: 24)
            let most = "of \(RecordingState.longest) s"
            let row = TextRow([
                TextRow.Span(text: "  recording ", ink: .notice),
                TextRow.Span(text: text, ink: .meter),
                TextRow.Span(text: " \(recording.seconds.tenths) \(most)", ink: .faint),
            ])
            add([row])
        }
        add(AttachmentStrip(state, width: width).rows, .end)
        if state.focus == .editor, let completion = state.chat.completion {
            let left = max(1, room - kept.count { $0.keeping == .always })
            add(CompletionView(completion, width: width, rows: left).rows, .end)
        }
        if let since = state.prefixSince, state.now.timeIntervalSince(since) >= 0.3 {
            let hints = state.keymap.entries.compactMap { entry in
                entry.bindings.first { $0.scope == .prefix }.map {
                    "\($0.key.name) \(entry.title)"
                }
            }
            let text = "\(Keymap.prefixKey.name), then: " + hints.joined(separator: " · ")
            let hint = Wrapping.rows(text, width: width).map { TextRow("  " + $0, .notice) }
            add(hint, .beginning)
        }
        if let search = state.historySearch {
            let view = HistorySearchView(search, width: width)
            add(view.rows)
            caret = Position(column: view.caretColumn, row: kept.count - 1)
        }
        fit(room)
    }

    private mutating func add(_ rows: [TextRow], _ keeping: Keeping = .always) {
        kept += rows.map { (row: $0, keeping: keeping) }
    }

    /// Leaves out what is needed least until the rest fits.
    private mutating func fit(_ room: Int) {
        while kept.count > room {
            let place =
                kept.firstIndex { $0.keeping == .end }
                ?? kept.lastIndex { $0.keeping == .beginning } ?? 0
            kept.remove(at: place)
            guard let row = caret?.row else { continue }
            if place == row { caret = nil } else if place < row { caret?.row -= 1 }
        }
    }

    /// Messages that wait, and below them what can be done about them.
    private mutating func addQueue(_ state: AppState, width: Int) {
        var rows = state.chat.queue.map {
            TextRow("  queued: \($0.title)".shortened(to: width), .faint)
        }
        if !rows.isEmpty, width >= 60 {
            let hint =
                "\(state.keymap.hint(for: .up)) edits, \(state.keymap.prefixHint(for: .dropQueued)) drops"
            rows[rows.count - 1].trailing = TextRow.Span(text: hint, ink: .faint)
        }
        add(rows, .end)
    }
}
