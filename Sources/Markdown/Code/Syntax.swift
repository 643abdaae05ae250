/// How a language is written, as far as colours need it.
struct Syntax: Sendable {
    struct StringRule: Sendable {
        var opening: [UInt8]
        var closing: [UInt8]
        var hasEscapes = true
        var isMultiline = false

        init(_ opening: String, _ closing: String? = nil, escapes: Bool = true, lines: Bool = false)
        {
            self.opening = Array(opening.utf8)
            self.closing = Array((closing ?? opening).utf8)
            hasEscapes = escapes
            isMultiline = lines
        }
    }

    var keywords: Set<String> = []
    var types: Set<String> = []
    /// Longer openings first.
    var strings = [StringRule("\""), StringRule("'")]
    var lineComments: [[UInt8]] = []
    var blockComment: (opening: [UInt8], closing: [UInt8], nests: Bool)?
    /// Names that begin with a capital are types.
    var hasCapitalTypes = true
    /// Names before `(` are functions.
    var hasCalls = true
    var ignoresCase = false
    /// Bytes that belong to names beside letters, digits and `_`.
    var nameBytes: Set<UInt8> = []
    /// Bytes that, at a name's beginning, make it an attribute: `@objc`, `#include`, `$HOME`.
    var sigils: [UInt8: MarkdownRole] = [:]
    /// Names that, right before a quote, belong to the string; those with `r` take its escapes away.
    var stringPrefixes: Set<String> = []
    /// `'` is a string only around one character: elsewhere it is a lifetime or a digit mark.
    var quotesOneCharacter = false
    /// Strings between `#`: `#"..."#`, `r#"..."#`.
    var hasHashStrings = false
    /// `<<WORD` begins text that ends at a line with that word.
    var hasHereDocuments = false
    /// The sign after the key of a line: `key: value`, `key = value`.
    var keySign: UInt8?

    init(
        _ keywords: String = "",
        types: String = "",
        comments: [String] = ["//"],
        block: (String, String)? = ("/*", "*/"),
        nests: Bool = false
    ) {
        self.keywords = Set(keywords.split(whereSeparator: \.isWhitespace).map(String.init))
        self.types = Set(types.split(whereSeparator: \.isWhitespace).map(String.init))
        lineComments = comments.map { Array($0.utf8) }
        blockComment = block.map { (Array($0.0.utf8), Array($0.1.utf8), nests) }
    }

    func with(_ change: (inout Syntax) -> Void) -> Syntax {
        var syntax = self
        change(&syntax)
        return syntax
    }
}
