import Conversation
import Foundation
import Glibc
import SessionStore
import Testing

@Suite struct FoldersUnderStress {
    @Test("file and journal cut at every byte: set aside, what the journal held saved, others open")
    func bothCut() async throws {
        let file = Sample.bytes()
        let lines = Sample.journal(Sample.records, on: file)
        let whole = lines.flatMap(\.self)
        let folder = try ScratchFolder()
        // Thousands of waits for a real disk would only take time.
        let library = SessionLibrary(folder: folder.path, disk: SmallDisk(room: .max).disk)
        try folder.write("\(Sample.otherID).json", Sample.bytes(id: Sample.otherID))
        for length in 0..<max(file.count - 1, whole.count) {
            // Both cuts go over all places, in steps that have no common measure.
            let cut = Array(file[..<(length % (file.count - 1))])
            let rest = Array(whole[..<((length * 7 + 1) % whole.count)])
            try folder.write("\(Sample.id).json", cut)
            try folder.write("\(Sample.id).journal", rest)
            do {
                _ = try await library.open(Sample.id)
                Issue.record("cut at \(length) opened")
            } catch {
                guard case .damaged(_, _, let aside?, let recovered) = error else {
                    Issue.record("cut at \(length): \(error)")
                    return
                }
                #expect(try folder.bytes((aside as NSString).lastPathComponent) == cut)
                if rest.count >= lines[0].count + lines[1].count {
                    let id = try #require(recovered, "cut at \(length)")
                    #expect(try await library.read(id).transcript["u2"] != nil)
                }
            }
            let neighbour = try await library.open(Sample.otherID)
            #expect(neighbour.access == .writing)
            #expect(neighbour.opened.transcript == Sample.transcript(id: Sample.otherID))
            try await neighbour.close()
            for name in folder.names where name != "\(Sample.otherID).json" {
                try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
            }
        }
    }

