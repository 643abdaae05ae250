import ChatFormat
import JSONValues
import ReferenceData
import Testing
import Tokenization

@Suite struct Outputs {
    private static let answer =
        "<|channel>thought\n Plan é.\n<channel|>\nHi <b>.<|tool_call>call:f{a:<|\"|>{x}<|\"|>, n:1.50,"
        + "l:[True,None,word]}<tool_call|><|tool_call>call:g<tool_call|><|tool_response>more"

    private func check(_ output: ParsedOutput) {
        #expect(output.thought == "Plan é.")
        #expect(output.text == "Hi <b>.")
        let arguments: JSONValue = [
            "a": "{x}", "n": .number("1.50"), "l": [true, nil, "word"],
        ]
        #expect(output.calls == [["name": "f", "arguments": arguments]])
        #expect(output.malformed == 1)
        #expect(output.ends == [.toolResponse])
    }

    @Test("an answer parses alike however its text is cut")
    func everyCut() {
        let scalars = Self.answer.unicodeScalars
        for place in scalars.indices {
            check(.markup([String(scalars[..<place]), String(scalars[place...])]))
        }
        check(.markup(scalars.map { String($0) }))
    }

    @Test("an answer parses alike token by token, and tells where it is")
    func byToken() throws {
        let vocabulary = try SmallVocabulary.make()
        var parser = OutputParser(vocabulary: vocabulary)
        var events: [OutputEvent] = []
        for id in Tokenizer(vocabulary: vocabulary).encodeMarkup(Self.answer) {
            events += parser.consume(id: id)
            if id == vocabulary.specials[.channelOpen] { #expect(parser.isInsideThought) }
        }
        check(ParsedOutput(events + parser.finish()))
        #expect(events.contains(.thoughtClosed))
        #expect(parser.isDone && !parser.thoughtUnclosed)
    }

    @Test("markers written as text are text when ids are read")
    func literalMarkers() throws {
        let vocabulary = try SmallVocabulary.make()
        var parser = OutputParser(vocabulary: vocabulary)
        var events: [OutputEvent] = []
        for id in Tokenizer(vocabulary: vocabulary).encodeText("a<turn|>b<|tool_call>") {
            events += parser.consume(id: id)
        }
        #expect(ParsedOutput(events).text == "a<turn|>b<|tool_call>")
    }

    @Test("a truncated call is never handed out; an open thought is reported")
    func truncated() {
        let output = ParsedOutput.markup(["<|tool_call>call:f{a:<|\"|>rm -r"])
        #expect(output.calls.isEmpty && output.malformed == 1 && output.ends == [.cut])
        var parser = MarkupOutputParser(start: .thought)
        let events = parser.consume(text: "and so on ") + parser.finish()
        #expect(events == [.thoughtDelta("and so on"), .end(.cut)])
        #expect(parser.thoughtUnclosed)
        let deep = "<|tool_call>call:f{a:" + String(repeating: "[", count: 100_000)
        #expect(ParsedOutput.markup([deep]).malformed == 1)
    }

    @Test("Gemma 3 writes plain text up to its end token")
    func gemma3() throws {
        let vocabulary = try SmallVocabulary.makeByScores()
        var parser = OutputParser(vocabulary: vocabulary)
        var events: [OutputEvent] = []
        for id in Tokenizer(vocabulary: vocabulary).encodeText("abc <|turn>") {
            events += parser.consume(id: id)
        }
        events += parser.consume(id: 5) + parser.finish()
        #expect(ParsedOutput(events).text == "abc <|turn>")
        #expect(ParsedOutput(events).ends == [.turn])
    }
}
