import TerminalCore

/// A row of a picture within a row of text.
struct PictureLine: Sendable, Hashable {
    var picture: SymbolPicture
    /// Of the picture.
    var line: Int
    /// Of the pane.
    var column: Int
}

/// A row of text in pieces of different looks.
struct TextRow: Sendable, Hashable {
    struct Span: Sendable, Hashable {
        var text: String
        var ink: Ink
        /// What emphasis adds to the ink's look.
        var attributes: Style.Attributes = []
        /// Where it leads.
        var link: String?
    }

    var spans: [Span]
    /// Drawn at the right edge when there is room.
    var trailing: Span?
    /// Columns at the left that are not text: marks and indents, which are never copied.
    var gutter = 0
    /// The row above goes on in this one: copied, they are one line.
    var isContinuation = false
    /// What stands between the two in the source: the space at which the row was broken.
    var joint = " "
    /// The code block it belongs to, counted within the message.
    var codeBlock: Int?
    /// What the row's end is filled with, and its text where the text has no background.
    var fill: Ink?
    /// Rows of pictures that stand in it, over what is there.
    var pictures: [PictureLine] = []
    /// A press on this row opens or folds the message's thoughts.
    var isThoughtTitle = false

    init(_ spans: [Span], trailing: Span? = nil) {
        self.spans = spans
        self.trailing = trailing
    }

    init(_ text: String, _ ink: Ink) { self.init([Span(text: text, ink: ink)]) }

    static let blank = TextRow([])

    /// How many letters its text has, spaces left out: as many as in the same text wrapped otherwise.
    var letters: Int { text(in: gutter..<Int.max).count { !$0.isWhitespace } }

    /// The text between two columns of the pane, without gutter and trailing spaces.
    func text(in columns: Range<Int>) -> String {
        var text = ""
        var column = 0
        for span in spans {
            for cluster in span.text {
                let width = DisplayWidth.of(String(cluster))
                if column >= max(gutter, columns.lowerBound), column < columns.upperBound {
                    text.append(cluster)
                }
                column += width
            }
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
