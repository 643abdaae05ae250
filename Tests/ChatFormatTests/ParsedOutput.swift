import ChatFormat
import JSONValues

/// What a stream of events adds up to.
struct ParsedOutput: Hashable {
    var thought = ""
    var text = ""
    var calls: [JSONValue] = []
    var malformed = 0
    var ends: [OutputEnd] = []

    init(_ events: [OutputEvent]) {
        for event in events {
            switch event {
            case .thoughtDelta(let delta): thought += delta
            case .thoughtClosed: break
            case .textDelta(let delta): text += delta
            case .toolCall(let name, let arguments):
                calls.append(["name": .string(name), "arguments": arguments])
            case .malformedCall: malformed += 1
            case .end(let reason): ends.append(reason)
            }
        }
    }

    /// Thought and text without white space at their ends.
    var trimmed: ParsedOutput {
        var copy = self
        func trim(_ text: String) -> String {
            String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        }
        copy.thought = trim(thought)
        copy.text = trim(text)
        copy.ends = []
        return copy
    }

    static func markup(_ pieces: [String], start: ParserStart = .text) -> ParsedOutput {
        var parser = MarkupOutputParser(start: start)
        var events: [OutputEvent] = []
        for piece in pieces { events += parser.consume(text: piece) }
        return ParsedOutput(events + parser.finish())
    }
}
