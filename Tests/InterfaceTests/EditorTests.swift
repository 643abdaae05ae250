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
        editor.move(.left)
        #expect(editor.caret == 1)
        editor.deleteForward()
        #expect(editor.text == "x")
    }

    @Test("a mark typed into the middle never leaves the caret inside a cluster")
    func marks() {
        var editor = editor("ab")
        editor.move(.left)
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
        #expect(editor.text == "one two, three")
        editor.move(to: 0)
        editor.move(.wordRight)
        #expect(editor.caret == 3)
        editor.deleteWordForward()
        #expect(editor.text == "one, three")
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
}
