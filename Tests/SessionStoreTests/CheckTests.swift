import Conversation
import Foundation
import Glibc
import JSONValues
import SeededRandom
import SessionStore
import Testing

@Suite struct CheckingSessions {
    // SHA-256 of "hello".
    private static let hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    private func check(
        _ folder: ScratchFolder,
        only ids: [String]? = nil,
        repairs: Bool = false,
        now: Date = Date()
    ) async throws -> (found: [SessionFinding], tally: SessionCheckTally) {
        var found: [SessionFinding] = []
        var check = SessionCheck(
            of: SessionLibrary(folder: folder.path),
            repairs: repairs,
            now: now
        ) { found.append($0) }
        let tally = try await check.run(only: ids)
        return (found, tally)
    }

    /// A session of messages given as JSON, in lines of their own from the second on.
    private func write(_ messages: String..., more: String = "", to folder: ScratchFolder) throws {
        let list = messages.joined(separator: ",\n")
        let text = "{\"format\":1,\(more)\"messages\":[\n\(list)]}\n"
        try folder.write("\(Sample.id).json", Array(text.utf8))
    }

    private func kinds(_ found: [SessionFinding]) -> [SessionFinding.Kind] { found.map(\.kind) }

    @Test("what this program writes has no faults and gives no notes")
    func clean() async throws {
        let folder = try ScratchFolder()
        var random = SeededGenerator(state: 5)
        let library = SessionLibrary(folder: folder.path)
        for _ in 0..<30 {
            try await library.add(StoredSession(RandomTree.transcript(using: &random)))
        }
        let (found, tally) = try await check(folder, now: .distantFuture)
        let faults = found.filter {
            // Random trees have odd times, calls and cuts.
            $0.kind.isFault && $0.kind != .attachmentMissing && $0.kind != .unknownCutStart
        }
        #expect(faults == [])
        #expect(tally.sessions == 30)
        let other = try ScratchFolder()
        try other.write("\(Sample.id).json", Sample.bytes())
        #expect(try await check(other).found.isEmpty)
    }

