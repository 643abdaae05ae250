package import Conversation
package import Media
package import TerminalCore

/// Where the bytes of a media file are.
package enum MediaSource: Sendable, Hashable {
    /// An absolute path.
    case file(String)
    /// A copy that a message names.
    case kept(Attachment)
}

/// A media file in small, ready to be drawn.
package struct FilePreview: Sendable, Hashable {
    package var facts: MediaFacts
    /// A few rows high: a picture, or frames in order of time.
    package var small: [SymbolPicture]
    /// For the conversation and the file list: the same, larger.
    package var large: [SymbolPicture]
    /// Peaks from 0 to 1 over the whole length.
    package var waveform: [Float]
    /// Sentences about what a model would not get of it.
    package var notes: [String]

    package init(
        facts: MediaFacts,
        small: [SymbolPicture] = [],
        large: [SymbolPicture] = [],
        waveform: [Float] = [],
        notes: [String] = []
    ) {
        self.facts = facts
        self.small = small
        self.large = large
        self.waveform = waveform
        self.notes = notes
    }

    /// Rows of the small pictures, and columns of one.
    package static let smallSize = Size(width: 16, height: 4)
    /// What each of several small ones may take.
    package static let smallFrameSize = Size(width: 11, height: 4)
    /// What a single large picture may take.
    package static let largeSize = Size(width: 48, height: 12)
    /// What each of several large ones may take.
    package static let frameSize = Size(width: 20, height: 6)
}

/// What became of looking at a media file.
package enum PreviewOutcome: Sendable, Hashable {
    case there(FilePreview)
    /// The sentence says why there is nothing to show.
    case failed(String)
}

/// What is known of media files: asked for once, drawn wherever they stand.
struct MediaShelf: Sendable {
    private enum Entry: Sendable {
        case asked
        case known(PreviewOutcome)
    }

    /// More than a screen can show; the oldest go first.
    private static let longest = 64

    private var entries: [MediaSource: Entry] = [:]
    private var order: [MediaSource] = []

    func preview(of source: MediaSource?) -> FilePreview? {
        guard let source, case .known(.there(let preview)) = entries[source] else { return nil }
        return preview
    }

    /// Why there is no preview.
    func failure(of source: MediaSource?) -> String? {
        guard let source, case .known(.failed(let sentence)) = entries[source] else { return nil }
        return sentence
    }

    mutating func take(_ outcome: PreviewOutcome, of source: MediaSource) {
        if entries.updateValue(.known(outcome), forKey: source) == nil { order.append(source) }
    }

    /// Those of the sources that nobody asked for yet; from now on they count as asked for.
    ///
    /// Those that are wanted together stay together, or each would drive out the next for ever.
    mutating func asking(_ sources: [MediaSource]) -> [MediaSource] {
        let new = sources.filter { entries[$0] == nil }
        guard !new.isEmpty else { return [] }
        let wanted = Set(sources)
        for source in new where entries.updateValue(.asked, forKey: source) == nil {
            order.append(source)
        }
        while order.count > Self.longest,
            let oldest = order.firstIndex(where: { !wanted.contains($0) })
        {
            entries[order.remove(at: oldest)] = nil
        }
        return new
    }
}
