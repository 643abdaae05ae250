/// Reads PDF files, as text and as pictures; the files are anybody's.
package protocol DocumentReading: Sendable {
    /// How many pages a document has.
    ///
    /// - Throws: `MediaError` with the sentence for a person, as the others do.
    func facts(_ path: String) async throws(MediaError) -> DocumentFacts

    /// The text of a document, page by page; nil takes all pages.
    func text(
        _ path: String,
        pages: ClosedRange<Int>?
    ) async throws(MediaError) -> DocumentText

    /// A page, from 1, resized for a model.
    func picture(
        _ path: String,
        page: Int,
        budget: TokenBudget
    ) async throws(MediaError) -> Picture

    /// A page, from 1, in small; in its own shape.
    func preview(
        _ path: String,
        page: Int,
        maxWidth: Int,
        maxHeight: Int
    ) async throws(MediaError) -> Picture
}

package struct DocumentFacts: Sendable, Hashable {
    package var pages: Int

    package init(pages: Int) { self.pages = pages }
}

package struct DocumentText: Sendable, Hashable {
    package var facts: DocumentFacts
    /// The text of each page that was asked for.
    package var pages: [String]
    /// Sentences for a person, as that some was left out.
    package var notes: [String]
    /// The pages are pictures only.
    package var holdsNoText: Bool { pages.allSatisfy { $0.allSatisfy(\.isWhitespace) } }

    package init(facts: DocumentFacts, pages: [String], notes: [String] = []) {
        self.facts = facts
        self.pages = pages
        self.notes = notes
    }
}
