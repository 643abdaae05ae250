import Conversation
import Foundation
import Glibc
import SessionStore
import Testing

@Suite struct TrashOfAFolder {
    /// A session with everything that may stand beside it.
    private func fill(_ folder: ScratchFolder) throws -> [String] {
        try folder.write("\(Sample.id).json", Sample.bytes())
        try folder.write("\(Sample.id).tokens", [1, 2])
        try folder.write("\(Sample.id).json.format-0", [3])
        try folder.write("\(Sample.id).json.bak", [4])
        try folder.write("\(Sample.otherID).json", Sample.bytes(id: Sample.otherID))
        return ["json", "json.format-0", "tokens"].map { "\(Sample.id).\($0)" }
    }

    private func trash(_ folder: ScratchFolder) throws -> [String] {
        try Disk.names(in: folder.path + "/trash").sorted()
    }

    @Test("a deleted session moves with all that belongs to it, and comes back as it was")
    func deleteAndRestore() async throws {
        let folder = try ScratchFolder()
        let names = try fill(folder)
        let library = SessionLibrary(folder: folder.path)
        let before = Date()
        try await library.delete(Sample.id)
        #expect(folder.names == ["\(Sample.id).json.bak", "\(Sample.otherID).json", "trash"])
        #expect(try trash(folder) == ["\(Sample.id).deleted"] + names)
        #expect(try await library.list().map(\.id) == [Sample.otherID])
        #expect(try await library.find(Sample.id) == nil)
        await #expect(throws: SessionError.notFound(Sample.id, folder: folder.path)) {
            try await library.open(Sample.id)
        }
        let entry = try #require(try await library.trashed().first)
        #expect(entry.summary.title == "Primes")
        #expect(abs(entry.deleted.timeIntervalSince(before)) < 60)
        #expect(try await library.resolveTrashed("primes") == entry)
        #expect(try await library.resolveTrashed(Sample.id.lowercased()) == entry)

