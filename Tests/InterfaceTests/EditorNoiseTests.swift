import Interface
import Testing

/// Random keys on text that is made to break things.
@Suite struct EditorNoiseTests {
    private struct Noise {
        var seed: UInt64

        mutating func next(_ limit: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % UInt64(limit))
        }
    }

    private static let pieces = [
        "a", " ", "_", "\n", "\r", "\r\n", "\t", "\u{301}", "世", "👩", "\u{200D}", "👩‍👩‍👧‍👦", "🇩", "🇪",
        "\u{FE0F}", "\u{1F3FD}", "ᄒ", "ᅡ", "ᆫ", "한", "क", "्", "ष", "ﷺ", "\u{0}", "\u{202E}",
        "\u{E0067}",
        "\u{10F000}", "\u{2028}",
    ]

    private static let long = String(repeating: "line\n", count: 20)

    /// One random change, or a move.
    private static func press(_ editor: inout Editor, _ noise: inout Noise) {
        let motions: [Editor.Motion] = [
            .left, .right, .wordLeft, .wordRight, .lineStart, .lineEnd, .draftStart, .draftEnd,
            .place(noise.next(60)),
        ]
        switch noise.next(30) {
        case 0..<9: editor.insert(pieces[noise.next(pieces.count)])
        case 9..<13: editor.move(motions[noise.next(motions.count)])
        case 13..<17: editor.move(motions[noise.next(motions.count)], selecting: true)
        case 17: editor.deleteBackward()
        case 18: editor.deleteForward()
        case 19: editor.deleteWordBackward()
        case 20: editor.deleteWordForward()
        case 21: editor.cutToLineEnd()
        case 22: editor.cutToLineStart()
        case 23: editor.yank()
        case 24: _ = editor.yankOlder()
        case 25: editor.paste(noise.next(4) == 0 ? long : pieces[noise.next(pieces.count)])
        case 26: editor.changeWord(to: [.upper, .lower, .capital][noise.next(3)])
        case 27: editor.toggleMarking()
        case 28: _ = editor.copySelection()
        default: editor.selectAll()
        }
        if editor.text.utf8.count > 300 { editor.clear() }
    }

    private static func isBetweenClusters(_ offset: Int, in text: String) -> Bool {
        offset == text.utf8.count
            || text.indices.contains { text.utf8.distance(from: text.startIndex, to: $0) == offset }
    }

    @Test(
        "any keys keep caret and selection between clusters",
        arguments: 1...8 as ClosedRange<UInt64>
    )
    func boundaries(seed: UInt64) {
        var noise = Noise(seed: seed)
        var editor = Editor()
        for _ in 0..<1_500 {
            switch noise.next(8) {
            case 0: editor.undo()
            case 1: editor.redo()
            default: Self.press(&editor, &noise)
            }
            let ends = [editor.caret, editor.selection?.lowerBound, editor.selection?.upperBound]
            for end in ends.compactMap({ $0 }) where !Self.isBetweenClusters(end, in: editor.text) {
                Issue.record("place \(end) in \(Array(editor.text.utf8))")
            }
            #expect(!editor.text.unicodeScalars.contains("\r"))
        }
    }

    @Test(
        "undoing everything gives the beginning, redoing everything the end",
        arguments: 11...30 as ClosedRange<UInt64>
    )
    func undo(seed: UInt64) {
        var noise = Noise(seed: seed)
        var editor = Editor()
        editor.begin(with: Editor.Contents("a 👩‍👩‍👧 start\nof two lines", caret: 2))
        let start = editor.text
        for _ in 0..<400 { Self.press(&editor, &noise) }
        let (end, caret) = (editor.text, editor.caret)
        var texts: [String] = []
        for _ in 0..<1_000 {
            texts.append(editor.text)
            editor.undo()
        }
        #expect(editor.text == start)
        for text in texts.reversed().drop(while: { $0 == start }) {
            editor.redo()
            #expect(editor.text == text)
        }
        #expect(editor.text == end)
        editor.redo()
        #expect(editor.text == end)
        // The caret returns to where the last change left it, unless it only moved after that.
        #expect(Self.isBetweenClusters(editor.caret, in: end) && caret <= end.utf8.count)
    }

    @Test("what is sent is what was typed and pasted", arguments: 41...48 as ClosedRange<UInt64>)
    func expansion(seed: UInt64) {
        var noise = Noise(seed: seed)
        var editor = Editor()
        var whole = ""
        for _ in 0..<100 {
            let isPaste = noise.next(6) == 0
            let piece = isPaste ? Self.long : ["x", " ", "\u{301}", "é", "👩"][noise.next(5)]
            whole += piece
            isPaste ? editor.paste(piece) : editor.insert(piece)
        }
        #expect(editor.expandedText == whole)
        #expect(editor.text.utf8.count < whole.utf8.count)
        let sent = editor.take()
        #expect(sent.expandedText == whole)
    }
}
