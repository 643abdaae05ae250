import Conversation
import Foundation
import TerminalCore

/// The row that stands for a thought: how long it is, what ended it, and how it begins.
struct ThoughtTitle {
    private let thought: Thought
    /// It is being written: when it began, and after how many tokens it will be closed.
    private let began: Date?
    private let budget: Int?
    /// It came although thinking is off.
    private let isUnasked: Bool
    /// What opens and folds it.
    private let key: String
    private let now: Date

    /// `running` is the answer that is being made when this is its last thought.
    init(
        _ thought: Thought,
        of message: Message,
        running: AnswerAssembly?,
        key: String,
        _ now: Date
    ) {
        self.thought = thought
        self.key = key
        self.now = now
        began = running?.thoughtStarted
        budget = running?.plan?.thinking.budget
        isUnasked = message.hasUnaskedThoughts
    }

    func row(indent: Int, width: Int, isUnfolded: Bool) -> TextRow {
        let left = String(repeating: " ", count: indent)
        let sign = isUnfolded ? "v" : ">"
        var head = TextRow("\(left)\(sign) \(name)  \(counts)", .thought)
        head.isThoughtTitle = true
        var used = DisplayWidth.of(head.spans[0].text)
        for (text, ink) in [(meter, Ink.meter), (note, .notice)] {
            guard let text, used + text.count + 2 <= width else { continue }
            head.spans.append(TextRow.Span(text: "  \(text)", ink: ink))
            used += text.count + 2
        }
        let hint = "\(key) \(isUnfolded ? "folds" : "opens")"
        let room = width - used - hint.count - 2
        if room >= 0 { head.trailing = TextRow.Span(text: hint, ink: .faint) }
        if isUnfolded { return head }
        let quote = began == nil ? thought.text.firstLine : thought.text.lastLine
        let shown = quote.shortened(to: room - 4)
        if !shown.isEmpty { head.spans.append(TextRow.Span(text: "  \"\(shown)\"", ink: .faint)) }
        return head
    }

    private var name: String { began == nil ? "thought" : "thinking" }

    private var counts: String {
        let seconds = began.map { now.timeIntervalSince($0) } ?? thought.seconds
        let limit = budget.map { began == nil ? "" : " of \($0.grouped)" } ?? ""
        return "\(thought.tokens.grouped)\(limit) tokens, \(seconds.tenths) s"
    }

    /// How much of the budget is spent, while it is being spent.
    private var meter: String? {
        guard began != nil, let budget, budget > 0 else { return nil }
        let full = (thought.tokens * 8 / budget).clamped(to: 0...8)
        return "[\(String(repeating: "#", count: full))\(String(repeating: ".", count: 8 - full))]"
    }

    private var note: String? {
        if isUnasked { return "although thinking is off" }
        switch thought.ending {
        case .budget: return "budget spent"
        case .wrappedUp: return "wrapped up"
        case .cut: return "not finished"
        case .closed, nil: return nil
        }
    }
}
