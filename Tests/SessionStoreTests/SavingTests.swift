import Conversation
import Foundation
import Glibc
import JSONValues
import SessionStore
import Testing

@Suite struct SavingASession {
    @Test("a whole turn: journalled, saved, and only the file remains")
    func turn() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.create(Sample.transcript())
        #expect(folder.names == ["\(Sample.id).lock"])
        for record in Sample.records { try await session.journal(record) }
        let transcript = try await library.read(Sample.id).transcript
        #expect(try await session.save(transcript) == .saved)
        #expect(folder.names == ["\(Sample.id).json", "\(Sample.id).lock"])
        #expect(try await session.save(transcript) == .saved)
        try await session.close()
        #expect(folder.names == ["\(Sample.id).json"])
        #expect(try await library.read(Sample.id).transcript == transcript)
    }

    @Test("closing without a save folds the journal in")
    func closeFolds() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.create(Sample.transcript())
        for record in Sample.records.prefix(5) { try await session.journal(record) }
        try await session.close()
        #expect(folder.names == ["\(Sample.id).json"])
        #expect(
            try await library.read(Sample.id).transcript["a2"]?.thoughts.first?.text == "17 x 59"
        )
    }

    @Test("a save in the middle of an answer loses nothing of what comes after it")
    func saveWhileStreaming() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        do {
            let session = try await library.create(Sample.transcript())
            for record in Sample.records.prefix(4) { try await session.journal(record) }
            try await session.save(try await library.read(Sample.id).transcript)
            for record in Sample.records[4..<9] { try await session.journal(record) }
        }
        let answer = try await library.open(Sample.id).opened.transcript["a2"]
        #expect(answer?.text == "No: \"17\" x 59.")
        #expect(
            answer?.thoughts == [Thought(text: "17 x 59", seconds: 1.5, tokens: 4, ending: .budget)]
        )
    }

    @Test("a record that comes after the save of its answer takes nothing away")
    func lateRecord() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.create(Sample.transcript())
        var transcript = Sample.transcript()
        _ = JournalReplay(Sample.records).merge(into: &transcript, isOnTopOf: true)
        try await session.save(transcript)
        try await session.journal(.text(message: "a2", " Truly."))
        let answer = try await library.read(Sample.id).transcript["a2"]
        #expect(answer?.text == "No: \"17\" x 59. Truly.")
        #expect(answer?.thoughts.count == 1)
    }

    @Test("a file changed outside is never overwritten: the session forks and says so")
    func forks() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.open(Sample.id)
        var edited = Sample.transcript()
        edited.title = "Edited by hand"
        let bytes = SessionFormat.bytes(StoredSession(edited))
        try folder.write("\(Sample.id).json", bytes)
        for record in Sample.records.prefix(4) { try await session.journal(record) }
        var mine = Sample.transcript()
        mine.append(Sample.user("u2", "more", parent: "a1"))
        mine.append(Sample.answer("a2", parent: "u2", text: "half"))
        guard case .forked(let id) = try await session.save(mine) else {
            Issue.record("it was overwritten")
            return
        }
        #expect(try folder.bytes("\(Sample.id).json") == bytes)
        #expect(await session.id == id)
        let fork = try await library.read(id)
        #expect(fork.transcript.messages == mine.messages)
        #expect(fork.transcript.forkedFrom == ForkOrigin(session: Sample.id))
        // The caller's transcript knows nothing of that, and need not.
        #expect(try await session.save(mine) == .saved)
        #expect(try await library.read(id).transcript.forkedFrom == fork.transcript.forkedFrom)
        // The answer goes on under the new id, and a kill there loses nothing either.
        try await session.journal(.text(message: "a2", " and half"))
        #expect(try await library.read(id).transcript["a2"]?.text == "half and half")
        #expect(try await library.open(Sample.id).access == .writing)
    }

    @Test("a file that was only touched, or rewritten with the same bytes, is no change")
    func touched() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        try folder.write("\(Sample.id).json", Sample.bytes())
        var mine = Sample.transcript()
        mine.title = "Mine"
        #expect(try await session.save(mine) == .saved)
    }

    @Test("unknown fields are still there after a turn")
    func unknownFields() async throws {
        let folder = try ScratchFolder()
        try folder.write(
            "\(Sample.id).json",
            Array(#"{"format":1,"mine":[1.0],"messages":[]}"#.utf8)
        )
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.open(Sample.id)
        var transcript = session.opened.transcript
        transcript.append(Sample.user("u1", "hi"))
        try await session.save(transcript)
        let saved = try JSONValue(parsing: folder.bytes("\(Sample.id).json"))
        #expect(saved["mine"] == .array([.number("1.0")]))
        #expect(saved["messages"]?.arrayValue?.count == 1)
    }

    /// 1 when the disk was full, 0 when it was not.
    private func isRefused(_ write: () async throws -> Void) async -> Int {
        do {
            try await write()
            return 0
        } catch {
            guard case .diskFull = error as? SessionError else {
                Issue.record("\(error)")
                return 1
            }
            return 1
        }
    }

    @Test("a disk that fills at any byte: a sentence, the old file whole, and all saved later")
    func fullDisk() async throws {
        let old = Sample.bytes()
        var expected = Sample.transcript()
        _ = JournalReplay(Sample.records).merge(into: &expected, isOnTopOf: true)
        let need =
            Sample.journal(Sample.records, on: old).joined().count
            + SessionFormat.bytes(StoredSession(expected)).count
        for room in stride(from: 0, to: need + 7, by: 7) {
            let folder = try ScratchFolder()
            try folder.write("\(Sample.id).json", old)
            let small = SmallDisk(room: room)
            let session = try await SessionLibrary(folder: folder.path, disk: small.disk)
                .open(Sample.id)
            var failures = 0
            for record in Sample.records.dropLast() {
                failures += await isRefused { try await session.journal(record) }
            }
            failures += await isRefused { _ = try await session.save(expected) }
            try #require(failures > 0 || room >= need - 1000, "room \(room)")
            let file = try folder.bytes("\(Sample.id).json")
            try #require(
                file == old || file == SessionFormat.bytes(StoredSession(expected)),
                "room \(room)"
            )
            #expect(!folder.names.contains("\(Sample.id).tmp"))
            // There is room again: one more record brings everything that was missing.
            small.setRoom(.max)
            try await session.journal(Sample.records[9])
            let seen = try await SessionLibrary(folder: folder.path).read(Sample.id)
            try #require(seen.transcript.messages == expected.messages, "room \(room)")
            #expect(try await session.save(expected) == .saved)
            #expect(folder.names == ["\(Sample.id).json", "\(Sample.id).lock"])
        }
    }

    @Test("where a session no longer fits, its journal keeps the questions with their answers")
    func questionsOnAFullDisk() async throws {
        let folder = try ScratchFolder()
        var transcript = Sample.transcript()
        let long = String(repeating: "long ", count: 20_000)
        transcript.append(Sample.user("u8", long, parent: transcript.activeLeaf))
        try folder.write("\(Sample.id).json", SessionFormat.bytes(StoredSession(transcript)))
        let small = SmallDisk(room: 0)
        let session = try await SessionLibrary(folder: folder.path, disk: small.disk)
            .open(Sample.id)
        for number in 10...11 {
            transcript.append(Sample.user("u\(number)", "why?", parent: transcript.activeLeaf))
            let answer = Sample.answer("a\(number)", parent: "u\(number)")
            transcript.append(answer)
            small.setRoom(50_000)
            #expect(await isRefused { _ = try await session.save(transcript) } == 1)
            small.setRoom(50_000)
            try await session.journal(.message(answer))
            try await session.journal(.text(message: answer.id, "so"))
        }
        let seen = try await SessionLibrary(folder: folder.path).read(Sample.id).transcript
        #expect(seen.path.map(\.id).suffix(5) == ["u8", "u10", "a10", "u11", "a11"])
        #expect(seen.path.count == transcript.path.count)
        #expect(seen["a11"]?.text == "so" && seen["u11"]?.text == "why?")
    }

    @Test("a full disk at the first start after a crash opens all the same and folds in later")
    func fullDiskAtStart() async throws {
        let folder = try ScratchFolder()
        let file = Sample.bytes()
        try folder.write("\(Sample.id).json", file)
        let lines = Sample.journal(Array(Sample.records.prefix(8)), on: file).flatMap(\.self)
        try folder.write("\(Sample.id).journal", lines + [0x7B, 0x22])
        let small = SmallDisk(room: 10)
        let session = try await SessionLibrary(folder: folder.path, disk: small.disk)
            .open(Sample.id)
        #expect(session.opened.transcript["a2"]?.text == "No: \"17\"")
        #expect(session.notice?.contains("No room") == true)
        #expect(try folder.bytes("\(Sample.id).json") == file)
        small.setRoom(.max)
        try await session.journal(Sample.records[8])
        try await session.close()
        let library = SessionLibrary(folder: folder.path)
        #expect(try await library.read(Sample.id).transcript["a2"]?.text == "No: \"17\" x 59.")
        #expect(folder.names == ["\(Sample.id).json"])
    }
}
