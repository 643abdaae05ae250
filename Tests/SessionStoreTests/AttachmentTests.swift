import Conversation
import Foundation
import Glibc
import SessionStore
import Testing

@Suite struct AttachmentsOfAFolder {
    /// SHA-256 of "abc", from the standard that defines it.
    private static let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    private func store(_ folder: ScratchFolder, _ disk: Disk = .real) -> AttachmentStore {
        AttachmentStore(folder: folder.path + "/", disk: disk)
    }

    private func age(_ path: String, hours: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date() - hours * 3600],
            ofItemAtPath: path
        )
    }

    @Test("bytes are kept once under their hash, for their owner alone, and read back proven")
    func addBytes() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        let added = try store.add(Array("abc".utf8), name: "Photo 1.JPG", kind: .image)
        #expect(
            added
                == Conversation.Attachment(
                    kind: .image,
                    name: "Photo 1.JPG",
                    hash: Self.abc,
                    sizeInBytes: 3
                )
        )
        let path = "\(folder.path)/attachments/\(Self.abc).jpg"
        #expect(store.path(of: added) == path)
        #expect(try store.read(added, limit: 3) == Array("abc".utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        // The same bytes under another name are found, not copied.
        try age(path, hours: 5)
        let again = try store.add(Array("abc".utf8), name: "b.png", kind: .file)
        #expect(store.path(of: again) == path)
        #expect(folder.names == ["attachments"])
        #expect(try store.copies().map(\.hash) == [Self.abc])
        let refreshed = try FileManager.default.attributesOfItem(atPath: path)
        let time = try #require(refreshed[.modificationDate] as? Date)
        #expect(Date().timeIntervalSince(time) < 3600)
    }

    @Test("a file of any size is copied while it is hashed, through a link too")
    func addFile() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try folder.write("big.bin", bytes)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link.wav",
            withDestinationPath: folder.path + "/big.bin"
        )
        let added = try store.add(file: folder.path + "/link.wav", name: nil, kind: .audio)
        #expect(added.name == "link.wav" && added.sizeInBytes == bytes.count)
        #expect(try store.read(added, limit: bytes.count) == bytes)
        let same = try store.add(file: folder.path + "/big.bin", name: "x.wav", kind: .audio)
        #expect(same.hash == added.hash)
        #expect(try Disk.names(in: store.folder) == ["\(added.hash).wav"])
        #expect(throws: SessionError.self) {
            try store.add(file: folder.path, name: nil, kind: .file)
        }
        #expect(throws: SessionError.self) {
            try store.add(file: folder.path + "/none", name: nil, kind: .file)
        }
        #expect(try Disk.names(in: store.folder) == ["\(added.hash).wav"])
    }

    @Test(
        "the extension is letters and digits, at most eight, else bin",
        arguments: [
            ("a.TXT", "txt"), ("a", "bin"), ("a.", "bin"), ("a.tar.gz", "gz"), ("a.p/../x", "bin"),
            ("a.verylongname", "bin"), ("a.jp\u{E9}", "bin"), ("../../etc/x.h-p", "bin"),
            ("", "bin"),
        ]
    )
    func extensions(name: String, expected: String) throws {
        let folder = try ScratchFolder()
        let added = try store(folder).add([1], name: name, kind: .file)
        #expect(try Disk.names(in: store(folder).folder) == ["\(added.hash).\(expected)"])
    }

    @Test("a hash from a file becomes a path only when it is one")
    func hostileHash() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        _ = try store.add([1], name: "a", kind: .file)
        try folder.write("secret.bin", [1, 2])
        for hash in ["../secret", "", String(repeating: "g", count: 64), "*", Self.abc] {
            let asked = Conversation.Attachment(kind: .file, name: "n", hash: hash, sizeInBytes: 1)
            #expect(store.path(of: asked) == nil, "\(hash)")
            #expect(throws: SessionError.attachmentMissing(name: "n", folder: store.folder)) {
                try store.read(asked, limit: 10)
            }
        }
    }

    @Test("a damaged or too large copy is an error, and adding the file again mends it")
    func damage() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        let added = try store.add(Array("abc".utf8), name: "a.txt", kind: .file)
        let path = try #require(store.path(of: added))
        #expect(
            throws: SessionError.attachmentTooLarge(name: "a.txt", size: 3, limit: 2)
        ) { try store.read(added, limit: 2) }
        #expect(try store.isWhole(path))
        try folder.write("attachments/\(Self.abc).txt", Array("abd".utf8))
        #expect(try !store.isWhole(path))
        #expect(throws: SessionError.attachmentDamaged(name: "a.txt", path: path)) {
            try store.read(added, limit: 9)
        }
        _ = try store.add(Array("abc".utf8), name: "other.md", kind: .file)
        #expect(try store.read(added, limit: 9) == Array("abc".utf8))
        #expect(try Disk.names(in: store.folder) == ["\(Self.abc).txt"])
    }

    @Test("mentions are counted over sessions, journals, the trash and files set aside")
    func references() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        let files = try (0..<4).map { try store.add([UInt8($0)], name: "a", kind: .file) }
        func session(_ id: String, _ named: [Conversation.Attachment]) -> [UInt8] {
            var transcript = Transcript(id: id, created: Sample.date)
            for (index, file) in named.enumerated() {
                var message = Sample.user("m\(index)", String(repeating: "face ", count: index * 7))
                message.parts.append(.attachment(file))
                transcript.append(message)
            }
            return SessionFormat.bytes(StoredSession(transcript))
        }
        try folder.write("\(Sample.id).json", session(Sample.id, [files[0], files[0], files[1]]))
        try folder.write("\(Sample.id).journal", session(Sample.id, [files[1]]))
        try FileManager.default.createDirectory(
            atPath: folder.path + "/trash",
            withIntermediateDirectories: false
        )
        try folder.write("trash/\(Sample.otherID).json", session(Sample.otherID, [files[1]]))
        try folder.write("01KAWQ0000000000000000000C.json.damaged-1", Array(files[2].hash.utf8))
        try folder.write("notes.txt", Array(files[3].hash.utf8))
        #expect(
            try store.references()
                == [files[0].hash: 1, files[1].hash: 2, files[2].hash: 1]
        )

        // Unused and young: it stays. Unused and old: it goes, on request.
        #expect(try store.removeUnused().hashes.isEmpty)
        try folder.write("attachments/mine.txt", [])
        for name in try Disk.names(in: store.folder) {
            try age("\(store.folder)/\(name)", hours: 2)
        }
        let removal = try store.removeUnused()
        #expect(removal.hashes == [files[3].hash] && removal.sizeInBytes == 1)
        #expect(try store.copies().count == 3)
        #expect(try Disk.names(in: store.folder).contains("mine.txt"))
    }

    @Test("a hash is found wherever it begins, and only when it is 64 digits long")
    func scan() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        for offset in 0..<140 {
            let text = String(repeating: "-", count: offset) + "\"\(Self.abc)\""
            try folder.write("\(Sample.id).json", Array(text.utf8))
            #expect(try store.references() == [Self.abc: 1], "\(offset)")
        }
        for other in ["a" + Self.abc, String(Self.abc.dropLast()), Self.abc + Self.abc] {
            try folder.write("\(Sample.id).json", Array(other.utf8))
            #expect(try store.references().isEmpty)
        }
    }

    @Test("a dead process's copy in the making goes, a living one's stays")
    func staleCopies() throws {
        let folder = try ScratchFolder()
        let store = store(folder)
        _ = try store.add([1], name: "a", kind: .file)
        try folder.write("attachments/\(Sample.id).tmp", [1, 2])
        try folder.write("attachments/\(Sample.otherID).tmp", [1, 2])
        try folder.write("attachments/mine.tmp", [1, 2])
        let number = unsafe open("\(store.folder)/\(Sample.otherID).tmp", O_RDONLY)
        defer { close(number) }
        #expect(flock(number, LOCK_EX | LOCK_NB) == 0)
        try store.removeStaleCopies()
        let names = try Disk.names(in: store.folder)
        #expect(!names.contains("\(Sample.id).tmp"))
        #expect(names.contains("\(Sample.otherID).tmp") && names.contains("mine.tmp"))
    }

    @Test("every write fails once: a sentence, no half copy, and the next attempt works")
    func failingDisk() throws {
        let bytes = Array(repeating: UInt8(7), count: 100_000)
        var refusals = 0
        for step in 1... {
            let folder = try ScratchFolder()
            let failing = FailingDisk(at: step)
            let store = store(folder, failing.disk)
            do {
                _ = try store.add(bytes, name: "a.bin", kind: .file)
            } catch {
                refusals += 1
                #expect(error.userMessage.count > 40)
                #expect(try Disk.names(in: store.folder).allSatisfy { !$0.hasSuffix(".tmp") })
            }
            let added = try store.add(bytes, name: "a.bin", kind: .file)
            #expect(try store.read(added, limit: bytes.count) == bytes)
            if !failing.hasFailed { break }
        }
        #expect(refusals == 3)
    }
}
