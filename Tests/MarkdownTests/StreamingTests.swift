import Markdown
import Testing

@Suite struct StreamingTests {
    @Test(
        "a text that grows by one scalar at a time has the rows of the whole text at every step",
        arguments: Corpus.texts.indices
    )
    func everyCut(number: Int) {
        let text = Corpus.texts[number]
        var streaming = StreamingMarkdown()
        for end in text.unicodeScalars.indices.dropFirst() {
            let part = String(text.unicodeScalars[..<end])
            streaming.update(part, width: 30)
            guard expect(streaming, shows: part, width: 30) else { return }
        }
        streaming.update(text, width: 30, isComplete: true)
        expect(streaming, shows: text, width: 30)
    }

    @Test("a text cut in two has the rows of the whole text", arguments: Corpus.texts.indices)
    func everyPair(number: Int) {
        let text = Corpus.texts[number]
        for end in text.unicodeScalars.indices {
            var streaming = StreamingMarkdown()
            streaming.update(String(text.unicodeScalars[..<end]), width: 30)
            streaming.update(text, width: 30)
            guard expect(streaming, shows: text, width: 30) else { return }
        }
    }

    @Test("texts one after the other are as each by itself", arguments: Corpus.texts.indices)
    func joined(number: Int) {
        let second = (number * 7 + 3) % Corpus.texts.count
        let text =
            Corpus.texts[number] + "\n\n" + Corpus.texts[second] + "\n\n" + Corpus.texts[number]
        var streaming = StreamingMarkdown()
        for end in text.unicodeScalars.indices {
            let part = String(text.unicodeScalars[..<end])
            streaming.update(part, width: 24)
            guard expect(streaming, shows: part, width: 24) else { return }
        }
    }

    @Test("another width and another text begin anew")
    func changes() {
        var streaming = StreamingMarkdown()
        let text = Corpus.texts.joined(separator: "\n\n")
        streaming.update(text, width: 40)
        expect(streaming, shows: text, width: 40)
        streaming.update(text, width: 17)
        expect(streaming, shows: text, width: 17)
        streaming.update("other", width: 17)
        expect(streaming, shows: "other", width: 17)
        streaming.update("", width: 17)
        #expect(streaming.rows.isEmpty)
    }

    @Test("finished rows stay while the revision does")
    func stable() {
        var streaming = StreamingMarkdown()
        var before: [MarkdownRow] = []
        var revision = -1
        var kept = 0
        let text = Corpus.texts.joined(separator: "\n\n")
        for end in text.unicodeScalars.indices {
            streaming.update(String(text.unicodeScalars[..<end]), width: 40)
            let stable = Array(streaming.rows.prefix(streaming.stableRowCount))
            if streaming.revision == revision {
                guard stable.starts(with: before) else {
                    Issue.record("a stable row changed")
                    return
                }
                kept += 1
            }
            before = stable
            revision = streaming.revision
        }
        #expect(streaming.stableRowCount > 100)
        #expect(kept > text.unicodeScalars.count / 2)
    }

    @Test("a long list and a long open fence keep only their last lines unfinished")
    func bounded() {
        var list = StreamingMarkdown()
        list.update((0..<2_000).map { "- item \($0)\n" }.joined(), width: 40)
        #expect(list.rows.count == 2_000)
        #expect(list.stableRowCount == 1_999)
        var fence = StreamingMarkdown()
        fence.update("```py\n" + (0..<5_000).map { "x = \($0)\n" }.joined() + "y", width: 40)
        #expect(fence.rows.count == 5_002)
        #expect(fence.stableRowCount == 5_001)
    }

    @Test("a long block that is not finished is complete when the text stands still")
    func longBlock() {
        let text = "| a | b |\n|---|---|\n" + (0..<500).map { "| \($0) | x |\n" }.joined()
        var streaming = StreamingMarkdown()
        var part = ""
        for character in text {
            part.append(character)
            streaming.update(part, width: 40)
        }
        streaming.update(part, width: 40)
        expect(streaming, shows: part, width: 40)
    }

    @discardableResult
    private func expect(_ streaming: StreamingMarkdown, shows text: String, width: Int) -> Bool {
        let document = MarkdownDocument(text)
        let rows = document.rows(width: width)
        guard streaming.rows == rows else {
            let shown = streaming.rows.map(\.text).joined(separator: "\n")
            let expected = rows.map(\.text).joined(separator: "\n")
            Issue.record("\(text.debugDescription)\n--- shown\n\(shown)\n--- expected\n\(expected)")
            return false
        }
        let isSame = streaming.codeBlocks == document.codeBlocks
        #expect(isSame, "\(text.debugDescription)")
        return isSame
    }
}
