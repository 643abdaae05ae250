import Foundation
import SnapshotStore
import Testing

@Suite("The folder of snapshots") struct SnapshotFolderTests {
    private let parent = NSTemporaryDirectory() + "facet-snapshots-\(UUID())"
    private var path: String { parent + "/kv" }

    private func folder(limit: Int = 1000, reserve: Int = 0) -> SnapshotFolder {
        SnapshotFolder(path: path, limit: limit, reserve: reserve)
    }

    private func name(_ session: String, _ binding: String = "b") throws -> SnapshotName {
        try #require(SnapshotName(session: session, binding: binding))
    }

    private func put(_ session: String, _ size: Int, in folder: SnapshotFolder) throws {
        let writer = try #require(folder.write(try name(session), size: size))
        #expect(writer.append(Array(repeating: 7, count: size)))
        writer.finish()
    }

    private func remove() { try? FileManager.default.removeItem(atPath: parent) }

    private var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test("a file is there when it is whole, for its owner alone, and not before")
    func writing() throws {
        defer { remove() }
        let folder = folder()
        let writer = try #require(folder.write(try name("A"), size: 4))
        #expect(writer.append([1, 2, 3, 4]))
        #expect(folder.read(try name("A")) == nil)
        writer.finish()
        #expect(names == ["A-b.kv"])
        #expect(try mode(path) == 0o700)
        #expect(try mode(path + "/A-b.kv") == 0o600)
        let reader = try #require(folder.read(try name("A")))
        #expect(reader.size == 4)
        #expect(reader.bytes(3) == [1, 2, 3])
        #expect(reader.bytes(2) == nil)
    }

    @Test("a file larger than all may be together is not read")
    func largerThanAll() throws {
        defer { remove() }
        let folder = folder()
        let writer = try #require(folder.write(try name("A"), size: 4))
        #expect(writer.append([1, 2, 3, 4]))
        writer.finish()
        #expect(SnapshotFolder(path: path, limit: 4).read(try name("A")) != nil)
        #expect(SnapshotFolder(path: path, limit: 3).read(try name("A")) == nil)
    }

    @Test("a file that is given up leaves nothing")
    func givenUp() throws {
        defer { remove() }
        do {
            let writer = try #require(folder().write(try name("A"), size: 4))
            #expect(writer.append([1, 2]))
        }
        #expect(names.isEmpty)
    }

    @Test("the files used longest ago make room; reading counts as use")
    func leastRecentlyUsed() throws {
        defer { remove() }
        let folder = folder()
        for (index, session) in ["A", "B", "C"].enumerated() {
            try put(session, 300, in: folder)
            let date = Date(timeIntervalSince1970: Double(1000 + index))
            try FileManager.default.setAttributes(
                [.modificationDate: date],
                ofItemAtPath: "\(path)/\(session)-b.kv"
            )
        }
        #expect(folder.read(try name("A")) != nil)
        try put("D", 300, in: folder)
        #expect(names == ["A-b.kv", "C-b.kv", "D-b.kv"])
        // Its own file does not count twice.
        try put("D", 400, in: folder)
        #expect(names == ["A-b.kv", "C-b.kv", "D-b.kv"])
        try put("E", 1000, in: folder)
        #expect(names == ["E-b.kv"])
    }

    @Test("what is larger than the limit, or than the disk has room for, is not begun")
    func tooLarge() throws {
        defer { remove() }
        try put("A", 300, in: folder())
        #expect(folder().write(try name("B"), size: 1001) == nil)
        #expect(folder(reserve: .max).write(try name("B"), size: 1) == nil)
        #expect(names == ["A-b.kv"])
    }

    @Test("a session's files go together; others stay, and names cannot lead elsewhere")
    func removing() throws {
        defer { remove() }
        let folder = folder()
        try put("A", 1, in: folder)
        try put("AB", 1, in: folder)
        let other = try #require(folder.write(try name("A", "c"), size: 1))
        #expect(other.append([1]))
        other.finish()
        folder.remove(session: "A")
        #expect(names == ["AB-b.kv"])
        #expect(SnapshotName(session: "../A", binding: "b") == nil)
        #expect(SnapshotName(session: "", binding: "b") == nil)
        folder.remove(session: "..")
        #expect(names == ["AB-b.kv"])
    }

    @Test("temporary files of processes that are no more go, those of living ones stay")
    func leftBehind() throws {
        defer { remove() }
        try put("A", 1, in: folder())
        let process = Process()
        process.executableURL = URL(filePath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        let dead = "X-b.kv.\(process.processIdentifier).1.tmp"
        let living = "X-b.kv.\(ProcessInfo.processInfo.processIdentifier).999.tmp"
        for name in [dead, living] {
            try Data([1]).write(to: URL(filePath: "\(path)/\(name)"))
        }
        try put("B", 1, in: folder())
        #expect(names == ["A-b.kv", "B-b.kv", living])
    }

    @Test("what is no regular file is not read")
    func irregular() throws {
        defer { remove() }
        try put("A", 1, in: folder())
        try FileManager.default.createDirectory(
            atPath: "\(path)/D-b.kv",
            withIntermediateDirectories: true
        )
        try FileManager.default.createSymbolicLink(
            atPath: "\(path)/L-b.kv",
            withDestinationPath: "\(path)/A-b.kv"
        )
        #expect(folder().read(try name("D")) == nil)
        #expect(folder().read(try name("L")) == nil)
    }
}
