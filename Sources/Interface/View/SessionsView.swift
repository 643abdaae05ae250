import Foundation
import TerminalCore

/// The list of sessions.
struct SessionsView {
    static let headerHeight = 1
    /// Rows that say more of the selected session, where there is room.
    private static let factsHeight = 4

    private let pane: SessionsPane
    private let hasKeys: Bool
    private let now: Date
    /// Ids on the screen, and ids whose answer is being made.
    private let shown: Set<String>
    private let answering: Set<String>

    init(_ state: AppState) {
        pane = state.sessions
        hasKeys = state.focus == .sessions
        now = state.now
        shown = Set(state.shown)
        answering = Set(state.chats.filter { $0.running != nil }.map(\.id))
    }

    /// The first listing on the screen, so that the selected one is among them.
    static func firstRow(_ pane: SessionsPane, height: Int) -> Int {
        let room = max(1, listHeight(height) - headerHeight)
        return max(0, min(pane.selection - room / 2, pane.visible.count - room))
    }

    /// Rows of the pane above the facts, its header among them.
    private static func listHeight(_ height: Int) -> Int {
        height >= 16 ? height - factsHeight : height
    }

    func draw(on surface: inout Surface, in area: Rect, theme: Theme) {
        surface.fill(area, style: theme[.text])
        drawHeader(on: &surface, in: area, theme: theme)
        let visible = pane.visible
        let first = Self.firstRow(pane, height: area.height)
        let end = Self.listHeight(area.height)
        if end < area.height {
            let place = Rect(
                x: area.x,
                y: area.y + end,
                width: area.width,
                height: area.height - end
            )
            drawFacts(on: &surface, in: place, theme: theme)
        }
        for row in Self.headerHeight..<max(Self.headerHeight, end) {
            guard let listing = visible[safe: first + row - Self.headerHeight] else { break }
            let isSelected = first + row - Self.headerHeight == pane.selection
            draw(listing, isSelected: isSelected, row: area.y + row, on: &surface, area, theme)
        }
        guard visible.isEmpty, area.height > 2 else { return }
        let sentence =
            if pane.listings == nil {
                "Reading the folder."
            } else if pane.filter != nil {
                "No title or tag holds that. Esc shows all."
            } else {
                "There is no session yet."
            }
        for (index, text) in Wrapping.rows(sentence, width: max(1, area.width - 2)).enumerated() {
            surface.draw(
                text,
                column: area.x + 1,
                row: area.y + 1 + index,
                style: theme[.faint],
                clip: area
            )
        }
    }

    /// Where the real cursor stands while the filter is typed.
    func caret(in area: Rect) -> Position? {
        guard hasKeys, pane.isFiltering else { return nil }
        let column = area.x + 2 + DisplayWidth.of(pane.filter ?? "")
        return Position(column: min(column, area.maxX - 1), row: area.y)
    }

    private func drawHeader(on surface: inout Surface, in area: Rect, theme: Theme) {
        let head = Rect(x: area.x, y: area.y, width: area.width, height: 1)
        let style = theme[hasKeys ? .statusStrong : .status]
        surface.fill(head, style: style)
        let count = pane.visible.count
        let text =
            if let filter = pane.filter {
                " /\(filter)"
            } else {
                " Sessions" + (pane.listings == nil ? "" : " (\(count.grouped))")
            }
        surface.draw(text, column: head.x, row: head.y, style: style, clip: head)
    }

    /// What the selected session is, below the list.
    private func drawFacts(on surface: inout Surface, in area: Rect, theme: Theme) {
        guard let listing = pane.selected else { return }
        let rule = String(repeating: "─", count: area.width)
        surface.draw(rule, column: area.x, row: area.y, style: theme[.border], clip: area)
        let count = listing.messageCount
        let size = listing.sizeInBytes.map { ", \($0.bytes)" } ?? ""
        let parent = listing.parent.map { id in pane.listings?.first { $0.id == id }?.title ?? id }
        let origin = parent.map { "of \($0.firstLine)" }
        let rows = [
            (listing.title.isEmpty ? "new session" : listing.title.firstLine, Ink.text),
            (listing.problem ?? "\(count.grouped) message\(count == 1 ? "" : "s")\(size)", .faint),
            (
                ([origin, listing.model].compactMap(\.self) + listing.tags.map { "#\($0)" })
                    .joined(separator: " "), .faint
            ),
        ]
        for (index, (text, ink)) in rows.enumerated() {
            surface.draw(
                text.shortened(to: area.width - 2),
                column: area.x + 1,
                row: area.y + 1 + index,
                style: theme[ink],
                clip: area
            )
        }
    }

    private func draw(
        _ listing: SessionListing,
        isSelected: Bool,
        row: Int,
        on surface: inout Surface,
        _ area: Rect,
        _ theme: Theme
    ) {
        let line = Rect(x: area.x, y: row, width: area.width, height: 1)
        let style = theme[isSelected ? .selection : listing.problem == nil ? .text : .error]
        if isSelected { surface.fill(line, style: style) }
        let mark =
            if answering.contains(listing.id) {
                "*"
            } else if shown.contains(listing.id) {
                ">"
            } else if listing.problem != nil {
                "!"
            } else {
                " "
            }
        let age = now.timeIntervalSince(listing.updated).age
        let title = listing.title.isEmpty ? "new session" : listing.title
        let room = area.width - 2 - age.count - 2
        let end = surface.draw(
            mark + (listing.isPinned ? "^" : " "),
            column: area.x,
            row: row,
            style: style,
            clip: line
        )
        surface.draw(
            title.firstLine.shortened(to: room),
            column: end,
            row: row,
            style: style,
            clip: line
        )
        surface.draw(
            age,
            column: area.maxX - age.count - 1,
            row: row,
            style: isSelected ? style : theme[.faint],
            clip: line
        )
    }
}

extension TimeInterval {
    /// How long ago, in two or three letters: `now`, `5m`, `3h`, `12d`, `2y`.
    var age: String {
        switch self {
        case ..<60: "now"
        case ..<3_600: "\(Int(self / 60))m"
        case ..<86_400: "\(Int(self / 3_600))h"
        case ..<31_536_000: "\(Int(self / 86_400))d"
        default: "\(Int(min(self, 1e10) / 31_536_000))y"
        }
    }
}
