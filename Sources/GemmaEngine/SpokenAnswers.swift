import ChatFormat
import Conversation
import Tokenization

/// What a model wrote as an answer, token by token, beside what that was taken to say.
package struct SampledAnswer: Sendable, Hashable {
    /// Every token after the prompt but the one that ended it.
    package var ids: [Int] = []
    /// Those of the visible text.
    package var textIDs: [Int] = []
    package var thought = ""
    package var text = ""

    /// Whether a message holds just this answer.
    func isHeld(by message: Message) -> Bool {
        (!text.isEmpty || !thought.isEmpty) && message.text.utf8.elementsEqual(text.utf8)
            && message.thoughts.map(\.text).joined().utf8.elementsEqual(thought.utf8)
    }
}

/// The answers of one conversation whose tokens are not those that their text is encoded as.
///
/// A model may write a word in other pieces than the tokenizer would. Its next prompt takes the
/// pieces as they were written, else everything from there on would be read again.
package struct SpokenAnswers: Sendable {
    /// Texts are compared by bytes: strings that look alike are equal otherwise.
    private(set) var idsOfText: [[UInt8]: [Int]] = [:]
    /// The answer that was made last, which may be gone on with.
    package private(set) var last: SampledAnswer?

    package init() {}

    /// As they were kept somewhere else.
    init(idsOfText: [[UInt8]: [Int]], last: SampledAnswer?) {
        self.idsOfText = idsOfText
        self.last = last
    }

    var isEmpty: Bool { idsOfText.isEmpty }

    /// Keeps an answer that ended.
    mutating func note(_ answer: SampledAnswer, _ tokenizer: Tokenizer) {
        last = answer
        // A prompt holds the text without the white space around it.
        let text = TemplateText.trimmed(answer.text)
        let ids = trimmed(answer.textIDs, tokenizer)
        guard !ids.isEmpty, tokenizer.decode(ids).utf8.elementsEqual(text.utf8) else { return }
        idsOfText[Array(text.utf8)] = ids == tokenizer.encodeText(text) ? nil : ids
    }

    func ids(of text: some Sequence<UInt8>) -> [Int]? { idsOfText[Array(text)] }

    private func trimmed(_ ids: [Int], _ tokenizer: Tokenizer) -> [Int] {
        func isSpace(_ id: Int) -> Bool { TemplateText.trimmed(tokenizer.decode([id])).isEmpty }
        guard let first = ids.firstIndex(where: { !isSpace($0) }),
            let last = ids.lastIndex(where: { !isSpace($0) })
        else { return [] }
        return Array(ids[first...last])
    }
}
