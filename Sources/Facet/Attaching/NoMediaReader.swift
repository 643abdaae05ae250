import Media

/// Stands in where nothing can decode media.
struct NoMediaReader: MediaReading {
    func prepare(
        _ path: String,
        as kind: MediaKind?,
        _ settings: MediaSettings
    ) async throws(MediaError) -> PreparedMedia { throw Self.sentence(path) }

    func preview(
        _ path: String,
        _ request: PreviewRequest
    ) async throws(MediaError) -> MediaPreview { throw Self.sentence(path) }

    private static func sentence(_ path: String) -> MediaError {
        .unusable("\"\(path)\" is a picture, sound or video; this build of facet decodes none.")
    }
}
