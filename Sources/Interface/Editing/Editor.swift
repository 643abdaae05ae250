import Conversation

/// The draft: text, caret, selection, undo and what was cut.
///
/// Places are UTF-8 offsets that always lie between grapheme clusters. Lines end in LF only. A
/// large paste or a file stands in the text as one private character, a chip, and is put back when
/// the text is sent.
package struct Editor: Sendable, Hashable {
    /// What was done last: the same again may join with it.
    enum Action: Sendable, Hashable {
        case typing
        case cutting
        /// Put back what was cut, here.
        case yanking(Range<Int>)
        case other
    }

    /// What a draft holds, without its past.
    package struct Contents: Sendable, Hashable {
        package var text = ""
        package var caret = 0
        package var chips = Chips()

        package init(_ text: String = "", caret: Int = 0, chips: Chips = Chips()) {
            self.text = text
            self.caret = caret
            self.chips = chips
        }

        /// The text with every chip replaced by what it stands for.
        package var expandedText: String { chips.expanded(text) }

        /// The text as it is sent.
        var spokenText: String { chips.spoken(text) }
    }

    package private(set) var text = ""
    package private(set) var caret = 0
    /// The selection's other end; nil while nothing is selected.
    package private(set) var mark: Int?
    /// Grows with every change of the text.
    package private(set) var revision = 0
    package internal(set) var chips = Chips()
    /// The column Up and Down aim for while they are repeated.
    package var goalColumn: Int?
    /// Moving the caret selects until something is changed: set by key, for terminals without
    /// Shift and arrows.
    private(set) var isMarking = false
    var kills = KillRing()
    var lastAction = Action.other
    private var log = EditLog()
    /// What files are being read for.
    var places = Places()

    package init() {}

    package var isEmpty: Bool { text.isEmpty }

    /// The text with every chip replaced by what it stands for.
    package var expandedText: String { chips.expanded(text) }

    /// The text from a place on, with every chip replaced by what it stands for.
    func expandedText(from start: Int) -> String { chips.expanded(String(text[index(start)...])) }

    // MARK: - Changing the text

    /// Inserts typed text at the caret, in place of what is selected.
    package mutating func insert(_ typed: String) {
        let isWordBreak = typed.contains { $0.isWhitespace }
        let joins = lastAction == .typing && !isWordBreak && selection == nil
        change(selection ?? caret..<caret, to: clean(typed), joining: joins)
        lastAction = isWordBreak ? .other : .typing
    }

    /// Inserts pasted text; a large one becomes a chip.
    package mutating func paste(_ pasted: String) {
        change(selection ?? caret..<caret, to: folded(clean(pasted)))
    }

    /// Takes what the external editor made of the expanded text; files it still mentions stay.
    package mutating func take(edited newText: String) {
        change(0..<text.utf8.count, to: chips.restored(in: clean(newText), from: text))
    }

    /// Replaces everything.
    package mutating func replace(with newText: String) {
        change(0..<text.utf8.count, to: clean(newText))
    }

    /// Replaces a stretch, as a completion does.
    mutating func replace(_ range: Range<Int>, with newText: String) {
        change(range, to: clean(newText))
    }

    /// Brings back an earlier message; a large one as a chip, and so is each
    /// document and file before it.
    package mutating func recall(
        _ earlier: String,
        behind documents: [String] = [],
        _ files: [AttachedFile] = []
    ) {
        var new = ""
        for file in files {
            let chip =
                chips.scalar(of: .file(file)) ?? chips.add(.file(file), absentFrom: text + earlier)
            new += chip.map { String(Character($0)) + " " } ?? ""
        }
        for document in documents {
            let document = Self.withPlainLineEnds(document)
            let chip = chips.add(.paste(document), absentFrom: text + earlier)
            new += chip.map { String(Character($0)) } ?? document
        }
        change(0..<text.utf8.count, to: new + folded(clean(earlier)))
    }

    /// Puts what a person sent in place of the draft, with its files and documents.
    mutating func recall(_ message: Message) {
        recall(
            message.question,
            behind: message.documents,
            message.attachments.compactMap(AttachedFile.init(kept:))
        )
    }

    /// Empties the draft; undo brings it back.
    package mutating func clear() { replace(with: "") }

    /// Takes the text for sending: empty afterwards, with nothing to undo.
    package mutating func take() -> Contents {
        let whole = contents
        var next = Editor()
        next.kills = kills
        // What was cut can still be put back, with the chips in it.
        next.chips = chips.kept { scalar in kills.contains(scalar) }
        next.revision = revision + 1
        self = next
        return whole
    }

    package var contents: Contents { Contents(text, caret: caret, chips: chips) }

    /// Goes back to what was there before, as one step.
    mutating func replace(with contents: Contents) {
        change(0..<text.utf8.count, to: adopt(contents))
        move(to: contents.caret)
    }

    /// Puts other drafts before this one, each on lines of its own.
    mutating func prepend(_ others: [Contents]) {
        guard !others.isEmpty else { return }
        let texts = others.map { adopt($0) } + (isEmpty ? [] : [text])
        change(0..<text.utf8.count, to: texts.joined(separator: "\n"))
    }

    /// The text of another draft, with chips of this one.
    private mutating func adopt(_ other: Contents) -> String {
        var adopted = String.UnicodeScalarView()
        var own: [Unicode.Scalar: Unicode.Scalar] = [:]
        for scalar in other.text.unicodeScalars {
            guard let content = other.chips[scalar] else {
                if chips[scalar] == nil { adopted.append(scalar) }
                continue
            }
            let chip =
                own[scalar] ?? chips.scalar(of: content)
                ?? chips.add(content, absentFrom: text + other.text)
            own[scalar] = chip
            if let chip { adopted.append(chip) }
        }
        return String(adopted)
    }

    /// Begins with a draft that was kept; nothing can undo it.
    package mutating func begin(with contents: Contents) {
        text = ""
        chips = contents.chips
        change(0..<0, to: contents.text)
        log = EditLog()
        move(to: contents.caret)
    }

    package mutating func undo() {
        guard let edit = log.undo() else { return }
        apply(edit.inverse)
    }

    /// Does again what was undone last.
    package mutating func redo() {
        guard let edit = log.redo() else { return }
        apply(edit)
    }

    package mutating func deleteBackward() { delete(to: previous(caret)) }

    package mutating func deleteForward() { delete(to: next(caret)) }

    private mutating func delete(to other: Int) {
        change(selection ?? min(caret, other)..<max(caret, other), to: "")
    }

    // MARK: - The two ways in

    /// Replaces a range, puts the caret behind what is new and selects nothing: one step of undo.
    ///
    /// All changes but undo come through here.
    /// - Parameters:
    ///   - range: UTF-8 offsets between clusters.
    ///   - new: Clean text; see `clean`.
    ///   - joining: Part of the same step as the change before, if it stands right behind it.
    mutating func change(_ range: Range<Int>, to new: String, joining: Bool = false) {
        let removed = String(text[index(range.lowerBound)..<index(range.upperBound)])
        let before = caret
        substitute(range, new)
        guard !removed.isEmpty || !new.isEmpty else { return }
        let edit = EditLog.Edit(
            offset: range.lowerBound,
            removed: removed,
            inserted: new,
            caretBefore: before,
            caretAfter: caret
        )
        log.add(edit, joining: joining)
    }

    /// What a chip stands for changed: the text is another one.
    mutating func noteChange() { revision += 1 }

    /// Puts the caret somewhere, and keeps or begins a selection if asked to.
    mutating func place(caret offset: Int, selecting: Bool) {
        lastAction = .other
        if selecting || isMarking {
            if mark == nil { mark = caret }
        } else {
            mark = nil
        }
        caret = boundary(atOrAfter: max(0, min(offset, text.utf8.count)))
    }

    /// Begins a selection that every move of the caret extends, or ends it.
    package mutating func toggleMarking() {
        isMarking.toggle()
        mark = isMarking ? caret : nil
        lastAction = .other
    }

    /// Selects nothing any more; the caret stays.
    package mutating func unselect() {
        mark = nil
        isMarking = false
    }

    /// The selected range; nil when it is empty.
    package var selection: Range<Int>? {
        guard let mark, mark != caret else { return nil }
        return min(mark, caret)..<max(mark, caret)
    }

    /// Selects a range; the caret is at its end.
    mutating func select(_ range: Range<Int>) {
        unselect()
        place(caret: range.lowerBound, selecting: false)
        place(caret: range.upperBound, selecting: true)
    }

    private mutating func apply(_ edit: EditLog.Edit) {
        substitute(edit.offset..<edit.offset + edit.removed.utf8.count, edit.inserted)
        caret = edit.caretAfter
    }

    private mutating func substitute(_ range: Range<Int>, _ new: String) {
        text.replaceSubrange(index(range.lowerBound)..<index(range.upperBound), with: new)
        places.note(range, became: new.utf8.count)
        // A mark or joiner may have melted into the cluster before it.
        caret = boundary(atOrAfter: range.lowerBound + new.utf8.count)
        unselect()
        lastAction = .other
        revision += 1
    }

    /// A text as it may stand in a draft: lines end in LF, and no character passes for a chip.
    private func clean(_ new: String) -> String {
        let lines = Self.withPlainLineEnds(new)
        guard !chips.isEmpty, lines.utf8.contains(0xF4) else { return lines }
        return String(
            String.UnicodeScalarView(lines.unicodeScalars.filter { chips[$0] == nil })
        )
    }

    /// The same text with LF at the end of its lines.
    static func withPlainLineEnds(_ text: String) -> String {
        guard text.utf8.contains(0x0D) else { return text }
        var plain = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            let isSecondHalf = scalar == "\n" && previous == "\r"
            if !isSecondHalf { plain.append(scalar == "\r" ? "\n" : scalar) }
            previous = scalar
        }
        return String(plain)
    }

    /// The text itself, or the chip that stands for it from now on.
    private mutating func folded(_ new: String) -> String {
        guard Chips.isLarge(new), let chip = chips.add(.paste(new), absentFrom: text + new)
        else { return new }
        return String(Character(chip))
    }
}
