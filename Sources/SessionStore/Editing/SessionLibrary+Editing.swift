package import Conversation
import Foundation
import Glibc

extension SessionLibrary {
    /// Changes a session that is not open anywhere, and saves it.
    ///
    /// A change that changes nothing writes nothing. `updated` stays: it tells when something was
    /// said last, and a new title or tag moves no session up in the list.
    /// - Parameters:
    ///   - id: of the session.
    ///   - change: what to do with the conversation.
    /// - Returns: The conversation as it is saved now.
    /// - Throws: `locked` when it is open elsewhere, `readOnly`, or a failed read or save; the file is
    ///   as it was then.
    @discardableResult
    package func edit(
        _ id: String,
        _ change: @Sendable (inout Transcript) -> Void
    ) async throws(SessionError) -> Transcript {
        let session = try open(id)
        if case .readOnly(let error) = session.access { throw error }
        var transcript = session.opened.transcript
        change(&transcript)
        do throws(SessionError) {
            if transcript != session.opened.transcript { try await session.save(transcript) }
            try await session.close()
        } catch {
            try? await session.close()
            throw error
        }
        transcript.id = await session.id
        return transcript
    }

    /// Makes a session of its own that begins as another one's branch.
    ///
    /// The other session is only read, so it may be open anywhere. Fields this version does not know
    /// are taken over with the messages they stand in, and those of the whole conversation.
    /// - Parameters:
    ///   - id: of the session to branch off.
    ///   - message: the last message that is taken over, as `Transcript.messageID(named:)` takes it;
    ///     nil takes the whole active branch.
    ///   - title: of the new session; nil takes the other's.
    /// - Returns: Where the new session is.
    /// - Throws: `noMessage`, or a failed read or save; nothing is left behind then.
    package func fork(
        _ id: String,
        at message: String? = nil,
        title: String? = nil
    ) async throws(SessionError) -> SessionLocation {
        let stored = try read(id)
        let last = message.map { stored.transcript.messageID(named: $0) }
        guard last != .some(nil),
            var fork = stored.transcript.forked(
                at: last ?? nil,
                id: ULID.next().description,
                now: Date()
            )
        else { throw .noMessage(message ?? "", session: id) }
        if let title { fork.title = SessionLabel.title(title) }
        let extras = stored.extras.kept(of: Set(fork.messages.map(\.id)))
        let session = try create(StoredSession(fork, extras: extras))
        do throws(SessionError) {
            try await session.save(fork)
            try await session.close()
        } catch {
            // Only a failed wait for the folder leaves a file; without it the caller tries again.
            unsafe unlink(SessionFiles(folder: folder, id: fork.id).json)
            try? await session.close()
            throw error
        }
        return SessionLocation(folder: folder, id: await session.id)
    }
}

extension Transcript {
    /// The message a person names: by its id, its number on the active branch (the first is 1, also
    /// written `#1`), or the beginning of an id that no other message has.
    ///
    /// - Returns: its id; nil when nothing or several fit.
    package func messageID(named name: String) -> String? {
        if self[name] != nil { return name }
        let path = path
        let digits = name.hasPrefix("#") ? name.dropFirst() : name[...]
        // `01` begins an id.
        if let number = Int(digits), digits.first != "0", number > 0, number <= path.count {
            return path[number - 1].id
        }
        guard !name.isEmpty else { return nil }
        let matches = messages.filter { $0.id.lowercased().hasPrefix(name.lowercased()) }
        return matches.count == 1 ? matches.first?.id : nil
    }
}
