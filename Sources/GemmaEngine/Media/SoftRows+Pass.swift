import Conversation
import Gemma

extension SoftRows {
    /// The rows of a pass that come from encoders.
    ///
    /// - Parameters:
    ///   - spans: where they are in the prompt.
    ///   - tokens: what was encoded, by key.
    ///   - start: the pass's first place in the prompt.
    ///   - end: where the pass ends; moved where it would cut a picture whose rows see each other, to
    ///     its beginning, or to its end when the pass begins with it: it always fits one.
    ///   - width: of a row.
    ///   - seesAhead: whether a picture's rows see each other; those of sounds never do.
    init(
        _ spans: [MediaSpan],
        _ tokens: [String: SoftTokens],
        from start: Int,
        to end: inout Int,
        width: Int,
        seesAhead: Bool
    ) {
        self.init()
        func isAhead(_ span: MediaSpan) -> Bool {
            seesAhead && tokens[span.key]?.isSound(span.offset) == false
        }
        if let cut = spans.first(where: { $0.range.contains(end) && $0.start < end }),
            isAhead(cut)
        {
            end = cut.start > start ? cut.start : cut.range.upperBound
        }
        for span in spans {
            let part = span.range.clamped(to: start..<end)
            guard !part.isEmpty, let rows = tokens[span.key]?.rows else { continue }
            let first = (span.offset + part.lowerBound - span.start) * width
            self.spans.append(
                Span(
                    rows: part.lowerBound - start..<part.upperBound - start,
                    embeddings: rows[first..<first + part.count * width],
                    seesAhead: isAhead(span)
                )
            )
        }
    }
}

extension SoftTokens {
    /// Whether the row with this number is one of a sound.
    func isSound(_ row: Int) -> Bool {
        var end = 0
        for item in layout.items {
            end += item.tokens
            if row < end, case .sound = item { return true }
            if row < end { return false }
        }
        return false
    }
}
