package import Tokenization

/// Reads a model's answer token by token.
///
/// Markers are recognised by id, so that text that merely looks like one is text. A `gemma3` model
/// knows no markers: everything is text up to its end token.
package struct OutputParser: Sendable {
    private let vocabulary: Vocabulary
    private var detokenizer: StreamingDetokenizer
    private var machine: OutputMachine

    package init(vocabulary: Vocabulary, start: ParserStart = .text) {
        self.vocabulary = vocabulary
        detokenizer = StreamingDetokenizer(vocabulary: vocabulary)
        machine = OutputMachine(start: start)
    }

    /// In a thought, or in the name of a channel about to become one.
    package var isInsideThought: Bool { machine.isInsideThought }
    /// In a thought, and past the line that names its channel.
    package var isThinking: Bool { machine.isThinking }
    /// In a tool call that is not finished.
    package var isInsideCall: Bool { machine.isInsideCall }
    /// The output ended inside a thought: there is no visible text after it.
    package var thoughtUnclosed: Bool { machine.thoughtUnclosed }
    /// An end was reported; further tokens are ignored.
    package var isDone: Bool { machine.isDone }

    /// How many bytes of a character came whose end did not.
    package var unfinishedCount: Int { detokenizer.unfinishedCount }

    /// Forgets a character whose end did not come.
    package mutating func dropUnfinished() { _ = detokenizer.flush() }

    /// Takes a character whose end did not come for U+FFFD; the output goes on.
    package mutating func flushUnfinished() -> [OutputEvent] {
        var events: [OutputEvent] = []
        machine.feed(detokenizer.flush(), into: &events)
        return events
    }

    /// Takes the next sampled token.
    package mutating func consume(id: Int) -> [OutputEvent] {
        var events: [OutputEvent] = []
        if let special = vocabulary.specials.token(of: id) {
            machine.feed(detokenizer.flush(), into: &events)
            // Gemma 3 names the end of a turn differently; its other tokens mean nothing here.
            machine.feed(special == .endOfTurn ? .turnClose : special, into: &events)
        } else if vocabulary.endOfGeneration.contains(id) {
            machine.feed(detokenizer.flush(), into: &events)
            machine.feed(.endOfSequence, into: &events)
        } else {
            machine.feed(detokenizer.append(id), into: &events)
        }
        return events
    }

    /// Ends an output that was cut; does nothing after an end.
    package mutating func finish() -> [OutputEvent] {
        var events: [OutputEvent] = []
        machine.feed(detokenizer.flush(), into: &events)
        machine.finish(into: &events)
        return events
    }
}

/// Reads a model's answer as a string in which markers stand literally.
///
/// Text may arrive in any pieces: the beginning of a marker waits until it is clear what it is.
package struct MarkupOutputParser: Sendable {
    private static let markers: [(text: [UInt8], token: SpecialToken)] = [
        .endOfSequence, .toolCallOpen, .toolCallClose, .toolResponseOpen, .toolResponseClose,
        .quote,
        .channelOpen, .channelClose, .turnOpen, .turnClose,
    ].map { (token: SpecialToken) in (Array(token.rawValue.utf8), token) }

    private var held: [UInt8] = []
    private var machine: OutputMachine

    package init(start: ParserStart = .text) { machine = OutputMachine(start: start) }

    package var isInsideThought: Bool { machine.isInsideThought }
    package var thoughtUnclosed: Bool { machine.thoughtUnclosed }

    package mutating func consume(text: String) -> [OutputEvent] {
        var events: [OutputEvent] = []
        held.append(contentsOf: text.utf8)
        var start = 0
        var place = 0
        scan: while place < held.count {
            guard held[place] == UInt8(ascii: "<") else {
                place += 1
                continue
            }
            let rest = held[place...]
            for marker in Self.markers {
                if rest.starts(with: marker.text) {
                    machine.feed(
                        String(decoding: held[start..<place], as: UTF8.self),
                        into: &events
                    )
                    machine.feed(marker.token, into: &events)
                    place += marker.text.count
                    start = place
                    continue scan
                }
            }
            if Self.markers.contains(where: { $0.text.starts(with: rest) }) { break }
            place += 1
        }
        machine.feed(String(decoding: held[start..<place], as: UTF8.self), into: &events)
        held.removeFirst(place)
        return events
    }

    package mutating func finish() -> [OutputEvent] {
        var events: [OutputEvent] = []
        machine.feed(String(decoding: held, as: UTF8.self), into: &events)
        held = []
        machine.finish(into: &events)
        return events
    }
}
