import Foundation
import Interface
import Testing

@Suite struct DraftTests {
    private let pasted = String(repeating: "a line\n", count: 40)

    private func editor() -> Editor {
        var editor = Editor()
        editor.insert("see ")
        editor.paste(pasted)
        editor.insert(" and 👩‍👩‍👧")
        editor.move(.left)
        return editor
    }

    private func throughFile(_ draft: Draft) throws -> Draft {
        try JSONDecoder().decode(Draft.self, from: JSONEncoder().encode(draft))
    }

    @Test("a draft comes back with its chips and its caret, and nothing to undo")
    func keeping() throws {
        let contents = try throughFile(Draft(editor().contents)).contents
        var restored = Editor()
        restored.begin(with: contents)
        #expect(restored.contents.text == editor().contents.text)
        #expect(restored.caret == editor().caret)
        #expect(restored.expandedText == editor().expandedText)
        restored.undo()
        #expect(restored.expandedText == editor().expandedText)
    }

    @Test("messages that waited come back before the draft, each chip with its own text")
    func queued() throws {
        var first = Editor()
        first.paste(pasted)
        var second = Editor()
        second.paste(pasted + "other\n")
        let draft = Draft(editor().contents, queued: [first.contents, second.contents])
        let whole = try throughFile(draft).contents.expandedText
        #expect(whole == pasted + "\n" + pasted + "other\n\n" + editor().expandedText)
    }

    @Test("a file that says nonsense gives a draft that can be edited")
    func nonsense() throws {
        let text = """
            {"caret":-7,"pieces":[{"text":"a\\r\\nb\\u0301"},{},{"file":"/x/y","bytes":-1},
            {"text":"\\udbfc\\udc00"}],"queued":[[{"paste":""}]],"future":1}
            """
        let draft = try JSONDecoder().decode(Draft.self, from: Data(text.utf8))
        var editor = Editor()
        editor.begin(with: draft.contents)
        editor.insert("x")
        #expect(!editor.text.unicodeScalars.contains("\r"))
        #expect(editor.expandedText == "\na\nb\u{301}@y\u{10F000}x")
    }
}
