import ChatFormat
import Conversation
import Tokenization

extension PromptBuilder {
    /// Encodes a prompt, with past answers as the model wrote them.
    func encode(
        _ segments: [Segment],
        _ spoken: SpokenAnswers
    ) throws(TokenizationError) -> [Int] {
        guard !spoken.isEmpty else { return try tokenizer.encode(segments) }
        let header = "model\n"
        var ids: [Int] = []
        var waiting: [Segment] = []
        for segment in segments {
            guard case .text(let text) = segment, text.utf8.starts(with: header.utf8),
                waiting.last == .special(.turnOpen) || waiting.last == .special(.startOfTurn),
                let known = spoken.ids(of: text.utf8.dropFirst(header.utf8.count))
            else {
                waiting.append(segment)
                continue
            }
            ids += try tokenizer.encode(waiting + [.text(header)]) + known
            waiting = []
        }
        return try ids + tokenizer.encode(waiting)
    }

    /// Lets the model go on in an answer that was cut.
    ///
    /// `question` is the prompt that the answer was begun with. What the model wrote follows it: the
    /// very tokens where they are known, so that nothing is read again that the cache still holds.
    func continued(
        _ question: BuiltPrompt,
        by answer: Message,
        _ spoken: SpokenAnswers
    ) throws(TokenizationError) -> BuiltPrompt {
        var prompt = question
        let segments = Self.segments(of: answer, after: question.parserStart)
        if let last = spoken.last, last.isHeld(by: answer) {
            prompt.continued = last.ids
        } else {
            prompt.continued = try tokenizer.encode(segments)
        }
        prompt.segments += segments
        prompt.ids += prompt.continued
        return prompt
    }

    /// An answer as the model writes one.
    private static func segments(of answer: Message, after start: ParserStart) -> [Segment] {
        var out: [Segment] = []
        var isInside = start == .thought
        func open() {
            if !isInside { out += [.special(.channelOpen), .text("thought\n")] }
            isInside = true
        }
        let breaksOff = answer.endsInsideThought
        for thought in answer.thoughts.dropLast(breaksOff ? 1 : 0) where !thought.text.isEmpty {
            open()
            out += [.text(thought.text + "\n"), .special(.channelClose)]
            isInside = false
        }
        if !answer.text.isEmpty {
            if isInside { out.append(.special(.channelClose)) }
            isInside = false
            out.append(.text(answer.text))
        }
        if breaksOff, let thought = answer.thoughts.last {
            open()
            out.append(.text(thought.text))
        }
        return out
    }
}