        try await library.restore(Sample.id)
        #expect(try folder.bytes("\(Sample.id).json") == Sample.bytes())
        #expect(try folder.bytes("\(Sample.id).tokens") == [1, 2])
        #expect(try trash(folder).isEmpty)
        #expect(try await library.read(Sample.id).transcript == Sample.transcript())
        #expect(!folder.names.contains { $0.hasSuffix(".lock") })
    }

    @Test("a journal is folded in before a deletion; on a full disk it moves along")
    func journal() async throws {
        for room in [Int.max, 10] {
            let folder = try ScratchFolder()
            _ = try fill(folder)
            let lines = Sample.journal(Sample.records, on: Sample.bytes()).flatMap(\.self)
            try folder.write("\(Sample.id).journal", lines)
            let disk = SmallDisk(room: room).disk
            try await SessionLibrary(folder: folder.path, disk: disk).delete(Sample.id)
            #expect(!folder.names.contains("\(Sample.id).journal"))
            #expect(try trash(folder).contains("\(Sample.id).journal") == (room == 10))
            let library = SessionLibrary(folder: folder.path)
            // The time of the move stands in for the one that could not be written down.
            #expect(try await library.trashed().first.map { $0.deleted > Sample.date } == true)
            try await library.restore(Sample.id)
            #expect(try await library.read(Sample.id).transcript["a2"]?.text == "No: \"17\" x 59.")
        }
    }

    @Test("a session that is open elsewhere stays, and the error says so")
    func locked() async throws {
        let folder = try ScratchFolder()
        _ = try fill(folder)
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        let library = SessionLibrary(folder: folder.path)
        let locked = SessionError.locked(id: Sample.id, process: nil)
        await #expect(throws: locked) { try await library.delete(Sample.id) }
        #expect(folder.names.contains("\(Sample.id).json"))
        try await session.close()
        try await library.delete(Sample.id)
        await #expect(throws: SessionError.notFound("01X", folder: folder.path)) {
            try await library.delete("01X")
        }
    }

    @Test("a damaged session and one of a later format move as they are")
    func unreadable() async throws {
        for bytes in [Array("{\"format\":1".utf8), Array("{\"format\":9}".utf8)] {
            let folder = try ScratchFolder()
            try folder.write("\(Sample.id).json", bytes)
            let library = SessionLibrary(folder: folder.path)
            try await library.delete(Sample.id)
            #expect(try folder.bytes("trash/\(Sample.id).json") == bytes)
            #expect(try await library.trashed().count == 1)
            try await library.restore(Sample.id)
            #expect(try folder.bytes("\(Sample.id).json") == bytes)
        }
    }

    @Test("nothing is overwritten, neither in the folder nor in the trash")
    func collisions() async throws {
        let folder = try ScratchFolder()
        _ = try fill(folder)
        let library = SessionLibrary(folder: folder.path)
        try await library.delete(Sample.id)
        let mine = Array(#"{"format":1,"messages":[],"title":"mine"}"#.utf8)
        try folder.write("\(Sample.id).json", mine)
        let live = "\(folder.path)/\(Sample.id).json"
        await #expect(throws: SessionError.inTheWay(id: Sample.id, path: live)) {
            try await library.restore(Sample.id)
        }
        let trashed = "\(folder.path)/trash/\(Sample.id).json"
        await #expect(throws: SessionError.inTheWay(id: Sample.id, path: trashed)) {
            try await library.delete(Sample.id)
        }
        #expect(try folder.bytes("\(Sample.id).json") == mine)
        #expect(try folder.bytes("trash/\(Sample.id).json") == Sample.bytes())
        await #expect(
            throws: SessionError.notInTrash("x", folder: folder.path + "/trash")
        ) { try await library.resolveTrashed("x") }
    }

    @Test("emptying removes what is old enough, its files too, and nothing else")
    func empty() async throws {
        let folder = try ScratchFolder()
        _ = try fill(folder)
        let library = SessionLibrary(folder: folder.path)
        try await library.delete(Sample.id)
        try await library.delete(Sample.otherID)
        try folder.write("trash/\(Sample.id).deleted", Array("2026-01-01T00:00:00.000Z\n".utf8))
        try folder.write("trash/notes.txt", [])
        let day: TimeInterval = 86_400
        let now = try #require(Timestamp.date("2026-01-03"))
        #expect(try await library.emptyTrash(olderThan: 3 * day, now: now).isEmpty)
        #expect(try await library.emptyTrash(olderThan: day, now: now) == [Sample.id])
        #expect(
            try trash(folder)
                == ["\(Sample.otherID).deleted", "\(Sample.otherID).json", "notes.txt"]
        )
        #expect(try await library.emptyTrash() == [Sample.otherID])
        #expect(try trash(folder) == ["notes.txt"])
        #expect(try await library.emptyTrash().isEmpty)
    }

    @Test("killed between any two steps, a session is in one place and the next start finishes")
    func killed() async throws {
        let names = ["json", "json.format-0", "journal", "tokens"].map { "\(Sample.id).\($0)" }
        // Deleting moves the first name first; restoring moves it last. Both leave these states.
        for moved in 1...names.count {
            let folder = try ScratchFolder()
            _ = try fill(folder)
            let lines = Sample.journal(Sample.records, on: Sample.bytes()).flatMap(\.self)
            try folder.write("\(Sample.id).journal", lines)
            try FileManager.default.createDirectory(
                atPath: folder.path + "/trash",
                withIntermediateDirectories: false
            )
            for name in names.prefix(moved) {
                try FileManager.default.moveItem(
                    atPath: "\(folder.path)/\(name)",
                    toPath: "\(folder.path)/trash/\(name)"
                )
            }
            let library = SessionLibrary(folder: folder.path)
            #expect(try await library.list().map(\.id) == [Sample.otherID])
            await #expect(throws: SessionError.notFound(Sample.id, folder: folder.path)) {
                try await library.open(Sample.id)
            }
            if moved % 2 == 0 {
                #expect(try await library.trashed().map(\.summary.id) == [Sample.id])
                #expect(try trash(folder) == names.sorted())
                #expect(
                    folder.names == ["\(Sample.id).json.bak", "\(Sample.otherID).json", "trash"]
                )
            }
            try await library.restore(Sample.id)
            #expect(try trash(folder).isEmpty)
            #expect(Set(names).isSubset(of: folder.names))
            #expect(try await library.read(Sample.id).transcript["a2"] != nil)
        }
    }

    @Test("a time of deletion without its session goes at the next look")
    func strayTime() async throws {
        let folder = try ScratchFolder()
        _ = try fill(folder)
        let library = SessionLibrary(folder: folder.path)
        try await library.delete(Sample.otherID)
        try folder.write("trash/\(Sample.id).deleted", [])
        _ = try await library.trashed()
        #expect(
            try trash(folder) == ["\(Sample.otherID).deleted", "\(Sample.otherID).json"]
        )
    }
}
