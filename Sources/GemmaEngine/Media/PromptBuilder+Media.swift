import ChatFormat
import Conversation
import Media
import Tokenization

extension PromptBuilder {
    /// A run of slots that a prompt must hold.
    struct Slots {
        var token: SpecialToken
        var count: Int
        var key: String
        var offset: Int
    }

    /// Writes out what stands for pictures, sounds and videos.
    ///
    /// A picture's placeholder becomes `<|image>`, a slot for each soft token, `<image|>`; a sound's
    /// likewise. A video's becomes its frames with one space between them, each after its time and a
    /// space, then its sound.
    /// - Throws: `EngineError` when the prompt has other placeholders than there are files.
    func expand(
        _ segments: [Segment],
        _ media: [MediaItem]
    ) throws(EngineError) -> (segments: [Segment], slots: [Slots]) {
        let placeholders: [Segment: MediaPlaceholder] = [
            .special(.image): .image, .special(.audio): .audio, .special(.video): .video,
        ]
        var out = SegmentList()
        var slots: [Slots] = []
        var rest = media[...]
        for segment in segments {
            guard let placeholder = placeholders[segment] else {
                out.add(segment)
                continue
            }
            guard let item = rest.popFirst(), placeholder.fits(item) else {
                throw .failed("The prompt and its attachments do not agree.")
            }
            var offset = 0
            for (index, piece) in item.layout.items.enumerated() {
                if case .frame(let stamp, _) = piece {
                    out.add(.text(index == 0 ? "\(stamp) " : " \(stamp) "))
                }
                let slot = Self.slot(piece)
                out.add(.special(slot == .audio ? .audioOpen : .imageOpen))
                for _ in 0..<piece.tokens { out.add(.special(slot)) }
                out.add(.special(slot == .audio ? .audioClose : .imageClose))
                if piece.tokens > 0 {
                    slots.append(
                        Slots(token: slot, count: piece.tokens, key: item.key, offset: offset)
                    )
                }
                offset += piece.tokens
            }
        }
        guard rest.isEmpty else {
            throw .failed("The prompt and its attachments do not agree.")
        }
        return (out.segments, slots)
    }

    private static func slot(_ piece: MediaLayout.Item) -> SpecialToken {
        switch piece {
        case .picture: .image
        case .sound: .audio
        case .frame: .video
        }
    }

    /// Finds the slots in the ids of a prompt.
    ///
    /// A model may have written such an id itself; a run counts only after its opening mark.
    /// - Throws: `EngineError` when there are others than were written.
    func spans(of slots: [Slots], in ids: [Int]) throws(EngineError) -> [MediaSpan] {
        let specials = tokenizer.vocabulary.specials
        let opening = Set([specials[.imageOpen], specials[.audioOpen]].compactMap { $0 })
        var spans: [MediaSpan] = []
        var place = 0
        for slot in slots {
            let token = specials[slot.token]
            while place < ids.count,
                !(ids[place] == token && place > 0 && opening.contains(ids[place - 1]))
            {
                place += 1
            }
            let end = ids[place...].firstIndex { $0 != token } ?? ids.count
            guard end - place == slot.count else {
                throw .failed("The prompt and its attachments do not agree.")
            }
            spans.append(
                MediaSpan(start: place, count: slot.count, key: slot.key, offset: slot.offset)
            )
            place = end
        }
        return spans
    }
}

/// What stands for a file before it is written out.
private enum MediaPlaceholder {
    case image
    case audio
    case video

    func fits(_ item: MediaItem) -> Bool {
        switch self {
        case .image: item.kind == .picture
        case .audio: item.kind == .sound
        case .video: item.kind == .video
        }
    }
}

/// Segments of which texts that touch are one.
private struct SegmentList {
    private(set) var segments: [Segment] = []

    mutating func add(_ segment: Segment) {
        if case .text(let text) = segment, case .text(let before) = segments.last {
            segments[segments.count - 1] = .text(before + text)
        } else {
            segments.append(segment)
        }
    }
}
