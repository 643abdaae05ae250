import Conversation

extension SessionLibrary {
    /// Whether a session has this id, here or in the trash.
    package func isTaken(_ id: String) -> Bool {
        [folder, trashFolder].contains { folder in
            let files = SessionFiles(folder: folder, id: id)
            return [files.json, files.journal].contains { FileStamp(path: $0) != nil }
        }
    }

    /// Makes a session of a conversation that came from elsewhere; on the disk when this returns.
    ///
    /// - Parameter stored: its id is not taken.
    /// - Throws: `SessionError`; no session is left behind then.
    package func add(_ stored: StoredSession) async throws(SessionError) {
        let session = try create(stored)
        do throws(SessionError) {
            try await session.save(stored.transcript)
        } catch {
            try? await session.close()
            throw error
        }
        try await session.close()
    }
}
