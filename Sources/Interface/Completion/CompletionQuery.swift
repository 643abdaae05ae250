/// What the caret is in that a list could complete.
struct CompletionQuery: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// A slash word.
        case command
        /// What follows the slash word of this command.
        case argument(Command)
        /// A path: after `@`, or as what follows `/attach`.
        case file(isMention: Bool)
    }

    var kind: Kind
    /// What was typed of it, without signs and quotes.
    var typed: String
    /// What is replaced, in UTF-8 offsets.
    var range: Range<Int>

    /// Bytes before the caret that are looked at.
    private static let longest = 1_024

    /// Finds what the caret is in; nil when that is nothing a list could complete.
    init?(_ editor: Editor, in keymap: Keymap) {
        guard editor.selection == nil else { return nil }
        if let query = Self.slash(editor, keymap) {
            self = query
            return
        }
        // Far enough back for any path; a cluster that is cut there is not part of one.
        let start = max(0, editor.caret - Self.longest)
        let before = String(editor.text[editor.index(start)..<editor.index(editor.caret)])
        let offset = editor.caret - before.utf8.count
        if let mention = Mention.all(in: before).last, mention.isOpen {
            let from = offset + mention.range.lowerBound
            self.init(kind: .file(isMention: true), typed: mention.path, range: from..<editor.caret)
            return
        }
        let word = before.suffix { !$0.isWhitespace }
        guard let sign = word.firstIndex(of: "@"), word[..<sign].allSatisfy({ $0.opensWord }),
            word[word.index(after: sign)...].first != "\""
        else { return nil }
        let typed = word[word.index(after: sign)...]
        self.init(
            kind: .file(isMention: true),
            typed: String(typed),
            range: editor.caret - typed.utf8.count - 1..<editor.caret
        )
    }

    private init(kind: Kind, typed: String, range: Range<Int>) {
        self.kind = kind
        self.typed = typed
        self.range = range
    }

    private static func slash(_ editor: Editor, _ keymap: Keymap) -> CompletionQuery? {
        let start = editor.commandStart
        let line = editor.text[editor.index(start)...]
        guard line.utf8.first == 0x2F, line.utf8.count <= longest, !line.utf8.contains(0x0A),
            editor.caret > start
        else { return nil }
        let word = line.dropFirst().prefix { $0.isASCII && ($0.isLetter || $0 == "-") }
        let end = start + 1 + word.utf8.count
        let rest = line.dropFirst(1 + word.count)
        if editor.caret <= end {
            guard rest.isEmpty || rest.first == " " else { return nil }
            let typed = String(word.prefix(editor.caret - start - 1))
            return CompletionQuery(kind: .command, typed: typed, range: start..<end)
        }
        guard rest.first == " ", let entry = keymap.entry(slash: String(word)) else { return nil }
        let typed = String(editor.text[editor.index(end + 1)..<editor.index(editor.caret)])
        return CompletionQuery(
            kind: entry.command == .attach ? .file(isMention: false) : .argument(entry.command),
            typed: typed,
            range: end + 1..<editor.text.utf8.count
        )
    }
}

extension StringProtocol {
    /// The longest end whose characters all fit.
    fileprivate func suffix(_ fits: (Character) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, fits(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
