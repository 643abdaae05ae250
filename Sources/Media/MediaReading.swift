/// Reads media files for an engine and for the interface; the files are anybody's.
package protocol MediaReading: Sendable {
    /// Decodes a file and makes it ready for a model.
    ///
    /// - Parameters:
    ///   - path: of the file.
    ///   - kind: what it is taken for; nil finds out.
    ///   - settings: how.
    /// - Returns: pictures resized, sound resampled, frames sampled, and what was left out.
    /// - Throws: `MediaError` with the sentence for a person.
    func prepare(
        _ path: String,
        as kind: MediaKind?,
        _ settings: MediaSettings
    ) async throws(MediaError) -> PreparedMedia

    /// Reads what is needed to show a file in small.
    ///
    /// - Throws: `MediaError` with the sentence for a person.
    func preview(
        _ path: String,
        _ request: PreviewRequest
    ) async throws(MediaError) -> MediaPreview
}

/// Why a media file cannot be used, as a sentence for a person.
package enum MediaError: Error, Sendable, Hashable {
    /// The whole sentence: what happened, to which file, what to do.
    case unusable(String)
    case cancelled

    package var userMessage: String {
        switch self {
        case .unusable(let sentence): sentence
        case .cancelled: "Reading the file was cancelled."
        }
    }
}
