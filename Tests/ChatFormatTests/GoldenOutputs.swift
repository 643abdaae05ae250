import ChatFormat
import JSONValues
import ReferenceData
import Testing
import Tokenization

@Suite(.enabled(if: ReferenceFolder.isPresent, "the reference data is not on this machine"))
struct GoldenOutputs {
    /// Numbers by value, since the reference's `15000000000.0` and a model's `1.5e10` are one.
    private func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number: value.doubleValue.map { JSONValue.number($0) } ?? value
        case .array(let items): .array(items.map(plain))
        case .object(let members):
            .object(members.map { .init($0.key, plain($0.value)) }.sorted { $0.key < $1.key })
        default: value
        }
    }

    private func check(_ output: ParsedOutput, _ line: JSONValue, _ how: String) {
        let found = output.trimmed
        let label = "\(line["label"]?.stringValue ?? ""), \(how)"
        #expect(found.thought == line["thought"]?.stringValue, "\(label)")
        #expect(found.text == line["text"]?.stringValue, "\(label)")
        #expect(
            found.calls.map(plain) == (line["tool_calls"]?.arrayValue ?? []).map(plain),
            "\(label)"
        )
        #expect(found.malformed == line["malformed"]?.intValue ?? 0, "\(label)")
        #expect(output.ends.count == 1, "\(label)")
    }

    @Test("every reference output parses alike whole, by id, by character, and cut in two anywhere")
    func outputs() throws {
        let vocabulary = try realVocabulary.get()
        let lines = try ReferenceFolder.lines("gemma4/golden/parse-cases.jsonl")
        #expect(lines.count == 63)
        for line in lines {
            let start = ParserStart(rawValue: line["start"]?.stringValue ?? "text") ?? .text
            var parser = OutputParser(vocabulary: vocabulary, start: start)
            var events: [OutputEvent] = []
            for id in line["ids"]?.ids ?? [] { events += parser.consume(id: id) }
            check(ParsedOutput(events + parser.finish()), line, "by id")

            let raw = try #require(line["raw"]?.stringValue)
            check(.markup([raw], start: start), line, "whole")
            let scalars = raw.unicodeScalars
            check(.markup(scalars.map { String($0) }, start: start), line, "by character")
            for place in scalars.indices {
                let halves = [String(scalars[..<place]), String(scalars[place...])]
                check(.markup(halves, start: start), line, "cut at \(place)")
            }
        }
    }
}
