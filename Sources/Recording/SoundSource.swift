/// Where sound comes from: a microphone, or numbers in a test.
package protocol SoundSource: Sendable {
    /// Begins to listen.
    /// - Returns: what reads, until it is let go.
    /// - Throws: `RecordingError` when there is nothing to listen to.
    func open() throws(RecordingError) -> any SoundStream
}

/// A microphone that is open.
package protocol SoundStream {
    /// Waits for the next samples: mono, 16,000 a second.
    ///
    /// - Parameter count: how many are wanted at most.
    /// - Returns: at least one; none when no more will come.
    /// - Throws: `RecordingError` when the device is gone.
    func read(_ count: Int) throws(RecordingError) -> [Int16]

    func close()
}

/// Why nothing is recorded, as a sentence for a person.
package enum RecordingError: Error, Sendable, Hashable {
    /// The machine has no library for sound.
    case noLibrary(name: String)
    /// The library's own words.
    case noDevice(reason: String)
    case interrupted(reason: String)

    package var userMessage: String {
        switch self {
        case .noLibrary(let name):
            "This machine can't record: \(name) is missing. Install the package libasound2 "
                + "(alsa-lib), or attach a sound file with /attach."
        case .noDevice(let reason):
            "There is no microphone to record from: \(reason). Connect one, or attach a sound file "
                + "with /attach."
        case .interrupted(let reason): "The microphone went away while recording: \(reason)."
        }
    }
}
