import TerminalCore

/// What the inspector shows.
enum InspectorTab: Int, Sendable, Hashable, CaseIterable {
    /// Every thought of the branch in a line.
    case thoughts
    /// How the chosen answer was made.
    case answer
    /// How sure the model was of each of its words.
    case tokens
    /// The text the model was really given.
    case prompt

    var title: String {
        switch self {
        case .thoughts: "thoughts"
        case .answer: "answer"
        case .tokens: "tokens"
        case .prompt: "sent"
        }
    }
}

/// The pane at the right: what is behind the conversation with the keys.
struct InspectorPane: Sendable {
    var tab = InspectorTab.thoughts
    /// The selected thought or token; a row in tabs that are only read.
    var selection = 0
    /// What was sent last, as the engine reported it.
    var prompt: String? { didSet { wrapped = nil } }
    /// The session that it was sent for.
    var promptSession: String?
    /// Its rows at the width of the pane: it may be as long as the context.
    private var wrapped: (width: Int, rows: [TextRow])?
    /// The report that is on its way was asked for as a page.
    var opensPromptPage = false

    /// Wraps the prompt once for a width.
    mutating func wrapPrompt(to width: Int) {
        guard tab == .prompt, let prompt, wrapped?.width != width else { return }
        wrapped = (width, Wrapping.rows(prompt, width: width).map { TextRow($0, .text) })
    }

    /// The prompt's rows; nil when there is none.
    func promptRows(_ width: Int) -> [TextRow]? {
        if let wrapped, wrapped.width == width { return wrapped.rows }
        return prompt.map { Wrapping.rows($0, width: width).map { TextRow($0, .text) } }
    }

    mutating func show(_ tab: InspectorTab) {
        self.tab = tab
        selection = 0
    }
}
