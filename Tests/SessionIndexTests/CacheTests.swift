import CSQLite
import Conversation
import Foundation
import SeededRandom
import SessionIndex
import SessionStore
import Testing

@Suite struct IndexAsCache {
    private static func filled() throws -> Workshop {
        var random = SeededGenerator(state: 5)
        let workshop = try Workshop()
        for _ in 0..<12 { try workshop.write(RandomSession.transcript(using: &random)) }
        return workshop
    }

    /// Whether an index says what the files say.
    private static func isRight(_ workshop: Workshop) async throws -> Bool {
        let index = workshop.index
        let bare = SessionIndex(folder: workshop.sessions, cacheFolder: nil)
        let query = SearchQuery("apple*", limit: 1000)
        let expected = try await bare.search(query)
        #expect(!expected.isEmpty)
        let list = try await index.list()
        let hits = try await index.search(query)
        return try await list == workshop.library.list() && hits == expected
    }

    @Test("an index cut off anywhere, or with other bytes in it, gives the right answers")
    func damaged() async throws {
        let workshop = try Self.filled()
        #expect(try await Self.isRight(workshop))
        let path = workshop.database
        let whole = try Data(contentsOf: URL(filePath: path))
        #expect(whole.count > 20_000)
        var random = SeededGenerator(state: 9)
        for length in stride(from: 0, through: whole.count, by: 1777) {
            try whole.prefix(length).write(to: URL(filePath: path))
            #expect(try await Self.isRight(workshop), "cut to \(length)")
        }
        for round in 0..<40 {
            var other = whole
            for _ in 0..<(1 << (round % 8)) {
                let place = Int.random(in: 0..<other.count, using: &random)
                other[place] = UInt8.random(in: 0...255, using: &random)
            }
            try other.write(to: URL(filePath: path))
            // Values that are wrong but possible can't be told from right ones; nothing may fail.
            let index = workshop.index
            _ = try await index.list()
            _ = try await index.search(SearchQuery("apple*", limit: 1000))
        }
        let text = Data("no database at all, but some text instead of it".utf8)
        try text.write(to: URL(filePath: path))
        // It is made anew as soon as no index has it open: a task that is over may let go of one late.
        for _ in 0..<500 {
            #expect(try await Self.isRight(workshop))
            guard try Data(contentsOf: URL(filePath: path)) == text else { break }
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try Data(contentsOf: URL(filePath: path)).starts(with: Data("SQLite".utf8)))
    }

    @Test("an index of another version, with a trigger, or with senseless values is not believed")
    func hostile() async throws {
        for change in [
            "UPDATE about SET version = 999", "UPDATE about SET folder = '/other'",
            "DELETE FROM about", "DROP TABLE message",
            "CREATE TRIGGER t AFTER UPDATE ON session BEGIN DELETE FROM message; END",
            "ALTER TABLE session ADD COLUMN more",
            "UPDATE session SET id = '../../etc/passwd' || number",
            "UPDATE session SET updated = 9e999, messages = -1",
            "UPDATE session SET state = 77, tags = '[', stamp = 0",
            "UPDATE message SET place = 9223372036854775807, length = 9223372036854775807",
            "UPDATE message SET place = 3, length = 10",
            "UPDATE message SET ordinal = 9999, place = -1",
        ] {
            let workshop = try Self.filled()
            _ = try await workshop.index.list()
            #expect(Self.execute(change, in: workshop.database) == SQLITE_OK, "\(change)")
            let list = try await workshop.index.list()
            #expect(list == (try await workshop.library.list()), "\(change)")
            let index = workshop.index
            let hits = try await index.search(SearchQuery("apple*", limit: 1000))
            if !change.contains("ordinal") { #expect(!hits.isEmpty, "\(change)") }
        }
    }

    @Test("without a place for the index, or with one in use, the files are read")
    func unusable() async throws {
        let workshop = try Self.filled()
        try Data().write(to: URL(filePath: workshop.cache))
        #expect(try await Self.isRight(workshop))
        try FileManager.default.removeItem(atPath: workshop.cache)
        #expect(try await Self.isRight(workshop))
        // Another process is in the middle of writing, and stays there.
        var other: OpaquePointer?
        #expect(unsafe sqlite3_open(workshop.database, &other) == SQLITE_OK)
        defer { unsafe sqlite3_close(other) }
        #expect(unsafe sqlite3_exec(other, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
        var random = SeededGenerator(state: 6)
        try workshop.write(RandomSession.transcript(using: &random))
        #expect(try await Self.isRight(workshop))
    }

    @Test("files of the index are their owner's alone, and only one is left")
    func permissions() async throws {
        let workshop = try Self.filled()
        _ = try await workshop.index.list()
        #expect(workshop.indexFiles.count == 1)
        func mode(_ path: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try mode(workshop.database) == 0o600)
        #expect(try mode(workshop.cache + "/index") == 0o700)
    }

    @Test("two indexes of one folder, used in turn, both stay right")
    func two() async throws {
        var random = SeededGenerator(state: 8)
        let workshop = try Self.filled()
        let indexes = [workshop.index, workshop.index]
        let bare = SessionIndex(folder: workshop.sessions, cacheFolder: nil)
        for step in 0..<20 {
            try workshop.write(RandomSession.transcript(using: &random))
            async let first = indexes[0].list()
            async let second = indexes[1].list()
            let expected = try await workshop.library.list()
            #expect(try await first == expected)
            #expect(try await second == expected)
            let query = SearchQuery("pear", limit: 1000)
            #expect(try await indexes[step % 2].search(query) == (try await bare.search(query)))
        }
    }

    @Test("a cancelled refresh keeps what it has done, and the next one ends it")
    func cancelled() async throws {
        let workshop = try Self.filled()
        // Stamps count once they are older than a clock's tick.
        try await Task.sleep(for: .milliseconds(150))
        let index = workshop.index
        let task = Task {
            try await index.refresh { _, _ in
                unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            }
        }
        try await task.value
        let counter = Counter()
        let list = try await workshop.index.list { _, total in counter.set(total) }
        let expected = try await workshop.library.list()
        #expect(list == expected)
        #expect((1..<12).contains(counter.value), "\(counter.value)")
    }

    private static func execute(_ sql: String, in path: String) -> Int32 {
        var handle: OpaquePointer?
        defer { unsafe sqlite3_close(handle) }
        guard unsafe sqlite3_open(path, &handle) == SQLITE_OK else { return SQLITE_CANTOPEN }
        return unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    }
}
