import Tokenization

/// Collects a prompt; texts that touch become one segment.
struct SegmentBuilder {
    private var ended: [Segment] = []
    /// Text that a token has not ended yet.
    private var text = ""

    var segments: [Segment] { text.isEmpty ? ended : ended + [.text(text)] }

    mutating func add(_ text: String) { self.text += text }

    mutating func add(_ token: SpecialToken) {
        if !text.isEmpty { ended.append(.text(text)) }
        text = ""
        ended.append(.special(token))
    }

    mutating func addQuoted(_ text: String) {
        add(.quote)
        add(text)
        add(.quote)
    }

    mutating func add(_ media: ChatPart.Media) {
        switch media {
        case .image: add(SpecialToken.image)
        case .audio: add(SpecialToken.audio)
        case .video: add(SpecialToken.video)
        }
    }
}
