/// A file in small, for somebody who looks at it before it is sent.
package struct MediaPreview: Sendable, Hashable {
    package var facts: MediaFacts
    /// Upright, in the file's own shape, no larger than was asked for: one of a picture, up to
    /// `PreviewRequest.frames` of a video in order of time, none of a sound.
    package var pictures: [Picture]
    /// Of a sound, or of a video's sound: peaks from 0 to 1, one for each column; else empty.
    package var waveform: [Float]
    /// Sentences for a person: what the model would not get of the file.
    package var notes: [String]

    package init(
        facts: MediaFacts,
        pictures: [Picture] = [],
        waveform: [Float] = [],
        notes: [String] = []
    ) {
        self.facts = facts
        self.pictures = pictures
        self.waveform = waveform
        self.notes = notes
    }
}

/// How small a preview is to be.
package struct PreviewRequest: Sendable, Hashable {
    /// In pixels; a preview is never larger than the picture itself.
    package var maxWidth: Int
    package var maxHeight: Int
    /// Frames of a video, 0 to 4, of those that the model would be shown.
    package var frames: Int
    /// Columns of a waveform; 0 for none.
    package var columns: Int

    package init(maxWidth: Int, maxHeight: Int, frames: Int = 1, columns: Int = 0) {
        self.maxWidth = min(max(maxWidth, 1), Self.maxSide)
        self.maxHeight = min(max(maxHeight, 1), Self.maxSide)
        self.frames = min(max(frames, 0), Self.maxFrames)
        self.columns = min(max(columns, 0), Self.maxColumns)
    }

    package static let maxSide = 2_048
    package static let maxFrames = 4
    package static let maxColumns = 4_096
}
