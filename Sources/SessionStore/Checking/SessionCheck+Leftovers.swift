import Conversation
import Foundation

extension SessionCheck {
    /// Tells of files that dead processes left, and of what belongs to no session any more.
    mutating func checkLeftovers() async throws(SessionError) {
        let names = try Disk.names(in: library.folder).sorted()
        let trashNames = try Disk.names(in: library.trashFolder).sorted()
        let live = Set(SessionLibrary.ids(in: names))
        let trashed = Set(SessionLibrary.ids(in: trashNames))
        var found: [SessionFinding] = []
        for name in names {
            guard let (id, suffix) = Self.parts(of: name) else { continue }
            if let finding = leftover(
                name,
                suffix,
                SessionFiles(folder: library.folder, id: id),
                isTrashed: trashed.contains(id) && !live.contains(id),
                isThere: live.contains(id) || trashed.contains(id)
            ) {
                found.append(finding)
            }
        }
        for name in trashNames {
            guard let (id, suffix) = Self.parts(of: name) else { continue }
            let path = "\(SessionTrash.folderName)/\(name)"
            if suffix == "tmp", !isHeld(id) {
                found.append(SessionFinding(path, .temporary, Self.temporary))
            } else if suffix == "deleted", !trashed.contains(id), !isHeld(id) {
                found.append(
                    SessionFinding(
                        path,
                        .deletionMarker,
                        "It tells of a deletion that did not happen."
                    )
                )
            }
        }
        for name in try attachments.staleCopies().sorted() {
            found.append(SessionFinding("attachments/\(name)", .temporary, Self.temporary))
        }
        if repairs, !found.isEmpty { await library.tidy() }
        for finding in found { add(repairs ? settled(finding) : finding) }
    }

    private static let temporary = "A process that died was making it."

    /// Id and ending of a file that belongs to a session.
    private static func parts(of name: String) -> (id: String, suffix: Substring)? {
        let id = String(name.prefix(26))
        guard name.dropFirst(26).first == ".", SessionFiles.id(fromName: id + ".json") != nil
        else { return nil }
        return (id, name.dropFirst(27))
    }

    private func isHeld(_ id: String) -> Bool {
        let files = SessionFiles(folder: library.folder, id: id)
        if case .held = SessionLock.state(files.lock) { return true }
        return false
    }

    private func leftover(
        _ name: String,
        _ suffix: Substring,
        _ files: SessionFiles,
        isTrashed: Bool,
        isThere: Bool
    ) -> SessionFinding? {
        if suffix == "lock" {
            guard case .stale = SessionLock.state(files.lock) else { return nil }
            return SessionFinding(name, .staleLock, "The process that held it died.")
        }
        if suffix == "tmp" {
            return isHeld(files.id) ? nil : SessionFinding(name, .temporary, Self.temporary)
        }
        if suffix.contains("damaged-"), !suffix.hasSuffix(".txt") {
            return SessionFinding(
                name,
                .setAside,
                "It could not be read and was set aside; mend it and rename it back, or delete it."
            )
        }
        guard SessionTrash.isCompanion(name, of: files.id) else { return nil }
        if isTrashed, !isHeld(files.id) {
            return SessionFinding(name, .unfinishedMove, "Its session is in the trash.")
        }
        guard suffix == "tokens", !isThere else { return nil }
        return SessionFinding(name, .tokensAlone, "Its session is not there; it may be deleted.")
    }

    /// What became of a leftover when the folder was tidied.
    private func settled(_ finding: SessionFinding) -> SessionFinding {
        var finding = finding
        guard ![.setAside, .tokensAlone].contains(finding.kind) else { return finding }
        if FileStamp(path: "\(library.folder)/\(finding.path)") == nil {
            finding.outcome = .done(finding.kind == .unfinishedMove ? "moved there" : "removed")
        } else {
            finding.outcome = .left("it is in use, or you may not change it")
        }
        return finding
    }
}
