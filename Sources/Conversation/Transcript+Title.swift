extension Transcript {
    /// The title, or the first words of the first question when there is none.
    package var displayTitle: String {
        if !title.isEmpty { return title }
        let question = messages.first { $0.role == .user }?.text ?? ""
        let words = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count <= 60 ? words : words.prefix(59) + "\u{2026}"
    }
}
