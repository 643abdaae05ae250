import Conversation
import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct ReadingScreenTests {
    /// Two turns, the first with a thought.
    private func twoTurns(width: Int = 60, height: Int = 20) -> Scene {
        var scene = Scene(width: width, height: height)
        scene.say("Is 1001 prime?")
        scene.answer(
            .thought("7 x 143 = 1001"),
            .thoughtClosed(),
            .text("No, it is seven times one hundred and forty-three, which is itself not prime."),
            .finished(.endOfTurn, .sample)
        )
        scene.say("And 1003?")
        scene.answer(.text("No: 17 x 59."), .finished(.endOfTurn, .sample))
        scene.press(KeyPress(.tab))
        return scene
    }

    private func copied(_ scene: Scene) -> [String] {
        scene.effects.compactMap { if case .copy(let text) = $0 { text } else { nil } }
    }

    @Test("a chosen message is marked and copied whole, as it was written")
    func chosen() {
        var scene = twoTurns()
        scene.press(.character("y"))
        scene.press(.character("{"), .character("{"), .character("{"))
        #expect(scene.state.chat.transcript.path[1].text.hasPrefix("No, it is"))
        let theme = scene.state.theme
        let row = scene.lines.firstIndex { $0.contains("No, it is seven") } ?? 0
        #expect(scene.frame().surface[2, row].style == theme[.selection])
        scene.press(.character("y"))
        #expect(
            copied(scene) == [
                "No: 17 x 59.",
                "No, it is seven times one hundred and forty-three, which is itself not prime.",
            ]
        )
    }

    @Test("the cursor stands behind the words that are searched, whatever else begins with a slash")
    func searchCaret() throws {
        var scene = twoTurns()
        scene.press(.character("/"), .character("a"), .character("b"))
        scene.state.notice = Notice(text: "/export PATH writes it to a file.", isError: false)
        let caret = try #require(scene.frame().caret)
        #expect(scene.lines[caret.row].hasPrefix("  /ab"))
        #expect(caret.column == 5)
    }

    @Test("marked rows are copied without marks and indents")
    func rows() {
        var scene = twoTurns()
        scene.press(.character("v"), .character("k"), .character("k"), .character("y"))
        #expect(copied(scene) == ["And 1003?\n\nNo: 17 x 59."])
        #expect(scene.state.mode == .read)
    }

    /// An answer of numbered words, looked at in its middle.
    private func counting() -> Scene {
        var scene = Scene(width: 120, height: 20)
        scene.say("Count.")
        let words = (1...900).map { "w\($0)" }
        scene.answer(.text(words.joined(separator: " ")), .finished(.endOfTurn, .sample))
        scene.press(KeyPress(.tab), KeyPress(.pageUp), KeyPress(.pageUp))
        return scene
    }

    private func numbers(_ text: String) -> [Int] {
        text.split { $0.isWhitespace }.compactMap { $0.first == "w" ? Int($0.dropFirst()) : nil }
    }

    @Test("at another width the text that was in view still is")
    func otherWidth() throws {
        var scene = counting()
        let lowest = try #require(numbers(scene.text).max())
        #expect((300..<800).contains(lowest))
        for width in [60, 200, 41, 120] {
            scene.send(.input(.resize(Size(width: width, height: 20))))
            let now = try #require(numbers(scene.text).max())
            #expect((lowest..<lowest + 80).contains(now), "\(width)")
        }
    }

    @Test("at another width the text that was marked still is")
    func otherWidthMarked() throws {
        var scene = counting()
        scene.press(.character("v"), .character("k"), .character("k"), .character("y"))
        let marked = numbers(try #require(copied(scene).last))
        var other = counting()
        other.press(.character("v"), .character("k"), .character("k"))
        other.send(.input(.resize(Size(width: 70, height: 20))))
        #expect(!other.text.isEmpty)
        other.press(.character("y"))
        let again = numbers(try #require(copied(other).last))
        #expect(marked.count > 40 && Set(marked).isSubset(of: again))
        #expect(again.count < marked.count + 30)
    }

    @Test("the mouse marks from column to column and copies when it is let go")
    func mouse() throws {
        var scene = twoTurns()
        let row = try #require(scene.lines.firstIndex { $0.contains("And 1003?") })
        for (action, column, down) in [
            (MouseEvent.Action.press, 13, 0), (.drag, 15, 2), (.release, 15, 2),
        ] {
            scene.send(
                .input(.mouse(MouseEvent(action, at: Position(column: column, row: row + down))))
            )
        }
        #expect(copied(scene) == ["1003?\n\nNo: 17"])
    }

    @Test("a press on a thought's title opens it, another one folds it")
    func press() throws {
        var scene = twoTurns()
        let row = try #require(scene.lines.firstIndex { $0.contains("> thought") })
        let place = Position(column: 5, row: row)
        for _ in 0..<2 {
            let wasOpen = scene.text.contains("v thought")
            scene.send(.input(.mouse(MouseEvent(.press, at: place))))
            scene.send(.input(.mouse(MouseEvent(.release, at: place))))
            #expect(scene.text.contains("v thought") != wasOpen)
        }
    }

    @Test("a search finds text and thoughts upwards, opens the thought and marks the place")
    func search() throws {
        var scene = twoTurns()
        scene.press(.character("/"))
        scene.type("143")
        #expect(scene.text.contains("  /143"))
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("v thought"))
        let row = try #require(scene.lines.firstIndex { $0.contains("7 x 143 = 1001") })
        let column = try #require(scene.lines[row].firstRange(of: "143"))
        let start = scene.lines[row].distance(
            from: scene.lines[row].startIndex,
            to: column.lowerBound
        )
        let theme = scene.state.theme
        #expect(scene.frame().surface[start, row].style == theme[.match])
        #expect(scene.frame().surface[start + 3, row].style != theme[.match])
        scene.press(KeyPress(.escape), .character("/"))
        scene.type("elephant")
        scene.press(KeyPress(.enter))
        #expect(scene.text.contains("\"elephant\" is nowhere in this conversation."))
    }

    @Test("a search steps through the rows of one message before it goes on to the next")
    func searchRows() throws {
        var scene = Scene(width: 60, height: 20)
        let answer = (1...30).map { "word \($0)" + ($0 % 10 == 0 ? " needle" : "") }
        scene.say("needle first")
        scene.answer(.text(answer.joined(separator: "\n\n")), .finished(.endOfTurn, .sample))
        scene.say("/search needle")
        #expect(scene.text.contains("word 30 needle"))
        var found: [String] = []
        for _ in 0..<3 {
            scene.press(.character("n"))
            found.append(
                ["word 30 needle", "word 20 needle", "word 10 needle", "needle first"]
                    .first { scene.text.contains($0) } ?? ""
            )
        }
        #expect(found == ["word 20 needle", "word 10 needle", "needle first"])
        scene.press(.character("N"))
        #expect(scene.text.contains("word 10 needle"))
    }

    @Test("/search without words asks for them where the keys are the conversation's")
    func searchFromWriting() {
        var scene = twoTurns()
        scene.press(KeyPress(.escape))
        scene.say("/search")
        scene.type("1003")
        scene.press(KeyPress(.enter), .character("n"))
        #expect(scene.state.chat.editor.isEmpty)
        #expect(scene.state.focus == .conversation)
    }

    @Test("Ctrl-C gives a new version up, also when its text is gone already, and quits nothing")
    func editingGivenUp() {
        var scene = twoTurns()
        scene.press(.character("E"), .control("u"))
        #expect(scene.status.contains("NEW VERSION"))
        scene.press(.control("c"))
        #expect(!scene.status.contains("NEW VERSION"))
        #expect(scene.text.contains("What you send next follows the newest answer again."))
        scene.say("And 1005?")
        #expect(scene.generations.last?.request.messages.count == 5)
    }

    @Test("an edited message becomes a version beside the old one, and both can be shown")
    func editing() {
        var scene = twoTurns()
        scene.press(.character("E"))
        #expect(scene.state.chat.editor.text == "And 1003?")
        scene.press(KeyPress(.backspace))
        scene.type("9?")
        scene.press(KeyPress(.enter))
        scene.answer(.text("Yes."), .finished(.endOfTurn, .sample))
        #expect(scene.state.chat.transcript.path.map(\.text).suffix(2) == ["And 10039?", "Yes."])
        #expect(scene.generations.last?.request.messages.count == 3)
        scene.press(KeyPress(.tab), .character("<"))
        #expect(scene.text.contains("Version 1 of 2."))
        #expect(scene.state.chat.transcript.path.last?.text == "No: 17 x 59.")
        scene.press(.character(">"))
        #expect(scene.state.chat.transcript.path.last?.text == "Yes.")
    }

    @Test("the first message can be edited too")
    func editingTheFirst() {
        var scene = Scene()
        scene.say("one")
        scene.answer(.text("1"), .finished(.endOfTurn, .sample))
        scene.press(KeyPress(.tab), .character("E"))
        scene.type(" and two")
        scene.press(KeyPress(.enter))
        #expect(scene.state.chat.transcript.path.map(\.text) == ["one and two", ""])
    }

    @Test("the keys jump from thought to thought")
    func thoughts() {
        var scene = twoTurns(width: 60, height: 10)
        scene.press(.character("["))
        #expect(scene.lines.contains { $0.contains("> thought") })
        scene.press(.character("]"))
        #expect(scene.text.contains("There is no thought below."))
        scene.press(.character("T"))
        #expect(copied(scene) == ["7 x 143 = 1001"])
    }
}