    @Test("where no lock can be made, all can be read, and changes say why they cannot be")
    func withoutLock() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        // This stops root too, whom permissions do not bind.
        try FileManager.default.createDirectory(
            atPath: "\(folder.path)/\(Sample.id).lock",
            withIntermediateDirectories: false
        )
        let before = folder.names
        try await expectReadOnly(folder)
        #expect(folder.names == before)
    }

    @Test(
        "in a folder that may not be written all can be read, and changes say why they cannot be",
        .enabled(if: geteuid() != 0, "permissions do not bind root")
    )
    func readOnlyFolder() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        #expect(unsafe chmod(folder.path, 0o500) == 0)
        defer { unsafe chmod(folder.path, 0o700) }
        try await expectReadOnly(folder)
        await #expect(throws: SessionError.self) {
            try await SessionLibrary(folder: folder.path).fork(Sample.id)
        }
        #expect(throws: SessionError.self) {
            try AttachmentStore(folder: folder.path).add([1], name: "a", kind: .file)
        }
        #expect(folder.names == ["\(Sample.id).json"])
    }

    private func expectReadOnly(_ folder: ScratchFolder) async throws {
        let library = SessionLibrary(folder: folder.path)
        #expect(try await library.list().map(\.state) == [.whole])
        #expect(try await library.read(Sample.id).transcript == Sample.transcript())
        let session = try await library.open(Sample.id)
        #expect(session.access != .writing && session.notice?.isEmpty == false)
        for change in ["edit", "delete"] {
            do throws(SessionError) {
                if change == "edit" {
                    try await library.edit(Sample.id) { $0.title = "x" }
                } else {
                    try await library.delete(Sample.id)
                }
                Issue.record("\(change) worked")
            } catch {
                #expect(error.userMessage.contains(folder.path), "\(change)")
            }
        }
        #expect(try folder.bytes("\(Sample.id).json") == Sample.bytes())
    }

    @Test("the next start removes what dead processes were making, and leaves living ones alone")
    func tidied() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let living = try await SessionLibrary(folder: folder.path)
            .create(Sample.transcript(id: Sample.otherID))
        for place in ["trash", "attachments"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(place)",
                withIntermediateDirectories: false
            )
        }
        let dead = "01KAWQ0000000000000000000D"
        let names = [
            "\(dead).tmp", "trash/\(dead).tmp", "trash/\(dead).deleted", "attachments/\(dead).tmp",
        ]
        let kept = ["\(Sample.otherID).tmp", "mine.tmp", "trash/mine.tmp", "attachments/mine.tmp"]
        for name in names + kept { try folder.write(name, [1]) }
        try await SessionLibrary(folder: folder.path).open(Sample.id).close()
        for name in names { #expect(throws: (any Error).self) { try folder.bytes(name) } }
        for name in kept { #expect(try folder.bytes(name) == [1]) }
        try await living.close()
    }

    @Test("two libraries create, delete, restore and list at once: every session is there once")
    func together() async throws {
        let folder = try ScratchFolder()
        let rounds = 40
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let library = SessionLibrary(folder: folder.path)
                    for round in 0..<rounds {
                        let id = ULID.next().description
                        let session = try await library.create(Sample.transcript(id: id))
                        try await session.save(Sample.transcript(id: id))
                        try await session.close()
                        if round % 2 == 0 { try await library.delete(id) }
                        if round % 4 == 0 { try await library.restore(id) }
                        #expect(try await library.list().allSatisfy { $0.state == .whole })
                        _ = try await library.trashed()
                    }
                }
            }
            try await group.waitForAll()
        }
        let library = SessionLibrary(folder: folder.path)
        let live = try await library.list().map(\.id)
        let trashed = try await library.trashed().map(\.summary.id)
        #expect(live.count == rounds * 3 / 2 && trashed.count == rounds / 2)
        #expect(Set(live + trashed).count == rounds * 2)
        #expect(folder.names.count == live.count + 1)
    }

    @Test("two libraries delete and restore the same session at once: it is in one place, whole")
    func sameSession() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        try folder.write("\(Sample.id).tokens", [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    let library = SessionLibrary(folder: folder.path)
                    for _ in 0..<50 {
                        try? await library.delete(Sample.id)
                        try? await library.restore(Sample.id)
                        _ = try? await library.trashed()
                    }
                }
            }
        }
        let library = SessionLibrary(folder: folder.path)
        try await library.restore(Sample.id)
        #expect(folder.names == ["\(Sample.id).json", "\(Sample.id).tokens", "trash"])
        #expect(try Disk.names(in: folder.path + "/trash").isEmpty)
        #expect(try folder.bytes("\(Sample.id).json") == Sample.bytes())
    }

    @Test(
        "every write fails once: nothing is lost, there is a sentence, and a retry works",
        arguments: ["edit", "fork", "delete", "restore"]
    )
    func failingDisk(change: String) async throws {
        let journal = Sample.journal(Sample.records, on: Sample.bytes()).flatMap(\.self)
        var refusals = 0
        for step in 1... {
            let folder = try ScratchFolder()
            try folder.write("\(Sample.id).json", Sample.bytes())
            try folder.write("\(Sample.id).tokens", [1])
            try folder.write("\(Sample.id).journal", journal)
            let sound = SessionLibrary(folder: folder.path)
            if change == "restore" { try await sound.delete(Sample.id) }
            let failing = FailingDisk(at: step)
            let library = SessionLibrary(folder: folder.path, disk: failing.disk)
            do {
                try await perform(change, with: library)
            } catch {
                refusals += 1
                #expect((error as? SessionError)?.userMessage.isEmpty == false)
                try await perform(change, with: library)
            }
            let isDone = !failing.hasFailed
            if change == "delete" {
                #expect(try await sound.trashed().count == 1, "step \(step)")
                try await sound.restore(Sample.id)
            }
            let transcript = try await sound.read(Sample.id).transcript
            #expect(transcript["a2"]?.text == "No: \"17\" x 59.", "step \(step)")
            #expect(try folder.bytes("\(Sample.id).tokens") == [1])
            let others = try await sound.list().filter { $0.id != Sample.id }
            #expect(others.allSatisfy { $0.state == .whole && $0.messageCount == 4 })
            #expect(others.count == (change == "fork" ? 1 : 0), "step \(step)")
            #expect(!folder.names.contains { $0.hasSuffix(".tmp") || $0.hasSuffix(".lock") })
            if isDone { break }
        }
        #expect(refusals > 0)
    }

    private func perform(_ change: String, with library: SessionLibrary) async throws {
        switch change {
        case "edit": try await library.edit(Sample.id) { $0.title = "x" }
        case "fork": _ = try await library.fork(Sample.id)
        case "delete": try await library.delete(Sample.id)
        default: try await library.restore(Sample.id)
        }
    }
}
