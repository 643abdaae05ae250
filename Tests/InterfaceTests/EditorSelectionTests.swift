import Interface
import Testing

@Suite struct EditorSelectionTests {
    private func editor(_ text: String) -> Editor {
        var editor = Editor()
        editor.insert(text)
        return editor
    }

    @Test("typing replaces what is selected, as one step")
    func typing() {
        var editor = editor("one two three")
        editor.move(.wordLeft)
        editor.move(.left)
        editor.move(.wordLeft, selecting: true)
        #expect(editor.selection == 4..<7)
        editor.insert("2")
        editor.insert("2")
        #expect(editor.text == "one 22 three")
        editor.undo()
        #expect(editor.text == "one two three")
    }

    @Test("left and right go to the ends of a selection")
    func ends() {
        var editor = editor("abcdef")
        editor.move(to: 2)
        for _ in 0..<2 { editor.move(.right, selecting: true) }
        editor.move(.left)
        #expect(editor.caret == 2 && editor.selection == nil)
        for _ in 0..<2 { editor.move(.right, selecting: true) }
        editor.move(.right)
        #expect(editor.caret == 4 && editor.selection == nil)
    }

    @Test("Backspace and Delete remove a selection, Ctrl-W cuts it")
    func removing() {
        for isForward in [false, true] {
            var editor = editor("one two")
            editor.move(.lineStart, selecting: true)
            isForward ? editor.deleteForward() : editor.deleteBackward()
            #expect(editor.isEmpty)
            editor.yank()
            #expect(editor.isEmpty)
        }
        var editor = editor("one two")
        editor.move(.lineStart, selecting: true)
        editor.deleteWordBackward()
        #expect(editor.isEmpty)
        editor.yank()
        #expect(editor.text == "one two")
    }

    @Test("a selection is copied with its chips expanded and can be put back")
    func copying() {
        let pasted = String(repeating: "row\n", count: 30)
        var editor = editor("see ")
        editor.paste(pasted)
        editor.selectAll()
        let copied = editor.copySelection()
        #expect(copied == "see " + pasted)
        #expect(editor.selection == nil)
        let again = editor.copySelection()
        #expect(again == nil)
        _ = editor.take()
        editor.yank()
        #expect(editor.expandedText == "see " + pasted)
        #expect(editor.text.count == 5)
    }

    @Test("after marking, plain moves select until something is changed")
    func marking() {
        var editor = editor("abc def")
        editor.toggleMarking()
        editor.move(.wordLeft)
        editor.move(.left)
        #expect(editor.selection == 3..<7)
        editor.insert("!")
        #expect(editor.text == "abc!")
        editor.move(.left)
        #expect(editor.selection == nil)
    }

    @Test("a selection covers whole clusters")
    func clusters() {
        var editor = editor("x👩‍👩‍👧🇩🇪한é")
        for size in [2, 3, 8, 18] {
            let before = editor.caret
            editor.move(.left, selecting: true)
            #expect(before - editor.caret == size)
        }
        #expect(editor.selection == 1..<editor.text.utf8.count)
    }
}

@Suite struct KillRingTests {
    @Test("cuts in a row are put back as one, in their order")
    func joining() {
        var editor = Editor()
        editor.insert("one two three four")
        editor.move(to: 8)
        editor.deleteWordBackward()
        editor.deleteWordForward()
        #expect(editor.text == "one  four")
        editor.yank()
        #expect(editor.text == "one two three four")
    }

    @Test("Alt-Y exchanges what was put back for older pieces and comes round")
    func older() {
        var editor = Editor()
        for word in ["first", "second", "third"] {
            editor.insert(word)
            editor.deleteWordBackward()
            editor.insert(">")
            editor.move(.draftEnd)
        }
        var found = [editor.yankOlder()]
        editor.yank()
        var seen = [editor.text]
        for _ in 0..<3 {
            found.append(editor.yankOlder())
            seen.append(editor.text)
        }
        #expect(seen == [">>>third", ">>>second", ">>>first", ">>>third"])
        editor.move(.left)
        found.append(editor.yankOlder())
        #expect(found == [false, true, true, true, false])
    }

    @Test("words change their case and the caret goes behind them")
    func letterCase() {
        var editor = Editor()
        editor.insert("one straße éCLAIR")
        editor.move(to: 0)
        editor.changeWord(to: .capital)
        editor.changeWord(to: .upper)
        editor.changeWord(to: .lower)
        #expect(editor.text == "One STRASSE éclair")
        #expect(editor.caret == editor.text.utf8.count)
    }
}
