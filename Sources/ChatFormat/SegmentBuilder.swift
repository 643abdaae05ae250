import Tokenization

/// Collects a prompt; texts that touch become one segment.
struct SegmentBuilder {
    private(set) var segments: [Segment] = []

    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        if case .text(let before) = segments.last {
            segments[segments.count - 1] = .text(before + text)
        } else {
            segments.append(.text(text))
        }
    }

    mutating func add(_ token: SpecialToken) { segments.append(.special(token)) }

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
