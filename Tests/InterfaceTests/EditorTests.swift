import Interface
import Testing

@Suite struct EditorTests {
    private func editor(_ text: String) -> Editor {
        var editor = Editor()
        editor.insert(text)
        return editor
    }

    @Test("a cluster that comes scalar by scalar is one letter for the keys")
    func clusters() {
        var editor = Editor()
        for scalar in "x👩‍👩‍👧e\u{301}".unicodeScalars { editor.insert(String(Character(scalar))) }
        #expect(editor.caret == editor.text.utf8.count)
        editor.deleteBackward()
        #expect(editor.text == "x👩‍👩‍👧")
        editor.moveLeft()
        #expect(editor.caret == 1)
        editor.deleteForward()
        #expect(editor.text == "x")
    }

    @Test("a mark typed into the middle never leaves the caret inside a cluster")
    func marks() {
        var editor = editor("ab")
        editor.moveLeft()
        editor.insert("\u{301}")
        #expect(editor.text == "a\u{301}b")
        #expect(editor.caret == 3)
        editor.insert("c")
        #expect(editor.text == "a\u{301}cb")
    }

    @Test("word keys stop where words do")
    func words() {
        var editor = editor("one two, three")
        editor.deleteWordBackward()
        #expect(editor.text == "one two, ")
        editor.deleteWordBackward()
        #expect(editor.text == "one ")
        editor.yank()
        #expect(editor.text == "one two, ")
        editor.move(to: 0)
        editor.moveWordRight()
        #expect(editor.caret == 3)
        editor.deleteWordForward()
        #expect(editor.text == "one, ")
    }

    @Test("cutting to the ends of a line leaves other lines alone")
    func lines() {
        var editor = editor("one\ntwo three\nfour")
        editor.move(to: 7)
        editor.cutToLineEnd()
        #expect(editor.text == "one\ntwo\nfour")
        editor.cutToLineEnd()
        #expect(editor.text == "one\ntwofour")
        editor.cutToLineStart()
        #expect(editor.text == "one\nfour")
        #expect(editor.caret == 4)
    }

    @Test("undo goes back word by word, and over a clear")
    func undo() {
        var editor = Editor()
        for letter in "one two" { editor.insert(String(letter)) }
        editor.clear()
        editor.undo()
        #expect(editor.text == "one two")
        editor.undo()
        #expect(editor.text == "one ")
        while !editor.isEmpty { editor.undo() }
        editor.undo()
        #expect(editor.text.isEmpty && editor.caret == 0)
    }

    @Test("any sequence of keys keeps the caret between clusters")
    func noise() {
        var seed: UInt64 = 5
        func next(_ limit: UInt64) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((seed >> 33) % limit)
        }
        let pieces = ["a", " ", "\u{301}", "世", "👩", "\u{200D}", "🇩", "🇪", "\n", "\r", "\u{FE0F}"]
        var editor = Editor()
        for _ in 0..<20_000 {
            switch next(16) {
            case 0..<6: editor.insert(pieces[next(11)])
            case 6: editor.moveLeft()
            case 7: editor.moveRight()
            case 8: editor.moveWordLeft()
            case 9: editor.moveToLineEnd()
            case 10: editor.deleteBackward()
            case 11: editor.deleteForward()
            case 12: editor.deleteWordBackward()
            case 13: editor.undo()
            case 14: editor.move(to: next(40))
            default: editor.yank()
            }
            let places = editor.text.indices.map {
                editor.text.utf8.distance(from: editor.text.startIndex, to: $0)
            }
            let isBetween = editor.caret == editor.text.utf8.count || places.contains(editor.caret)
            if !isBetween { Issue.record("caret \(editor.caret) in \(Array(editor.text.utf8))") }
            if editor.text.utf8.count > 200 { editor.clear() }
        }
    }
}
