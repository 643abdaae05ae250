/// Turns text into token ids, exactly as the model was trained.
///
/// No call adds a beginning-of-sequence token: prompts carry it as a segment.
package struct Tokenizer: Sendable {
    package let vocabulary: Vocabulary
    private let specials: [(text: [UInt8], id: Int)]

    private let usesCuts: Bool

    /// Makes a tokenizer; `usesCuts` false merges each text as one stretch: slower, the same ids.
    package init(vocabulary: Vocabulary, usesCuts: Bool = true) {
        self.vocabulary = vocabulary
        self.usesCuts = usesCuts
        specials = vocabulary.specials.longestFirst
    }

    /// Encodes text in which nothing is special, whatever it looks like.
    ///
    /// For everything that comes from users, tools, files and past answers. Cost: n log n for the
    /// longest stretch without a cut; a megabyte without spaces is fine.
    package func encodeText(_ text: String) -> [Int] {
        var ids: [Int] = []
        encode(Array(text.utf8), into: &ids)
        return ids
    }

    /// Encodes a trusted string in which the texts of special tokens stand for these tokens.
    package func encodeMarkup(_ text: String) -> [Int] {
        let bytes = Array(text.utf8)
        var ids: [Int] = []
        var start = 0
        var place = 0
        while place < bytes.count {
            // All special texts begin with `<`.
            guard bytes[place] == UInt8(ascii: "<"),
                let special = specials.first(where: { bytes[place...].starts(with: $0.text) })
            else {
                place += 1
                continue
            }
            encode(Array(bytes[start..<place]), into: &ids)
            ids.append(special.id)
            place += special.text.count
            start = place
        }
        encode(Array(bytes[start...]), into: &ids)
        return ids
    }

    /// Encodes a prompt; texts that touch are joined first, since tokens reach across their border.
    /// - Throws: `TokenizationError.missingSpecial` for a special token the vocabulary lacks.
    package func encode(_ segments: [Segment]) throws(TokenizationError) -> [Int] {
        var ids: [Int] = []
        var pending: [UInt8] = []
        for segment in segments {
            switch segment {
            case .text(let text): pending.append(contentsOf: text.utf8)
            case .special(let text):
                encode(pending, into: &ids)
                pending.removeAll()
                guard let id = vocabulary.specials.id(ofText: text) else {
                    throw .missingSpecial(text)
                }
                ids.append(id)
            }
        }
        encode(pending, into: &ids)
        return ids
    }

    /// The text of these ids, special tokens left out; bytes that form no character become U+FFFD.
    package func decode(_ ids: some Sequence<Int>) -> String {
        var detokenizer = StreamingDetokenizer(vocabulary: vocabulary)
        var text = ""
        for id in ids { text += detokenizer.append(id) }
        return text + detokenizer.flush()
    }

    /// The text of these ids with special tokens as their literal text.
    package func decodeMarkup(_ ids: some Sequence<Int>) -> String {
        var detokenizer = StreamingDetokenizer(vocabulary: vocabulary)
        var text = ""
        for id in ids {
            if let special = vocabulary.specials.token(of: id) {
                text += detokenizer.flush() + special.rawValue
            } else {
                text += detokenizer.append(id)
            }
        }
        return text + detokenizer.flush()
    }

    private func encode(_ text: [UInt8], into ids: inout [Int]) {
        guard !text.isEmpty else { return }
        var merger = PieceMerger(vocabulary: vocabulary)
        guard vocabulary.algorithm == .scores else {
            return encodeStretch(text[...], &merger, into: &ids)
        }
        // Gemma 3 takes newline runs, space runs and HTML tags whole, before anything else.
        var start = 0
        var place = 0
        while place < text.count {
            guard let (id, length) = wholeToken(text, at: place) else {
                place += 1
                continue
            }
            encodeStretch(text[start..<place], &merger, into: &ids)
            ids.append(id)
            place += length
            start = place
        }
        encodeStretch(text[start...], &merger, into: &ids)
    }

    private func wholeToken(_ text: [UInt8], at place: Int) -> (id: Int, length: Int)? {
        for length in vocabulary.wholeLengths[Int(text[place])] where place + length <= text.count {
            if let id = vocabulary.table.index(
                of: text,
                place..<(place + length),
                bytes: vocabulary.bytes,
                offsets: vocabulary.offsets
            ), vocabulary.types[id] == 4,
                vocabulary.specials.token(of: id) == nil
            {
                return (id, length)
            }
        }
        return nil
    }

    private func encodeStretch(
        _ raw: ArraySlice<UInt8>,
        _ merger: inout PieceMerger,
        into ids: inout [Int]
    ) {
        guard !raw.isEmpty else { return }
        var text: [UInt8] = []
        text.reserveCapacity(raw.count + raw.count / 2)
        for byte in raw {
            if byte == 0x20 {
                text.append(contentsOf: Vocabulary.spaceMark)
            } else {
                text.append(byte)
            }
        }
        var start = 0
        for place in 1..<max(text.count, 1)
        where usesCuts && vocabulary.cuts.isCut(text, at: place, from: 0, to: text.count) {
            merger.encode(text, start, place, into: &ids)
            start = place
        }
        merger.encode(text, start, text.count, into: &ids)
    }
}
