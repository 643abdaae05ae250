/// One thing that can be taken from the list.
struct CompletionItem: Sendable, Hashable {
    /// What is put in place of what was typed.
    var insertion: String
    var title: String
    var detail = ""
    /// The places of the typed letters in the title, in clusters.
    var positions: [Int] = []
    /// More has to follow: the list goes on with what was taken.
    var continues = false
    /// The path of a file that is attached when this is taken.
    var file: String?
}

/// The list under the caret's word: what fits, and which is chosen.
struct Completion: Sendable, Hashable {
    /// Items kept, and those seen at a time.
    static let longest = 200
    static let shownRows = 10

    var query: CompletionQuery
    private(set) var items: [CompletionItem]
    /// How many fitted, with those that are not kept.
    private(set) var count: Int
    /// Nil until something is typed or a key moves: then Enter sends as ever.
    private(set) var selection: Int?

    init(_ query: CompletionQuery, _ items: [CompletionItem]) {
        self.query = query
        self.items = Array(items.prefix(Self.longest))
        count = items.count
        selection = query.typed.isEmpty || items.isEmpty ? nil : 0
    }

    var selected: CompletionItem? { selection.flatMap { items[safe: $0] } }

    /// True when taking the choice would change nothing.
    func isTyped(in editor: Editor) -> Bool {
        guard let selected, selected.file == nil else { return false }
        let typed = editor.text[
            editor.index(query.range.lowerBound)..<editor.index(query.range.upperBound)
        ]
        return typed == selected.insertion
    }

    /// Goes down by some rows, round at the ends.
    mutating func move(by distance: Int) {
        guard !items.isEmpty else { return }
        guard let selection else {
            self.selection = distance > 0 ? 0 : items.count - 1
            return
        }
        self.selection = (selection + distance + items.count) % items.count
    }

    /// The part of the list that is seen.
    func shown(rows: Int) -> Range<Int> {
        let rows = min(rows, items.count)
        let chosen = selection ?? 0
        let first = max(0, min(chosen - rows / 2, items.count - rows))
        return first..<first + rows
    }
}
