/// What a person typed, as words that all have to occur.
///
/// Words in quotes stand side by side, in this order; so do the parts of `snake_case`. The last word
/// counts as the beginning of one, since it may be half typed, when it has three characters and no
/// quotes; a `*` says so of any word of two characters or more.
struct SearchTerms: Sendable, Hashable {
    /// Words in a row.
    struct Phrase: Sendable, Hashable {
        var words: [[UInt8]]
        /// Whether the last word may go on.
        var isPrefix: Bool
    }

    /// Of more words than this the first count.
    private static let most = 32

    private(set) var phrases: [Phrase] = []

    init(_ text: String) {
        // Nobody types more, and what is pasted is as good by its beginning.
        let text = text.prefix(4096)
        var reader = WordReader()
        var isQuoted = false
        for piece in text.split(separator: "\"", omittingEmptySubsequences: false) {
            defer { isQuoted.toggle() }
            if isQuoted {
                add(piece, isPrefix: false, &reader)
                continue
            }
            for word in piece.split(whereSeparator: \.isWhitespace) {
                let isLast = word.endIndex == text.endIndex
                let letters = word.hasSuffix("*") ? 2 : isLast ? 3 : Int.max
                add(word, isPrefix: word.count { $0 != "*" } >= letters, &reader)
            }
        }
    }

    var isEmpty: Bool { phrases.isEmpty }

    /// Whether any word may go on.
    var hasPrefixes: Bool { phrases.contains(where: \.isPrefix) }

    private mutating func add(_ text: Substring, isPrefix: Bool, _ reader: inout WordReader) {
        var words: [[UInt8]] = []
        reader.eachWord(of: String(text)) { word, _ in words.append(word) }
        let room = Self.most - phrases.reduce(0) { $0 + $1.words.count }
        guard !words.isEmpty, room > 0 else { return }
        // A cut word or phrase is still found, by the part that is left.
        phrases.append(Phrase(words: Array(words.prefix(room)), isPrefix: isPrefix))
    }

    /// The question in FTS5's language: nothing in it but folded words within quotes.
    /// - Parameters:
    ///   - columns: in which the words may be.
    ///   - kind: a word that column `kind` has to hold.
    ///   - withPrefixes: false leaves out words that may go on, and so asks for more than is meant.
    /// - Returns: nil when nothing is asked for.
    func expression(columns: [String], kind: String?, withPrefixes: Bool = true) -> String? {
        let kind = kind.map { "kind : \"\($0)\"" }
        let phrases = phrases.filter { withPrefixes || !$0.isPrefix }
        guard !phrases.isEmpty else { return kind }
        let words = phrases.map { phrase in
            let row = phrase.words.map { String(decoding: $0, as: UTF8.self) }
            return "\"" + row.joined(separator: " ") + "\"" + (phrase.isPrefix ? " *" : "")
        }
        let question =
            "{\(columns.joined(separator: " "))} : (" + words.joined(separator: " AND ") + ")"
        return kind.map { "\($0) AND \(question)" } ?? question
    }
}
