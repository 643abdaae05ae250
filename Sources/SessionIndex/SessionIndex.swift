import Conversation
import Foundation
package import SessionStore

/// The sessions of a folder, listed and searched without reading every file.
///
/// What it says is what the files say, whatever became of the index: each call first looks at the
/// metadata of all files and reads those that changed. An index that is absent, stale, damaged, in
/// use or without room on its disk costs time and nothing else.
package actor SessionIndex {
    package nonisolated let folder: String
    private let cacheFolder: String?
    private let queue = IndexQueue()
    private var reader = WordReader()

    private var file: IndexFile?
    private var isOpened = false
    private(set) var tables: IndexTables?
    private var generation: Int64 = 0
    private var canWrite = true
    /// What is known of each session, by id.
    private(set) var sessions: [String: IndexedSession] = [:]
    /// Sessions whose words are not in the index as they are now.
    private(set) var unindexed: Set<String> = []
    private(set) var idOfNumber: [Int64: String] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe queue.asUnownedSerialExecutor()
    }

    /// - Parameters:
    ///   - folder: of the sessions.
    ///   - cacheFolder: below which `index/` holds the index; nil to do without one.
    package init(folder: String, cacheFolder: String?) {
        self.folder = folder
        self.cacheFolder = cacheFolder
    }

    /// `$XDG_CACHE_HOME/facet`, by default `~/.cache/facet`; nil when no home is known.
    package static func cacheFolder(environment: [String: String]) -> String? {
        // The XDG specification: a relative path there is to be ignored.
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return cache + "/facet"
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return home + "/.cache/facet"
    }

    /// The sessions that are wanted: pinned first, then the last changed, as `SessionLibrary.list`.
    ///
    /// Not all of them when the task is cancelled.
    /// - Throws: `SessionError` when the folder itself cannot be read; a missing one is empty.
    package func list(
        _ filter: SessionFilter = SessionFilter(),
        progress: Progress? = nil
    ) throws(SessionError) -> [SessionSummary] {
        try refresh(progress: progress)
        let all = sessions.values.filter { filter.lists($0.entry) }.map(\.entry.summary)
        // Summaries are large, so their places are sorted, by what decides nearly always.
        let keys = all.map { ($0.isPinned ? 1 : 0, $0.updated) }
        return all.indices.sorted {
            keys[$0] == keys[$1] ? all[$0].precedes(all[$1]) : keys[$0] > keys[$1]
        }.map { all[$0] }
    }

    /// Called after each session that had to be read: how many are done, and how many there are.
    package typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

    /// Brings the index up to date with the files: reads what changed, forgets what is gone.
    ///
    /// Stops between two sessions when the task is cancelled; what is done by then stays done.
    /// - Throws: `SessionError` when the folder itself cannot be read; a missing one is empty.
    package func refresh(progress: Progress? = nil) throws(SessionError) {
        let stamps = try SessionLibrary.stamps(in: folder)
        open()
        canWrite = true
        var changed: [String] = []
        for (id, stamp) in stamps where sessions[id]?.stamp != stamp.value { changed.append(id) }
        // The oldest first, so that keys of the index grow.
        changed.sort()
        let gone = sessions.keys.filter { stamps[$0] == nil }
        for id in gone { forget(id) }
        var batch: [PreparedSession] = []
        var size = 0
        for (done, id) in changed.enumerated() {
            if Task.isCancelled { break }
            guard let stamp = stamps[id] else { continue }
            guard let session = prepare(id, stamp: stamp) else {
                forget(id)
                continue
            }
            size += session.size
            batch.append(session)
            if size > Self.batchBytes {
                write(batch, removing: [])
                batch = []
                size = 0
            }
            progress?(done + 1, changed.count)
        }
        if !batch.isEmpty || !gone.isEmpty { write(batch, removing: gone) }
    }

    /// Words of one transaction, in bytes.
    private static let batchBytes = 12 << 20

    /// Reads a session; what is known of it is known at once, with or without an index.
    private func prepare(_ id: String, stamp: SessionStamp) -> PreparedSession? {
        // A file that was changed just now may change again within the tick of its clock.
        let isSettled = abs(stamp.changed.timeIntervalSinceNow) > 0.1
        let folder = folder
        guard let reading = SessionLibrary.reading(id, in: folder) else { return nil }
        let value = isSettled ? stamp.value : 0
        var prepared = PreparedSession(entry: SessionEntry(reading), stamp: value)
        if tables != nil {
            prepared.add(reading, reader: &reader) { SessionLibrary.bytes(of: id, in: folder) }
        }
        let known = sessions[id]?.number ?? 0
        sessions[id] = IndexedSession(
            number: known,
            stamp: value,
            entry: prepared.entry
        )
        unindexed.insert(id)
        return prepared
    }

    private func forget(_ id: String) {
        if let session = sessions.removeValue(forKey: id) { idOfNumber[session.number] = nil }
        unindexed.remove(id)
    }

    /// Lets go of the index, so that nothing but its file stays behind; the next call opens it again.
    package func close() {
        tables = nil
        file = nil
        isOpened = false
        generation = 0
        sessions = [:]
        idOfNumber = [:]
        unindexed = []
    }

    /// Writes to the index; what cannot be written stays unindexed, and is searched in the files.
    private func write(_ batch: [PreparedSession], removing gone: [String]) {
        guard let tables, canWrite else { return }
        do {
            for (id, number) in try tables.write(batch, removing: gone) {
                sessions[id]?.number = number
                idOfNumber[number] = id
                unindexed.remove(id)
            }
        } catch {
            // Who else writes may do so for long, and a full disk stays full.
            canWrite = false
            giveUp(after: error)
        }
    }

    /// Goes on without a damaged index, and removes it so that the next start makes a new one.
    func giveUp(after error: DatabaseError) {
        guard error.isDamage else { return }
        tables = nil
        unindexed = Set(sessions.keys)
        _ = file?.removeAll()
    }

    /// Opens the index once, and reads its sessions when another process began it anew.
    private func open() {
        do {
            if !isOpened {
                isOpened = true
                file = cacheFolder.flatMap { IndexFile(subject: folder, cacheFolder: $0) }
                tables = try file?.open().tables
                // Only here, where nothing of it is in use yet.
                _ = try tables?.clearWhenStale()
            }
            guard let tables, try tables.generation() != generation else { return }
            sessions = [:]
            idOfNumber = [:]
            unindexed = []
            let known = try tables.sessions()
            sessions.reserveCapacity(known.count)
            idOfNumber.reserveCapacity(known.count)
            for session in known {
                sessions[session.entry.summary.id] = session
                idOfNumber[session.number] = session.entry.summary.id
            }
            generation = try tables.generation()
        } catch {
            giveUp(after: error)
        }
    }
}

extension Database {
    var tables: IndexTables { IndexTables(database: self) }
}
