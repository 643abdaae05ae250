package import Media

/// Why a file cannot be decoded, without its name and without words.
///
/// It crosses the border of a process whose memory may be in other hands, so the sentence is made
/// on this side: see `Sentences`.
package enum DecodingFailure: Error, Sendable, Hashable {
    /// None of the types that are read.
    case unknownType
    /// The type is known, its contents need a decoder that is not there; the decoder's name.
    case undecodable(String)
    case pictureTooLarge(width: Int, height: Int)
    /// The file is too large for its kind; the limit in bytes.
    case fileTooLarge(Int)
    case cutOff
    case damaged
    /// No size within the budget has the picture's shape.
    case shape(width: Int, height: Int)
    /// What the file is, where something else was asked for.
    case wrongKind(MediaKind)
    case noFrames
    case noSound
    case noMemory
    /// A library of FFmpeg's or a function of it is missing.
    case libraryMissing(String)
}

/// What a person is told of what was left out; likewise without words.
package enum DecodingNote: Sendable, Hashable {
    /// Only the beginning of a sound is used: its length in seconds.
    case soundCut(seconds: Double)
    /// Frames of a video that are shown, and how many there are.
    case framesSampled(taken: Int, total: Int)
    /// The first picture of so many.
    case firstOfAnimation(count: Int)
    /// A video's sound was asked for and there is none.
    case silentVideo
    /// A video's sound cannot be decoded.
    case soundtrackUndecodable(String)
    /// The file ends before its own lengths say so.
    case endMissing
    /// Parts of the file could not be decoded and were passed over.
    case partsDamaged
}
