import Foundation
import TerminalCore

/// The search through all sessions, over the whole screen: the words, then two rows a hit.
struct FindView {
    static let rowsPerHit = 2

    private let find: FindOverlay
    private let now: Date

    init(_ find: FindOverlay, _ now: Date) {
        self.find = find
        self.now = now
    }

    /// - Returns: Where the real cursor stands: behind what was typed.
    func draw(on surface: inout Surface, theme: Theme) -> Position {
        let all = Rect(x: 0, y: 0, width: surface.width, height: surface.height)
        surface.fill(all, style: theme[.text])
        let head = Rect(x: 0, y: 0, width: surface.width, height: 1)
        surface.fill(head, style: theme[.statusStrong])
        let label = surface.draw(" Find: ", column: 0, row: 0, style: theme[.statusStrong])
        let end = surface.draw(
            find.typed,
            column: label,
            row: 0,
            style: theme[.statusStrong],
            clip: head
        )
        let body = Rect(x: 0, y: 1, width: surface.width, height: max(0, surface.height - 2))
        if find.hits.isEmpty {
            for (index, row) in Wrapping.rows(sentence, width: max(1, body.width - 2)).enumerated()
            where index < body.height {
                surface.draw(row, column: 1, row: body.y + index, style: theme[.faint], clip: body)
            }
        } else {
            drawHits(on: &surface, in: body, theme: theme)
        }
        let foot = surface.height - 1
        surface.fill(Rect(x: 0, y: foot, width: surface.width, height: 1), style: theme[.status])
        surface.draw(footer, column: 0, row: foot, style: theme[.status])
        return Position(column: min(end, surface.width - 1), row: 0)
    }

    private var sentence: String {
        switch find.outcome {
        case .failed(let sentence): return sentence
        case .found where !find.isWaiting:
            return "Nothing holds that. All words have to be in one message; a word may be its "
                + "beginning."
        case .found, nil:
            if find.isWaiting { return "Searching." }
            return "Words look through messages and thoughts of all sessions; \"quotes\" keep them "
                + "together. Filters: role:user, model:e2b, tag:work, since:2026-01-31, "
                + "before:2026-02-28, has:tool, has:picture, in:thoughts, in:text."
        }
    }

    private var footer: String {
        guard !find.hits.isEmpty else { return " Esc closes" }
        let mark = find.isWaiting ? " ..." : ""
        return " \(find.selection + 1) of \(find.hits.count)\(mark) | Enter opens | Esc closes"
    }

    private func drawHits(on surface: inout Surface, in body: Rect, theme: Theme) {
        let room = max(1, body.height / Self.rowsPerHit)
        let first = max(0, min(find.selection - room / 2, find.hits.count - room))
        for index in 0..<room {
            guard let hit = find.hits[safe: first + index] else { break }
            let area = Rect(
                x: 0,
                y: body.y + index * Self.rowsPerHit,
                width: body.width,
                height: Self.rowsPerHit
            )
            draw(hit, isSelected: first + index == find.selection, on: &surface, area, theme)
        }
    }

    private func draw(
        _ hit: FoundMessage,
        isSelected: Bool,
        on surface: inout Surface,
        _ area: Rect,
        _ theme: Theme
    ) {
        let style = theme[isSelected ? .selection : .text]
        if isSelected { surface.fill(area, style: style) }
        let faint = isSelected ? style : theme[.faint]
        let age = now.timeIntervalSince(hit.date).age
        let title = hit.title.isEmpty ? "new session" : hit.title
        let place = "  \(hit.place)"
        let room = area.width - DisplayWidth.of(place) - age.count - 4
        let mark = isSelected ? "> " : "  "
        let end = surface.draw(
            mark + title.firstLine.shortened(to: max(1, room)),
            column: 0,
            row: area.y,
            style: isSelected ? style : theme[.user],
            clip: area
        )
        surface.draw(place, column: end, row: area.y, style: faint, clip: area)
        surface.draw(age, column: area.maxX - age.count - 1, row: area.y, style: faint, clip: area)
        guard area.maxY <= surface.height - 1 else { return }
        drawLine(hit, on: &surface, area, isSelected ? style : theme[.text], theme)
    }

    /// The line with the match, from a little before the first one.
    private func drawLine(
        _ hit: FoundMessage,
        on surface: inout Surface,
        _ area: Rect,
        _ style: Style,
        _ theme: Theme
    ) {
        let bytes = Array(hit.line.utf8)
        func text(_ range: Range<Int>) -> String {
            String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
        }
        // Room for the match and what follows it counts more than what stands before.
        let lead = area.width / 3
        let first = hit.matches.first?.lowerBound ?? 0
        var start = 0
        if DisplayWidth.of(text(0..<first)) > lead {
            start = max(0, first - lead)
            // At the beginning of a word, where one begins soon.
            let space = bytes[start..<min(start + 16, first)].firstIndex(of: UInt8(ascii: " "))
            start = space.map { $0 + 1 } ?? start
            while start < bytes.count, bytes[start] & 0xC0 == 0x80 { start += 1 }
        }
        var column = surface.draw(
            start > 0 ? "    …" : "    ",
            column: 0,
            row: area.y + 1,
            style: style,
            clip: area
        )
        var place = start
        for match in hit.matches + [bytes.count..<bytes.count]
        where match.lowerBound >= place && match.upperBound <= bytes.count {
            column = surface.draw(
                text(place..<match.lowerBound),
                column: column,
                row: area.y + 1,
                style: style,
                clip: area
            )
            column = surface.draw(
                text(match),
                column: column,
                row: area.y + 1,
                style: theme[.match],
                clip: area
            )
            place = match.upperBound
        }
    }
}

/// A line to type, over the bottom of the screen.
enum InputView {
    /// - Returns: Where the real cursor stands: behind what was typed.
    static func draw(_ input: InputOverlay, on surface: inout Surface, theme: Theme) -> Position {
        let width = min(surface.width, 76)
        let area = Rect(
            x: (surface.width - width) / 2,
            y: max(0, surface.height - 4),
            width: width,
            height: 3
        )
        surface.fill(area, style: theme[.text])
        surface.drawBox(
            area,
            title: "\(input.title): Enter takes, Esc leaves",
            style: theme[.borderFocus]
        )
        let inner = area.inset
        // The end is what is being typed.
        var shown = input.text.suffix(max(0, inner.width - 1))
        while DisplayWidth.of(String(shown)) > inner.width - 1, !shown.isEmpty {
            shown = shown.dropFirst()
        }
        let end = surface.draw(
            String(shown),
            column: inner.x,
            row: inner.y,
            style: theme[.text],
            clip: inner
        )
        return Position(column: min(end, inner.maxX - 1), row: inner.y)
    }
}
