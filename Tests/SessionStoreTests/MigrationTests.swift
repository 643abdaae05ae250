import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

@Suite struct FilesOfOlderFormats {
    /// A format before the first, whose messages were called turns, and one before that.
    private static let steps: [Int: SessionMigration.Step] = [
        -1: { old in
            var new = old
            new["subject"] = old["name"]
            new["name"] = nil
            return new
        },
        0: { old in
            var new = old
            new["messages"] = old["turns"]
            new["turns"] = nil
            new["title"] = old["subject"]
            new["subject"] = nil
            return new
        },
    ]
    private static let old = Array(
        #"{"format":-1,"mine":[1.0],"name":"Old","turns":[{"id":"u1","role":"user"}]}"#.utf8
    )
    private static let name = "\(Sample.id).json"

    private func folder() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        try folder.write(Self.name, Self.old)
        return folder
    }

    @Test("an old file opens by its steps; opening, listing and closing rewrite nothing")
    func opening() async throws {
        let folder = try folder()
        try await SessionMigration.$steps.withValue(Self.steps) {
            let library = SessionLibrary(folder: folder.path)
            #expect(try await library.list().map(\.title) == ["Old"])
            let session = try await library.open(Sample.id)
            #expect(session.access == .writing)
            #expect(session.opened.transcript.messages.map(\.id) == ["u1"])
            #expect(session.opened.olderFormat == -1)
            try await session.close()
        }
        #expect(folder.names == [Self.name])
        #expect(try folder.bytes(Self.name) == Self.old)
    }

    @Test("before the first save the old file is kept, once, and unknown fields come along")
    func saving() async throws {
        let folder = try folder()
        try await SessionMigration.$steps.withValue(Self.steps) {
            let library = SessionLibrary(folder: folder.path)
            let session = try await library.open(Sample.id)
            var transcript = session.opened.transcript
            for text in ["one", "two"] {
                transcript.append(Sample.user(text, text, parent: transcript.activeLeaf))
                try await session.save(transcript)
            }
            try await session.close()
        }
        #expect(folder.names == [Self.name, "\(Self.name).format--1"])
        #expect(try folder.bytes("\(Self.name).format--1") == Self.old)
        // The new file needs no steps.
        let saved = try JSONValue(parsing: folder.bytes(Self.name))
        #expect(saved["format"] == 1 && saved["mine"] == .array([.number("1.0")]))
        let again = try await SessionLibrary(folder: folder.path).read(Sample.id)
        #expect(again.transcript.title == "Old" && again.olderFormat == nil)
    }

    @Test("a copy that is there is never overwritten")
    func secondOriginal() async throws {
        let folder = try folder()
        try folder.write("\(Self.name).format--1", [1])
        try await SessionMigration.$steps.withValue(Self.steps) {
            try await SessionLibrary(folder: folder.path).edit(Sample.id) { $0.title = "x" }
        }
        #expect(try folder.bytes("\(Self.name).format--1") == [1])
        #expect(try folder.bytes("\(Self.name).format--1-again") == Self.old)
    }

    @Test("a journal on an old file is folded in with the old file kept")
    func journal() async throws {
        for isOpenAtTheEnd in [true, false] {
            let folder = try folder()
            try await SessionMigration.$steps.withValue(Self.steps) {
                let library = SessionLibrary(folder: folder.path)
                do {
                    let session = try await library.open(Sample.id)
                    try await session.journal(.message(Sample.user("u2", "more", parent: "u1")))
                    #expect(try folder.bytes(Self.name) == Self.old)
                    if isOpenAtTheEnd { try await session.close() }
                }
                let session = try await library.open(Sample.id)
                var transcript = session.opened.transcript
                transcript.notes = "kept once"
                try await session.save(transcript)
                try await session.close()
            }
            #expect(folder.names == [Self.name, "\(Self.name).format--1"])
            let again = try await SessionLibrary(folder: folder.path).read(Sample.id)
            #expect(again.transcript.messages.map(\.id) == ["u1", "u2"])
        }
    }

    @Test("every write of the first save fails once: the old file stays whole, a retry works")
    func failingDisk() async throws {
        var refusals = 0
        for step in 1... {
            let folder = try folder()
            let failing = FailingDisk(at: step)
            let isDone = try await SessionMigration.$steps.withValue(Self.steps) {
                let library = SessionLibrary(folder: folder.path, disk: failing.disk)
                do {
                    try await library.edit(Sample.id) { $0.title = "x" }
                    if !failing.hasFailed { return true }
                } catch {
                    let originals = [Self.name, "\(Self.name).format--1"]
                        .compactMap { try? folder.bytes($0) }
                    #expect(originals.contains(Self.old), "step \(step)")
                }
                try await library.edit(Sample.id) { $0.title = "y" }
                #expect(try await library.read(Sample.id).transcript.title == "y")
                return false
            }
            #expect(folder.names == [Self.name, "\(Self.name).format--1"], "step \(step)")
            #expect(try folder.bytes("\(Self.name).format--1") == Self.old)
            if isDone {
                #expect(refusals > 1)
                return
            }
            refusals += 1
        }
    }

    @Test("without a step it is refused with its place, and an error after steps is told too")
    func refused() async throws {
        let folder = try folder()
        await #expect(throws: SessionError.self) {
            try await SessionLibrary(folder: folder.path).read(Sample.id)
        }
        SessionMigration.$steps.withValue([0: { $0 }]) {
            #expect {
                try SessionFormat.session(
                    from: Array(#"{"format":0,"messages":[{"role":"robot"}]}"#.utf8),
                    id: Sample.id,
                    modified: Sample.date
                )
            } throws: { error in
                (error as? SessionFormatError)?.report.contains("/messages/0/role") == true
            }
        }
    }
}
