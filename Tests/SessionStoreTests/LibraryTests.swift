import Conversation
import Foundation
import Glibc
import JSONValues
import SessionStore
import Testing

@Suite struct SessionLibraryFolder {
    @Test("two libraries on one folder: the second opens read-only and says so")
    func locked() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let first = try await SessionLibrary(folder: folder.path).open(Sample.id)
        let other = SessionLibrary(folder: folder.path)
        let second = try await other.open(Sample.id)
        #expect(second.access == .readOnly(.locked(id: Sample.id, process: nil)))
        #expect(second.opened.transcript == Sample.transcript())
        await #expect(throws: SessionError.locked(id: Sample.id, process: nil)) {
            try await second.save(Sample.transcript())
        }
        // What the first journals is there for readers at once.
        for record in Sample.records.prefix(5) { try await first.journal(record) }
        #expect(try await other.read(Sample.id).transcript["a2"]?.thoughts.first?.text == "17 x 59")
        try await second.close()
        try await first.close()
        #expect(try await other.open(Sample.id).access == .writing)
    }

    @Test("only <ULID>.json is a session, and nothing else is touched")
    func strangers() async throws {
        let folder = try ScratchFolder()
        let names = [
            "README.md", "notes.json", "\(Sample.id).json.bak", "x.journal", "schema.json",
        ]
        for name in names { try folder.write(name, [0x7B]) }
        try folder.write("\(Sample.id).json", Sample.bytes())
        let library = SessionLibrary(folder: folder.path)
        #expect(try await library.list().map(\.id) == [Sample.id])
        let session = try await library.open(Sample.id)
        try await session.close()
        #expect(folder.names == (names + ["\(Sample.id).json"]).sorted())
        #expect(SessionLibrary.count(in: folder.path) == 1)
        #expect(SessionLibrary.count(in: folder.path + "/none") == 0)
    }

    @Test("the list has the last changed first, with what a line shows")
    func order() async throws {
        let folder = try ScratchFolder()
        var old = Sample.transcript()
        old.title = ""
        old.model = "e2b"
        var new = Sample.transcript(id: Sample.otherID)
        new.updated = Sample.date + 60
        try folder.write("\(old.id).json", SessionFormat.bytes(StoredSession(old)))
        try folder.write("\(new.id).json", SessionFormat.bytes(StoredSession(new)))
        let library = SessionLibrary(folder: folder.path)
        let list = try await library.list()
        #expect(list.map(\.id) == [new.id, old.id])
        #expect(list.map(\.title) == ["Primes", "Is 1001 prime?"])
        #expect(list.map(\.messageCount) == [2, 2])
        #expect(list.map(\.model) == [nil, "e2b"])
        #expect(list.last?.sizeInBytes == SessionFormat.bytes(StoredSession(old)).count)
        #expect(try await library.newest()?.id == new.id)
    }

    @Test("a session is found by id, beginning, title or path")
    func resolve() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        var other = Sample.transcript(id: Sample.otherID)
        other.title = "Tides"
        try folder.write("\(Sample.otherID).json", SessionFormat.bytes(StoredSession(other)))
        try folder.write("chat.json", [])
        let library = SessionLibrary(folder: folder.path)
        let here = SessionLocation(folder: folder.path, id: Sample.otherID)
        for name in [
            Sample.otherID, Sample.otherID.lowercased(), "tides", "\(Sample.otherID).json",
            "\(folder.path)/\(Sample.otherID).json",
        ] {
            #expect(try await library.find(name) == here, "\(name)")
        }
        let elsewhere = SessionLibrary(folder: folder.path + "/none")
        #expect(try await elsewhere.find("\(folder.path)/\(Sample.otherID).json") == here)
        #expect(try await library.find("a/b testing") == nil)
        #expect(try await library.find("Prime") == nil)
        #expect(try await library.find("") == nil)
        await #expect(throws: SessionError.notASession(path: "\(folder.path)/chat.json")) {
            try await library.find("\(folder.path)/chat.json")
        }
        do {
            _ = try await library.find("01KAW")
            Issue.record("an ambiguous beginning was accepted")
        } catch {
            #expect(error.exitCode == 2)
            #expect(error.userMessage.contains(Sample.id))
            #expect(error.userMessage.contains("Tides"))
        }
    }

    @Test("a later format is listed, refused with a sentence and left alone")
    func newer() async throws {
        let folder = try ScratchFolder()
        let bytes = Array(#"{"format":2}"#.utf8)
        try folder.write("\(Sample.id).json", bytes)
        let library = SessionLibrary(folder: folder.path)
        #expect(try await library.list().map(\.state) == [.newerFormat(2)])
        await #expect(
            throws: SessionError.newerFormat(path: "\(folder.path)/\(Sample.id).json", format: 2)
        ) { try await library.open(Sample.id) }
        #expect(folder.names == ["\(Sample.id).json"])
        #expect(try folder.bytes("\(Sample.id).json") == bytes)
    }

    @Test("opening, browsing and closing rewrite nothing")
    func browsing() async throws {
        let folder = try ScratchFolder()
        let bytes = Array(
            #"{"format":1,"messages":[{"role":"user","parts":[{"type":"text","text":"hi"}]}]}"#.utf8
        )
        try folder.write("\(Sample.id).json", bytes)
        let library = SessionLibrary(folder: folder.path)
        _ = try await library.list()
        let session = try await library.open(Sample.id)
        try await session.close()
        #expect(try folder.bytes("\(Sample.id).json") == bytes)
    }

    @Test("a folder that cannot be written is read and the reason told")
    func readOnlyFolder() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        // A lock that cannot be made, also by root, whom permissions do not bind.
        let file = "\(folder.path)/\(Sample.id)"
        try FileManager.default.createDirectory(
            atPath: file + ".lock",
            withIntermediateDirectories: false
        )
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        #expect(session.opened.transcript == Sample.transcript())
        #expect(session.access != .writing)
        #expect(session.notice?.isEmpty == false)

        let blocked = SessionLibrary(folder: file + ".json/below")
        await #expect(throws: SessionError.self) {
            try await blocked.create(Sample.transcript())
        }
    }

    @Test("files are for their owner alone, and so is a folder we make")
    func modes() async throws {
        let scratch = try ScratchFolder()
        let folder = scratch.path + "/new/sessions"
        let session = try await SessionLibrary(folder: folder).create(Sample.transcript())
        try await session.journal(Sample.records[0])
        func mode(_ path: String) throws -> Int? {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            return (attributes[.posixPermissions] as? NSNumber)?.intValue
        }
        #expect(try mode(folder) == 0o700)
        #expect(try mode("\(folder)/\(Sample.id).json") == 0o600)
        #expect(try mode("\(folder)/\(Sample.id).journal") == 0o600)
    }

    @Test("every error is a sentence with what to do next and has its exit code")
    func sentences() {
        let path = "/s/\(Sample.id).json"
        let errors: [(SessionError, Int32)] = [
            (.notFound("x", folder: "/s"), 1), (.newerFormat(path: path, format: 2), 1),
            (.damaged(id: "X", report: "line 1", setAside: "/s/x", recovered: "Y"), 6),
            (.locked(id: "X", process: 7), 1), (.readOnly(id: "X", reason: "r"), 1),
            (.diskFull(path: path), 1), (.notASession(path: "/c.json"), 2), (.noFolder, 2),
            (SessionError(code: EROFS, "write into", "/s"), 1),
            (SessionError(code: EIO, "read", path), 1),
            (.ambiguous("x", matches: []), 2),
        ]
        for (error, code) in errors {
            #expect(error.exitCode == code)
            #expect(error.userMessage.count > 40, "\(error)")
        }
        #expect(SessionError.locked(id: "X", process: 7).userMessage.contains("process 7"))
        #expect(SessionError(code: EROFS, "write into", "/s").userMessage.contains("/s"))
    }

    @Test(
        "the newest session is the one in which something was said last, whatever was renamed since"
    )
    func newestBySaying() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        #expect(try await library.newest() == nil)
        var ids: [String] = []
        for age in [3_000.0, 2_000, 1_000] {
            var transcript = Sample.transcript()
            transcript.id = ULID.next().description
            transcript.updated = Date() - age
            ids.append(transcript.id)
            try folder.write(
                "\(transcript.id).json",
                SessionFormat.bytes(StoredSession(transcript))
            )
        }
        #expect(try await library.newest()?.id == ids[2])
        try await library.edit(ids[0]) { $0.title = "renamed last" }
        #expect(try await library.newest()?.id == ids[2])
    }

    @Test("folders and pipes named like sessions are none; a link is read, not replaced")
    func lookalikes() async throws {
        let folder = try ScratchFolder()
        let elsewhere = try ScratchFolder()
        try elsewhere.write("real.json", Sample.bytes())
        let names = (0..<3).map { _ in ULID.next().description }
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/\(names[0]).json",
            withIntermediateDirectories: false
        )
        #expect(unsafe mkfifo("\(folder.path)/\(names[1]).json", 0o600) == 0)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/\(names[2]).json",
            withDestinationPath: elsewhere.path + "/real.json"
        )
        let library = SessionLibrary(folder: folder.path)
        #expect(try await library.list().map(\.id) == [names[2]])
        await #expect(throws: SessionError.self) { try await library.delete(names[0]) }
        await #expect(throws: SessionError.self) {
            try await library.edit(names[2]) { $0.title = "mine" }
        }
        #expect(try elsewhere.bytes("real.json") == Sample.bytes())
    }
}
