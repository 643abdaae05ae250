import Conversation
package import Foundation
import Glibc

extension AttachmentStore {
    /// What a removal of unused copies took away.
    package struct Removal: Sendable, Hashable {
        package var hashes: [String] = []
        package var sizeInBytes = 0
    }

    /// How old a copy has to be before it can be unused: a message may be in the making.
    package static let graceInSeconds: TimeInterval = 3600

    /// How many sessions of the folder and its trash mention each hash.
    ///
    /// Journals, older formats and files that were set aside count too. A mention is any run of 64
    /// hexadecimal digits: what looks like one keeps a copy rather than losing it.
    /// - Throws: `SessionError` when a session's file cannot be read.
    package func references() throws(SessionError) -> [String: Int] {
        var seen: Set<String> = []
        var sessionsOfHash: [String: Set<String>] = [:]
        // The sessions once more at the end: one may have come back from the trash in between.
        for place in [sessions, sessions + "/" + SessionTrash.folderName, sessions] {
            for name in try Disk.names(in: place) {
                let path = "\(place)/\(name)"
                guard let id = Self.session(mentioningFile: name), seen.insert(path).inserted,
                    let bytes = try Disk.read(path)?.bytes
                else { continue }
                for hash in HashScan.hashes(in: bytes) {
                    sessionsOfHash[hash, default: []].insert(id)
                }
            }
        }
        return sessionsOfHash.mapValues(\.count)
    }

    /// The hashes of all copies, with their paths.
    package func copies() throws(SessionError) -> [(hash: String, path: String)] {
        try Disk.names(in: folder).sorted().compactMap { name in
            Self.hash(ofCopy: name).map { ($0, "\(folder)/\(name)") }
        }
    }

    /// Removes the copies that no session mentions and that are older than an hour.
    /// - Parameter now: the time to go by.
    /// - Returns: What was removed.
    /// - Throws: `SessionError` when a session's file or the folder cannot be read, or a copy not
    ///   removed; what was removed until then was unused.
    package func removeUnused(now: Date = Date()) throws(SessionError) -> Removal {
        var removal = Removal()
        let copies = try copies()
        guard !copies.isEmpty else { return removal }
        let used = try references()
        for (hash, path) in copies where used[hash] == nil {
            guard let file = try? Self.open(path) else { continue }
            // Held by someone who is just adding the same file again: it stays.
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0, let stamp = FileStamp(file),
                now.timeIntervalSince(stamp.modified) > Self.graceInSeconds
            else { continue }
            guard unsafe unlink(path) == 0 else { throw SessionError(code: errno, "remove", path) }
            removal.hashes.append(hash)
            removal.sizeInBytes += stamp.size
        }
        return removal
    }

    /// The session a file belongs to that can mention an attachment; nil for any other file.
    private static func session(mentioningFile name: String) -> String? {
        guard name.utf8.count > 27, name.utf8.dropFirst(26).first == UInt8(ascii: "."),
            let id = ULID(String(name.prefix(26)))?.description
        else { return nil }
        return ["lock", "tokens", "deleted"].contains(name.dropFirst(27)) ? nil : id
    }
}
