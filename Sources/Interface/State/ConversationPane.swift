/// The conversation on the screen: which rows are shown, and the rows that are laid out already.
///
/// Rows are found from the bottom up and each message is laid out once for a width, so that a
/// conversation of 10,000 messages costs no more than the screen.
struct ConversationPane: Sendable {
    /// A row, counted within a message of the branch.
    struct Anchor: Sendable, Hashable {
        var message: Int
        var row: Int
    }

    private struct Layout: Sendable {
        var width: Int
        var isUnfolded: Bool
        var rows: [TextRow]
    }

    /// The ids of the active branch, oldest first.
    var branch: [String]
    /// Text marked by mouse or keys.
    var selection: TextSelection?
    /// The message that keys in READ are about; nil is the lowest one in view.
    var cursor: String?
    /// The lowest row shown; nil follows the end.
    private(set) var anchor: Anchor?
    /// Something was added below while the pane did not follow.
    var hasNewText = false
    /// Answers are shown as they were written, not laid out.
    var isRaw: Bool {
        didSet {
            layouts = [:]
            growing = GrowingTexts()
        }
    }
    /// Which thoughts are open.
    var display: ThoughtDisplay
    /// How it is shown unless the session has it otherwise.
    let defaults: PaneDefaults
    /// Messages whose thoughts are the other way than `display` has them.
    var exceptions: Set<String> = []
    /// The message whose thought is being written.
    var liveThought: String?
    private var layouts: [String: Layout] = [:]
    private var growing = GrowingTexts()

    init(branch: [String], defaults: PaneDefaults = PaneDefaults()) {
        self.branch = branch
        self.defaults = defaults
        display = defaults.thoughts
        isRaw = defaults.isRaw
    }

    /// Another branch, with thoughts folded as in the pane before.
    init(branch: [String], likeness other: ConversationPane) {
        self = other
        self.branch = branch
        selection = nil
        if let cursor, !branch.contains(cursor) { self.cursor = nil }
        follow()
    }

    /// Shows what was shown before.
    mutating func restore(_ view: ViewState) {
        isRaw = view.raw ?? defaults.isRaw
        display = view.thoughts ?? defaults.thoughts
        exceptions = Set(view.exceptions ?? [])
        guard let place = view.place, let index = branch.firstIndex(of: place.message) else {
            return follow()
        }
        anchor = Anchor(message: index, row: max(0, place.row))
    }

    func isUnfolded(_ id: String) -> Bool {
        let isOpen =
            switch display {
            case .always: true
            case .folded: false
            case .live: id == liveThought
            }
        return isOpen != exceptions.contains(id)
    }

    /// Forgets the rows of a message that changed.
    mutating func invalidate(_ id: String) { layouts[id] = nil }

    /// Forgets all rows: something changed that is drawn between messages.
    mutating func invalidateAll() { layouts = [:] }

    mutating func follow() {
        anchor = nil
        hasNewText = false
    }

    /// The rows to show, top first; at most `height`.
    mutating func visible(_ source: some RowSource, width: Int, height: Int) -> [VisibleRow] {
        var rows: [VisibleRow] = []
        guard height > 0 else { return rows }
        // At another width places move with their text, before they are read.
        let places = [anchor?.message, selection?.anchor.message, selection?.head.message]
        for case let message? in places where branch.indices.contains(message) {
            _ = self.rows(message, source, width)
        }
        var index = min(anchor?.message ?? branch.count - 1, branch.count - 1)
        var last = anchor?.row ?? .max
        while index >= 0, rows.count < height {
            let message = self.rows(index, source, width)
            let end = min(last, message.count - 1)
            for row in stride(from: end, through: 0, by: -1) where rows.count < height {
                rows.append(
                    VisibleRow(message: branch[index], index: index, row: row, text: message[row])
                )
            }
            last = .max
            index -= 1
        }
        return rows.reversed()
    }

    /// Moves by rows, down when positive; reaching the end follows it again.
    mutating func scroll(by distance: Int, _ source: some RowSource, width: Int, height: Int) {
        guard !branch.isEmpty else { return }
        let end = branch.count - 1
        var place = anchor ?? Anchor(message: end, row: rows(end, source, width).count - 1)
        place.message = min(place.message, end)
        place.row = min(place.row, rows(place.message, source, width).count - 1)
        if distance < 0 {
            place = moved(place, up: -distance, source, width)
            // The first row never leaves the top of the pane.
            let top = moved(
                Anchor(message: 0, row: 0),
                down: height - 1,
                source,
                width
            )
            if (place.message, place.row) < (top.message, top.row) { place = top }
        } else {
            place = moved(place, down: distance, source, width)
        }
        let isAtEnd = place.message == end && place.row >= rows(end, source, width).count - 1
        if isAtEnd { follow() } else { anchor = place }
    }

    mutating func scrollToTop(_ source: some RowSource, width: Int, height: Int) {
        guard !branch.isEmpty else { return }
        let place = moved(Anchor(message: 0, row: 0), down: height - 1, source, width)
        let end = branch.count - 1
        let isAtEnd = place.message == end && place.row >= rows(end, source, width).count - 1
        if isAtEnd { follow() } else { anchor = place }
    }

    /// Scrolls so that a row of a message is in the upper part of the pane.
    mutating func reveal(
        _ id: String,
        row: Int,
        _ source: some RowSource,
        width: Int,
        height: Int
    ) {
        guard let index = branch.firstIndex(of: id) else { return }
        let shown = visible(source, width: width, height: height)
        if shown.contains(where: { $0.index == index && $0.row == row }) { return }
        let place = moved(
            Anchor(message: index, row: row),
            down: height * 2 / 3,
            source,
            width
        )
        let end = branch.count - 1
        let isAtEnd = place.message == end && place.row >= rows(end, source, width).count - 1
        if isAtEnd { follow() } else { anchor = place }
    }

