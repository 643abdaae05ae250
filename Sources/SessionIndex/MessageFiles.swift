import Conversation
import Foundation
import SessionStore

/// Reads single messages of session files.
struct MessageFiles {
    let folder: String
    /// The session that had to be read whole last, as hits of one often follow each other.
    private var whole: (id: String, messages: [Message])?

    init(folder: String) { self.folder = folder }

    /// Makes something of a message: of the bytes where it should stand, or when they do not give
    /// it, of the whole session.
    mutating func message<Result>(
        _ candidate: SearchCandidate,
        of id: String,
        _ body: (Message) -> Result?
    ) -> Result? {
        if let place = candidate.place, let bytes = bytes(place, of: id),
            let message = SessionFormat.message(from: bytes, spareID: "m\(candidate.ordinal &+ 1)"),
            let result = body(message)
        {
            return result
        }
        if whole?.id != id {
            let reading = SessionLibrary.reading(id, in: folder)
            whole = (id, reading?.transcript?.messages ?? [])
        }
        guard let messages = whole?.messages, messages.indices.contains(candidate.ordinal) else {
            return nil
        }
        return body(messages[candidate.ordinal])
    }

    private func bytes(_ place: Range<Int>, of id: String) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: "\(folder)/\(id).json") else { return nil }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(place.lowerBound))) != nil,
            let data = try? file.read(upToCount: place.count), data.count == place.count
        else { return nil }
        return Array(data)
    }
}
