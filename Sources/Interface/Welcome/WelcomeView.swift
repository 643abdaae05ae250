import Conversation
import TerminalCore

/// The offers of an empty conversation.
struct WelcomeView {
    private let welcome: Welcome
    private let facts: MachineFacts?
    private let model: EngineDescription
    private let sendHint: String

    init?(_ state: AppState, in chat: Chat) {
        guard state.showsWelcome(in: chat), let welcome = state.welcome,
            let model = state.description
        else { return nil }
        self.welcome = welcome
        facts = state.machine
        self.model = model
        sendHint = state.keymap.hint(for: .send)
    }

    /// As many rows as there is room for, the offers before everything else.
    func rows(width: Int, height: Int) -> [TextRow] {
        let roomy = full(width: min(width, Self.widest))
        return roomy.count <= height ? roomy : Array(short(width: width).prefix(height))
    }

    /// The same in words, for those who hear it.
    var text: String {
        let lines = welcome.lines(facts).map { line in
            "\(line.key): \(line.title)" + (line.detail.isEmpty ? "" : ". \(line.detail)") + "\n"
        }
        return welcome.introduction(model) + "\n" + lines.joined()
            + "Type one of these numbers, or a message."
    }

    // MARK: - Rows

    private static let widest = 78
    private static let indent = 6

    private func full(width: Int) -> [TextRow] {
        var rows = [TextRow.blank]
        rows += Wrapping.rows(welcome.introduction(model), width: width - 4)
            .map { TextRow("  " + $0, .text) }
        for line in welcome.lines(facts) {
            rows += [.blank, title(line, width: width)]
            let detail = line.detail.isEmpty ? hint : line.detail
            rows += Wrapping.rows(detail, width: width - Self.indent - 2)
                .map { TextRow(String(repeating: " ", count: Self.indent) + $0, .faint) }
        }
        return rows
    }

    private func short(width: Int) -> [TextRow] {
        let name = "  \(model.shownName)".shortened(to: width)
        return [TextRow(name, .heading)]
            + welcome.lines(facts).flatMap { line in
                [
                    title(line, width: width),
                    small(line.short.isEmpty ? shortHint : line.short, width),
                ]
            }
    }

    private func small(_ text: String, _ width: Int) -> TextRow {
        let indent = String(repeating: " ", count: Self.indent)
        return TextRow((indent + text).shortened(to: width), .faint)
    }

    private var shortHint: String { "\(sendHint) asks it, Tab edits it" }

    private func title(_ line: Welcome.Line, width: Int) -> TextRow {
        TextRow([
            TextRow.Span(text: "  \(line.key)", ink: .user),
            TextRow.Span(text: "   \(line.title)".shortened(to: width - 3), ink: .text),
        ])
    }

    private var hint: String {
        "\(sendHint) asks it, Tab puts it into the draft; or type what you like"
    }
}
