import Conversation
import Gemma

/// All that a snapshot tells of a conversation but the rows of its cache.
struct SnapshotHead {
    var outline: CacheOutline
    var ids: [Int]
    /// Those of them that stand for pictures and sounds.
    var media: [MediaSpan]
    var forms: ReadingForms
    var thinks: Bool
    var spoken: SpokenAnswers
    /// The logits after the last prompt, and how many ids stand before them.
    var promptLogits: (position: Int, logits: [Float])?

    var bytes: [UInt8] {
        var packer = BytePacker()
        packer.put(UInt64(outline.count))
        packer.put(UInt64(outline.ringStart))
        packer.put(outline.checkpoints)
        packer.put(ids)
        packer.put(UInt32(truncatingIfNeeded: media.count))
        for span in media {
            packer.put([span.start, span.count, span.offset])
            packer.put(Array(span.key.utf8))
        }
        packer.put(forms.runs)
        packer.put(UInt8(thinks ? 1 : 0))
        packer.put(UInt32(truncatingIfNeeded: spoken.idsOfText.count))
        for (text, ids) in spoken.idsOfText {
            packer.put(text)
            packer.put(ids)
        }
        packer.put(UInt8(spoken.last == nil ? 0 : 1))
        if let last = spoken.last {
            packer.put(last.ids)
            packer.put(last.textIDs)
            packer.put(Array(last.thought.utf8))
            packer.put(Array(last.text.utf8))
        }
        packer.put(UInt32(truncatingIfNeeded: promptLogits?.position ?? 0))
        packer.put(promptLogits?.logits ?? [])
        return packer.bytes
    }

    init(
        outline: CacheOutline,
        ids: [Int],
        media: [MediaSpan],
        forms: ReadingForms,
        thinks: Bool,
        spoken: SpokenAnswers,
        promptLogits: (position: Int, logits: [Float])?
    ) {
        self.outline = outline
        self.ids = ids
        self.media = media
        self.forms = forms
        self.thinks = thinks
        self.spoken = spoken
        self.promptLogits = promptLogits
    }

    /// Reads what `bytes` gives.
    ///
    /// Nil for bytes that are cut, go on after the end, or say what cannot be: another number of ids
    /// than positions, an id outside the vocabulary, logits of another number.
    init?(_ bytes: [UInt8], vocabularySize: Int) {
        guard let head = try? Self.read(bytes, vocabularySize) else { return nil }
        self = head
    }

    private static func read(
        _ bytes: [UInt8],
        _ vocabularySize: Int
    ) throws(ShortBytes) -> SnapshotHead {
        var source = ByteUnpacker(bytes)
        func ids() throws(ShortBytes) -> [Int] {
            let ids = try source.ids()
            guard ids.allSatisfy({ $0 < vocabularySize }) else { throw ShortBytes() }
            return ids
        }
        guard let count = Int(exactly: try source.take(UInt64.self)),
            let ringStart = Int(exactly: try source.take(UInt64.self))
        else { throw ShortBytes() }
        let outline = CacheOutline(
            count: count,
            ringStart: ringStart,
            checkpoints: try source.ids()
        )
        let held = try ids()
        var media: [MediaSpan] = []
        for _ in 0..<(try source.take(UInt32.self)) {
            let numbers = try source.ids()
            guard numbers.count == 3, numbers[0] >= media.last?.range.upperBound ?? 0,
                numbers[1] > 0, numbers[0] < held.count
            else { throw ShortBytes() }
            media.append(
                MediaSpan(
                    start: numbers[0],
                    count: numbers[1],
                    key: String(decoding: try source.text(), as: UTF8.self),
                    offset: numbers[2]
                )
            )
        }
        guard held.count == count, let forms = ReadingForms(runs: try source.ids()),
            forms.count == count
        else { throw ShortBytes() }
        let thinks = try source.take(UInt8.self) == 1
        var idsOfText: [[UInt8]: [Int]] = [:]
        for _ in 0..<(try source.take(UInt32.self)) {
            let text = try source.text()
            idsOfText[text] = try ids()
        }
        var last: SampledAnswer?
        if try source.take(UInt8.self) == 1 {
            var answer = SampledAnswer()
            answer.ids = try ids()
            answer.textIDs = try ids()
            answer.thought = String(decoding: try source.text(), as: UTF8.self)
            answer.text = String(decoding: try source.text(), as: UTF8.self)
            last = answer
        }
        let position = Int(try source.take(UInt32.self))
        let logits = try source.floats()
        guard logits.isEmpty || logits.count == vocabularySize,
            logits.isEmpty || position >= 1 && position <= count,
            source.isAtEnd
        else { throw ShortBytes() }
        return SnapshotHead(
            outline: outline,
            ids: held,
            media: media,
            forms: forms,
            thinks: thinks,
            spoken: SpokenAnswers(idsOfText: idsOfText, last: last),
            promptLogits: logits.isEmpty ? nil : (position, logits)
        )
    }
}
