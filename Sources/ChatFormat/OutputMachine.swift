import JSONValues
import Tokenization

/// Tells thoughts, text and tool calls of an output apart; fed by text and special tokens.
///
/// The states and what each token does in them are the table of the format description: a thought
/// opens with a channel token and the word `thought`, a call may close it, an end token ends
/// everything.
struct OutputMachine: Sendable {
    private enum State: Sendable {
        case text
        /// After a channel token, while its name arrives.
        case label
        /// In a channel with another name than `thought`, before its first newline.
        case foreignLabel
        case thought
        case call
        case done
    }

    private var state: State
    private var label = ""
    /// The channel has its name, and the end of its line is still to come.
    private var awaitsThought = false
    private var call: [CallSymbol] = []
    /// White space of a thought that counts only if more follows.
    private var heldSpace = ""
    private var thoughtHasText = false
    /// White space right after a thought or a call is not shown.
    private var dropsSpace = false
    private(set) var thoughtUnclosed = false

    init(start: ParserStart) { state = start == .thought ? .thought : .text }

    var isInsideThought: Bool {
        switch state {
        case .label, .foreignLabel, .thought: true
        case .text, .call, .done: false
        }
    }

    /// In a thought, and past the line that names its channel.
    var isThinking: Bool {
        switch state {
        case .thought: !awaitsThought
        case .foreignLabel: true
        case .text, .label, .call, .done: false
        }
    }
    var isInsideCall: Bool { if case .call = state { true } else { false } }
    var isDone: Bool { if case .done = state { true } else { false } }

    // MARK: - Text

    mutating func feed(_ text: String, into events: inout [OutputEvent]) {
        guard !text.isEmpty else { return }
        switch state {
        case .done: break
        case .text: addText(text, into: &events)
        case .thought:
            awaitsThought = false
            addThought(text, into: &events)
        case .call: call.append(contentsOf: text.unicodeScalars.map { .character($0) })
        case .label:
            label += text
            let wanted = "thought".utf8
            if label.utf8.starts(with: wanted) {
                let rest = String(decoding: label.utf8.dropFirst(wanted.count), as: UTF8.self)
                label = ""
                state = .thought
                awaitsThought = rest.isEmpty
                addThought(rest, into: &events)
            } else if !wanted.starts(with: label.utf8) {
                let held = label
                label = ""
                state = .foreignLabel
                feed(held, into: &events)
            }
        case .foreignLabel:
            guard let newline = text.utf8.firstIndex(of: 0x0A) else { break }
            state = .thought
            addThought(
                String(decoding: text.utf8[text.utf8.index(after: newline)...], as: UTF8.self),
                into: &events
            )
        }
    }

    private mutating func addText(_ text: String, into events: inout [OutputEvent]) {
        var shown = text
        if dropsSpace {
            shown = String(text.unicodeScalars.drop { TemplateText.isSpace($0) })
            if shown.isEmpty { return }
            dropsSpace = false
        }
        events.append(.textDelta(shown))
    }

    private mutating func addThought(_ text: String, into events: inout [OutputEvent]) {
        let scalars = text.unicodeScalars
        guard let last = scalars.lastIndex(where: { !TemplateText.isSpace($0) }) else {
            if thoughtHasText { heldSpace += text }
            return
        }
        var visible = scalars[...last]
        if !thoughtHasText { visible = visible.drop { TemplateText.isSpace($0) } }
        events.append(.thoughtDelta(heldSpace + String(visible)))
        heldSpace = String(scalars[scalars.index(after: last)...])
        thoughtHasText = true
    }

    // MARK: - Special tokens

    mutating func feed(_ token: SpecialToken, into events: inout [OutputEvent]) {
        if case .done = state { return }
        switch token {
        case .endOfSequence: end(.endOfSequence, into: &events)
        case .turnClose: end(.turn, into: &events)
        case .toolResponseOpen: end(.toolResponse, into: &events)
        case .turnOpen: end(.newTurn, into: &events)
        case .channelOpen:
            switch state {
            case .thought: break
            case .call:
                finishCall(into: &events)
                openChannel()
            default: openChannel()
            }
        case .channelClose:
            switch state {
            case .label, .foreignLabel, .thought: closeThought(into: &events)
            case .call: finishCall(into: &events)
            default: break
            }
        case .toolCallOpen:
            switch state {
            case .label, .foreignLabel, .thought: closeThought(into: &events)
            case .call: finishCall(into: &events)
            default: break
            }
            state = .call
        case .toolCallClose, .toolResponseClose:
            if case .call = state { finishCall(into: &events) }
        case .quote:
            switch state {
            case .text, .thought: feed(token.rawValue, into: &events)
            case .call: call.append(.quote)
            default: break
            }
        default: break
        }
    }

    /// Ends an output that has no end token; a call is accepted if it is whole.
    mutating func finish(into events: inout [OutputEvent]) {
        if case .done = state { return }
        end(.cut, into: &events)
    }

    private mutating func openChannel() {
        label = ""
        state = .label
        heldSpace = ""
        thoughtHasText = false
    }

    private mutating func closeThought(into events: inout [OutputEvent]) {
        if thoughtHasText { events.append(.thoughtClosed) }
        thoughtHasText = false
        heldSpace = ""
        label = ""
        awaitsThought = false
        state = .text
        dropsSpace = true
    }

    private mutating func finishCall(into events: inout [OutputEvent]) {
        var parser = ToolCallParser(call)
        do throws(ToolCallError) {
            let (name, arguments) = try parser.parse()
            events.append(.toolCall(name: name, arguments: arguments))
        } catch {
            events.append(.malformedCall(raw: Self.raw(call), reason: error.reason))
        }
        call = []
        state = .text
        dropsSpace = true
    }

    private mutating func end(_ reason: OutputEnd, into events: inout [OutputEvent]) {
        switch state {
        case .call: finishCall(into: &events)
        case .label, .foreignLabel, .thought: thoughtUnclosed = true
        default: break
        }
        state = .done
        events.append(.end(reason))
    }

    private static func raw(_ symbols: [CallSymbol]) -> String {
        var text = ""
        for symbol in symbols {
            switch symbol {
            case .character(let scalar): text.unicodeScalars.append(scalar)
            case .quote: text += SpecialToken.quote.rawValue
            }
        }
        return text
    }
}
