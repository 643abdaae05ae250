import Conversation
import Markdown

/// Answers as Markdown: their code blocks, and how they are shown.
extension AppState {
    mutating func toggleMarkdown() {
        chat.pane.isRaw.toggle()
        let hint =
            focus == .editor
            ? keymap.prefixHint(for: .toggleMarkdown)
            : keymap.hint(for: .toggleMarkdown, in: focus)
        show(
            chat.pane.isRaw
                ? "Answers are shown as they were written. \(hint) lays them out."
                : "Answers are laid out. \(hint) shows them as they were written."
        )
    }

    /// Sends a code block to the clipboard: `/code [NUMBER]`.
    mutating func copyCode(_ argument: String) -> [Effect] {
        guard let block = codeBlock(argument) else { return [] }
        guard !block.source.isEmpty else {
            show("This code block is empty.")
            return []
        }
        return [.copy(block.source)]
    }

    /// Writes a code block to a file: `/save [NUMBER] [!]PATH`.
    mutating func saveCode(_ argument: String) -> [Effect] {
        let words = argument.split(separator: " ", maxSplits: 1).map(String.init)
        let isNumbered = words.first.map { Int($0) != nil } ?? false
        var path = isNumbered ? (words.count > 1 ? words[1].trimmed : "") : argument
        let replaces = path.hasPrefix("!")
        if replaces { path = String(path.dropFirst()).trimmed }
        guard !path.isEmpty else {
            show("/save PATH writes the last code block, /save 2 PATH the second one.")
            return []
        }
        guard let block = codeBlock(isNumbered ? words[0] : "") else { return [] }
        return [.saveFile(path: path, text: block.source, replaces: replaces)]
    }

    /// A code block of the chosen answer, else of the last one that has any: by its number, or the
    /// last; says why there is none.
    private mutating func codeBlock(_ number: String) -> CodeBlock? {
        let blocks = codeBlocks
        guard let last = blocks.last else {
            show("There is no code block here.")
            return nil
        }
        if number.isEmpty { return last }
        guard let index = Int(number), index > 0, index <= blocks.count else {
            show(
                blocks.count == 1
                    ? "There is one code block here."
                    : "There are \(blocks.count) code blocks here."
            )
            return nil
        }
        return blocks[index - 1]
    }

    private var codeBlocks: [CodeBlock] {
        if let id = chat.pane.cursor, let message = chat.message(id), message.role == .assistant {
            return message.codeBlocks
        }
        for id in chat.pane.branch.suffix(50).reversed() {
            guard let message = chat.message(id), message.role == .assistant else { continue }
            let blocks = message.codeBlocks
            if !blocks.isEmpty { return blocks }
        }
        return []
    }
}

extension Message {
    /// The code blocks of its texts, numbered as they are shown.
    var codeBlocks: [CodeBlock] {
        parts.flatMap { part -> [CodeBlock] in
            if case .text(let text) = part { MarkdownDocument(text).codeBlocks } else { [] }
        }
    }
}
