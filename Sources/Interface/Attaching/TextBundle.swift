package import Conversation

/// Several texts that go with a message as one chip: the files of a pattern, or a document's pages.
package struct TextBundle: Sendable, Hashable {
    /// Of the document, or the pattern; absolute.
    package var path: String
    package var content: AttachedFile.Content
    package var documents: [Document]
    /// Readings of the pictures, sounds and videos that a pattern names.
    package var media: [FileReading]
    /// Sentences about what is left out.
    package var notes: [String]

    package init(
        path: String,
        content: AttachedFile.Content,
        documents: [Document],
        media: [FileReading] = [],
        notes: [String] = []
    ) {
        self.media = media
        self.path = path
        self.content = content
        self.documents = documents
        self.notes = notes
    }

    var sizeInBytes: Int { documents.reduce(0) { $0 + $1.text.utf8.count } }

    /// Tokens that the texts might have.
    var tokens: Int { documents.reduce(0) { $0 + TokenEstimate.tokens(of: $1.text) } }

    /// Pictures, sounds and videos that a pattern may bring.
    package static let mostMedia = 16
    /// Files that a pattern may bring, and bytes that they may have in all.
    package static let mostFiles = 200
    package static let largest = 1 << 20
}

/// Pages of a document that go with a message as pictures.
package struct PageReading: Sendable, Hashable {
    /// Of the document, absolute.
    package var path: String
    package var sizeInBytes: Int
    package var choice: PageChoice
    /// On sending: the pictures that were kept.
    package var kept: [Attachment]

    package init(path: String, sizeInBytes: Int, choice: PageChoice, kept: [Attachment] = []) {
        self.path = path
        self.sizeInBytes = sizeInBytes
        self.choice = choice
        self.kept = kept
    }

    /// Pages that can go with a message as pictures.
    package static let most = 50
}

/// Which pages of a document go with a message, and how.
package struct PageChoice: Sendable, Hashable {
    /// From 1; nil stands for all.
    package var pages: ClosedRange<Int>?
    package var arePictures: Bool
    /// How many pages that are; 0 before the document was read.
    package var count: Int

    package init(pages: ClosedRange<Int>? = nil, arePictures: Bool = false, count: Int = 0) {
        self.pages = pages
        self.arePictures = arePictures
        self.count = count
    }

    /// Reads `3` and `1-3`; nil for anything else.
    static func range(_ text: String) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
            first >= 1, first <= last, last <= 1_000_000
        else { return nil }
        return first...last
    }

    /// `12 pages`, `pages 1-3`.
    var words: String {
        guard let pages else { return count == 1 ? "1 page" : "\(count) pages" }
        return pages.count == 1
            ? "page \(pages.lowerBound)" : "pages \(pages.lowerBound)-\(pages.upperBound)"
    }
}