    @Test("unreadable lines of token records are a note; a torn last one is none")
    func tokens() async throws {
        let folder = try ScratchFolder()
        try write(#"{"role":"user"}"#, to: folder)
        let header = JournalContents.line(["kind": "tokens", "format": 1])
        let broken = Array("{\"crc\":\"00000000\",\"record\":{}}\n".utf8)
        try folder.write("\(Sample.id).tokens", header + Array("{\"torn".utf8))
        #expect(try await check(folder).found.isEmpty)
        try folder.write("\(Sample.id).tokens", header + broken + broken)
        let (found, tally) = try await check(folder, repairs: true)
        #expect(kinds(found) == [.tokensDamaged])
        #expect(found.first?.text.hasPrefix("2 lines are unreadable") == true)
        #expect(tally.faults == 0)
        #expect(folder.names.contains("\(Sample.id).tokens"))
    }

    @Test("a damaged file is named with line, column and pointer, and hides no other")
    func damaged() async throws {
        let folder = try ScratchFolder()
        try write(#"{"role":"user"}"#, #"{"role":"nobody"}"#, to: folder)
        try folder.write("\(Sample.otherID).json", Array("{\"format\":1,".utf8))
        let (found, tally) = try await check(folder)
        #expect(kinds(found) == [.damaged, .damaged])
        #expect(found.first?.pointer == "/messages/1/role")
        #expect(found.first?.place == "\(Sample.id).json:3:9")
        #expect(found.last?.line == 1 && found.last?.pointer == nil)
        #expect(tally.faults == 2 && tally.sessions == 2)
    }

    @Test("parents, circles, path, leaf, cut and schema are held against the tree")
    func contradictions() async throws {
        let folder = try ScratchFolder()
        try write(
            #"{"id":"a","parent":"zz","role":"user"}"#,
            #"{"id":"b","parent":"c","role":"user"}"#,
            #"{"id":"c","parent":"b","role":"assistant","context_cut":{"start":"q"}}"#,
            #"{"id":"d","parent":"a","role":"tool","tool_results":[{"call_id":"n","name":"x"}]}"#,
            more: #""active_leaf":"gone","path":["a"],"thinking_budget":-1,"id":"other","#,
            to: folder
        )
        let (found, _) = try await check(folder)
        let places = Dictionary(grouping: found, by: \.kind).mapValues { $0.map(\.pointer) }
        #expect(places[.unknownParent] == ["/messages/0/parent"])
        #expect(places[.parentLoop] == ["/messages/1/parent"])
        #expect(places[.unknownLeaf] == ["/active_leaf"])
        #expect(places[.unknownCutStart] == ["/messages/2/context_cut/start"])
        #expect(places[.resultWithoutCall] == ["/messages/3/tool_results/0/call_id"])
        #expect(Set(places[.schema] ?? []) == ["/id", "/thinking_budget"])
        #expect(places[.otherID] == ["/id"])
        // The reader falls back to the path.
        #expect(places[.otherPath] == nil)
        #expect(found.first { $0.kind == .unknownCutStart }?.line == 4)
    }

    @Test("a repair gives orphans and circles a beginning, and keeps the file as it was")
    func mending() async throws {
        let folder = try ScratchFolder()
        try write(
            #"{"id":"a","parent":"zz","role":"user","x_mine":1}"#,
            #"{"id":"b","parent":"c","role":"user"}"#,
            #"{"id":"c","parent":"b","role":"assistant"}"#,
            more: #""path":["b","a"],"#,
            to: folder
        )
        let before = try folder.bytes("\(Sample.id).json")
        let (found, tally) = try await check(folder, repairs: true)
        #expect(kinds(found) == [.unknownParent, .parentLoop, .otherPath])
        #expect(tally.repaired == 3 && tally.faults == 0)
        let kept = folder.names.filter { $0.contains(".json.before-repair-") }
        #expect(kept.count == 1)
        #expect(try folder.bytes(kept.first ?? "") == before)
        let stored = try await SessionLibrary(folder: folder.path).read(Sample.id)
        #expect(stored.transcript.messages.map(\.parent) == [nil, nil, "b"])
        #expect(stored.transcript.path.map(\.id) == ["a"])
        let text = String(decoding: try folder.bytes("\(Sample.id).json"), as: UTF8.self)
        #expect(text.contains("x_mine"))
        let again = try await check(folder, repairs: true)
        #expect(again.found == [])
        #expect(folder.names.count == 2)
    }

    @Test("a repair folds a journal in, sets a damaged file aside, and says both")
    func opening() async throws {
        let folder = try ScratchFolder()
        let bytes = Sample.bytes()
        try folder.write("\(Sample.id).json", bytes)
        try folder.write(
            "\(Sample.id).journal",
            Array(Sample.journal(Sample.records, on: bytes).joined())
        )
        try folder.write("\(Sample.otherID).json", [0, 0, 0])
        let before = try await check(folder)
        #expect(kinds(before.found) == [.unfinished, .damaged])
        #expect(try folder.bytes("\(Sample.id).json") == bytes)
        let (found, tally) = try await check(folder, repairs: true)
        #expect(tally.repaired == 2 && tally.faults == 0)
        #expect(found.last?.outcome != .found)
        #expect(!folder.names.contains("\(Sample.id).journal"))
        let stored = try await SessionLibrary(folder: folder.path).read(Sample.id)
        #expect(stored.transcript.messages.count == 4)
        // What was set aside is told of, and is no fault.
        let after = try await check(folder)
        #expect(kinds(after.found) == [.setAside] && after.tally.faults == 0)
    }

    @Test("a session that is open elsewhere is read and never repaired")
    func openElsewhere() async throws {
        let folder = try ScratchFolder()
        try write(#"{"id":"a","parent":"zz","role":"user"}"#, to: folder)
        let owner = SessionLibrary(folder: folder.path)
        let open = try await owner.open(Sample.id)
        let before = folder.names
        let (found, tally) = try await check(folder, repairs: true)
        #expect(kinds(found) == [.openElsewhere, .unknownParent])
        #expect(found.last?.outcome == .left("it is open; close it there first"))
        #expect(tally.faults == 1)
        #expect(folder.names == before)
        try await open.close()
    }

    @Test("copies of attachments: missing, changed, of another size, unused")
    func attachments() async throws {
        let folder = try ScratchFolder()
        let store = AttachmentStore(folder: folder.path)
        let part = #"{"type":"file","name":"h.txt","hash":"\#(Self.hash)","size":"#
        let none = String(repeating: "0", count: 64)
        try write(
            #"{"role":"user","parts":[\#(part)5}]}"#,
            #"{"role":"user","parts":[\#(part)6}]}"#,
            #"{"role":"user","parts":[{"type":"image","name":"i","hash":"\#(none)","size":1}]}"#,
            to: folder
        )
        _ = try store.add(Array("hello".utf8), name: "h.txt", kind: .file)
        let unused = try store.add(Array("unused".utf8), name: "u", kind: .file)
        let (found, tally) = try await check(folder)
        #expect(kinds(found) == [.attachmentSize, .attachmentMissing, .attachmentUnused])
        #expect(found.first?.pointer == "/messages/1/parts/0/size")
        #expect(tally.attachments == 2 && tally.faults == 2)
        try folder.write("attachments/\(Self.hash).txt", Array("hellO".utf8))
        #expect(try await kinds(check(folder).found).filter { $0 == .attachmentDamaged }.count == 2)
        // Young copies may belong to a draft.
        #expect(try await check(folder, repairs: true, now: Date()).tally.repaired == 0)
        let later = Date().addingTimeInterval(7200)
        #expect(try await check(folder, repairs: true, now: later).tally.repaired == 1)
        #expect(store.path(of: unused) == nil)
    }

    @Test("leftovers of dead processes are told of, and removed by a repair")
    func leftovers() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        for name in ["attachments", "trash"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder.path)/\(name)",
                withIntermediateDirectories: false
            )
        }
        let stale = [
            "\(Sample.id).tmp", "\(Sample.id).lock", "attachments/\(Sample.id).tmp",
            "trash/\(Sample.id).tmp", "trash/\(Sample.id).deleted",
        ]
        for name in stale { try folder.write(name, []) }
        try folder.write("\(Sample.otherID).tokens", [])
        let before = try await check(folder)
        #expect(before.tally.notes == 6 && before.tally.faults == 0)
        #expect(Set(stale).isSubset(of: before.found.map(\.path)))
        let (found, tally) = try await check(folder, repairs: true)
        #expect(tally.repaired == 5)
        #expect(found.filter { $0.kind == .tokensAlone }.map(\.outcome) == [.found])
        for name in stale {
            #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/\(name)"), "\(name)")
        }
    }

    @Test("the trash is checked and left alone; a later format is a note")
    func trash() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        try write(#"{"id":"a","parent":"zz","role":"user"}"#, to: folder)
        try await library.delete(Sample.id)
        let text = #"{"format":99,"messages":[]}"#
        try folder.write("\(Sample.otherID).json", Array(text.utf8))
        let (found, tally) = try await check(folder, repairs: true)
        #expect(kinds(found) == [.newerFormat, .unknownParent])
        #expect(found.last?.path == "trash/\(Sample.id).json")
        #expect(found.last?.outcome == .left("it is in the trash; restore it first"))
        #expect(tally.sessions == 1 && tally.trashed == 1)
        #expect(try folder.bytes("\(Sample.otherID).json") == Array(text.utf8))
        let one = try await check(folder, only: [Sample.id])
        #expect(kinds(one.found) == [.unknownParent])
        await #expect(throws: SessionError.self) { try await check(folder, only: ["none"]) }
    }
}