    /// The rows of a message, at least one.
    mutating func rows(of id: String, _ source: some RowSource, width: Int) -> [TextRow] {
        guard let index = branch.firstIndex(of: id) else { return [.blank] }
        return rows(index, source, width)
    }

    /// Moves the end of the marked rows by rows and keeps it in view.
    mutating func moveSelection(
        by distance: Int,
        _ source: some RowSource,
        width: Int,
        height: Int
    ) {
        guard var marked = selection else { return }
        let head = Anchor(
            message: min(marked.head.message, branch.count - 1),
            row: marked.head.row
        )
        let place =
            distance < 0
            ? moved(head, up: -distance, source, width) : moved(head, down: distance, source, width)
        marked.head = TextPlace(message: place.message, row: place.row, column: 0)
        selection = marked
        let shown = visible(source, width: width, height: height)
        if !shown.contains(where: { $0.index == place.message && $0.row == place.row }) {
            scroll(by: distance, source, width: width, height: height)
        }
    }

    /// The marked text, soft-wrapped rows joined again.
    mutating func selectedText(_ source: some RowSource, width: Int) -> String {
        guard let selection else { return "" }
        var text = ""
        for index in selection.start.message...selection.end.message
        where branch.indices.contains(index) {
            for (number, row) in rows(index, source, width).enumerated() {
                guard
                    let columns = selection.columns(message: index, row: number, width: width)
                else { continue }
                if !text.isEmpty { text += row.isContinuation ? row.joint : "\n" }
                text += row.text(in: columns)
            }
        }
        return text
    }

    private mutating func moved(
        _ from: Anchor,
        up distance: Int,
        _ source: some RowSource,
        _ width: Int
    ) -> Anchor {
        var place = from
        var left = distance
        while left > place.row {
            guard place.message > 0 else { return Anchor(message: 0, row: 0) }
            left -= place.row + 1
            place.message -= 1
            place.row = rows(place.message, source, width).count - 1
        }
        place.row -= left
        return place
    }

    private mutating func moved(
        _ from: Anchor,
        down distance: Int,
        _ source: some RowSource,
        _ width: Int
    ) -> Anchor {
        var place = from
        var left = distance
        while true {
            let below = rows(place.message, source, width).count - 1 - place.row
            if left <= below || place.message + 1 >= branch.count {
                place.row += min(left, below)
                return place
            }
            left -= below + 1
            place = Anchor(message: place.message + 1, row: 0)
        }
    }

    /// The rows of one message; never empty.
    private mutating func rows(
        _ index: Int,
        _ source: some RowSource,
        _ width: Int
    ) -> [TextRow] {
        let id = branch[index]
        let isUnfolded = isUnfolded(id)
        if let known = layouts[id], known.width == width, known.isUnfolded == isUnfolded {
            return known.rows
        }
        let rows = source.rows(
            of: id,
            width: width,
            isUnfolded: isUnfolded,
            growing: &growing
        )
        if let known = layouts[id], known.isUnfolded == isUnfolded {
            movePlaces(of: index, from: known.rows, to: rows)
        }
        layouts[id] = Layout(width: width, isUnfolded: isUnfolded, rows: rows)
        return rows
    }

    /// Keeps the same text in view and marked when a message is wrapped otherwise.
    private mutating func movePlaces(of message: Int, from old: [TextRow], to new: [TextRow]) {
        /// The row that holds the last letter of an old one, or its first.
        func moved(_ row: Int, toFirst: Bool = false) -> Int {
            let count = min(max(0, row), old.count)
            let letters = old.prefix(toFirst ? count : count + 1).reduce(0) { $0 + $1.letters }
            let wanted = toFirst ? letters + 1 : letters
            var passed = 0
            let place = new.firstIndex {
                passed += $0.letters
                return passed >= wanted
            }
            return place ?? max(0, new.count - 1)
        }
        if let place = anchor, place.message == message { anchor?.row = moved(place.row) }
        guard let marked = selection else { return }
        let isIn = [marked.anchor.message, marked.head.message].map { $0 == message }
        guard isIn.contains(true) else { return }
        // Columns, as the mouse marks them, are those of the old rows.
        guard marked.takesRows else {
            selection = nil
            return
        }
        let headIsFirst = marked.head < marked.anchor
        if isIn[0] { selection?.anchor.row = moved(marked.anchor.row, toFirst: !headIsFirst) }
        if isIn[1] { selection?.head.row = moved(marked.head.row, toFirst: headIsFirst) }
    }
}

/// Which thoughts are open on the screen.
package enum ThoughtDisplay: String, Sendable, Hashable, CaseIterable, Codable {
    /// The one that is being written; it folds when it ends.
    case live
    case always
    case folded
}

/// Lays messages out.
protocol RowSource {
    /// The rows of a message, at least one.
    ///
    /// `growing` is what is remembered of the answer that is being made.
    func rows(
        of id: String,
        width: Int,
        isUnfolded: Bool,
        growing: inout GrowingTexts
    ) -> [TextRow]
}

/// A row of the conversation and the message it belongs to.
struct VisibleRow: Sendable, Hashable {
    var message: String
    /// The message's place in the branch, and the row's in the message.
    var index: Int
    var row: Int
    var text: TextRow
}
