import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

@Suite struct EditingSessions {
    @Test("a change is saved, the time of the last word stays, and nothing is left locked")
    func edit() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let library = SessionLibrary(folder: folder.path)
        try await library.edit(Sample.id) {
            $0.title = "New"
            $0.isPinned = true
            $0.addTag("maths")
        }
        let transcript = try await library.read(Sample.id).transcript
        #expect(transcript.title == "New" && transcript.isPinned && transcript.tags == ["maths"])
        #expect(transcript.updated == Sample.date)
        #expect(transcript.messages == Sample.transcript().messages)
        #expect(folder.names == ["\(Sample.id).json"])
    }

    @Test("a change that changes nothing leaves a file by hand as it is")
    func noChange() async throws {
        let folder = try ScratchFolder()
        let bytes = Array(#"{"format":1,"messages":[],"title":"t"}"#.utf8)
        try folder.write("\(Sample.id).json", bytes)
        try await SessionLibrary(folder: folder.path).edit(Sample.id) { $0.title = "t" }
        #expect(try folder.bytes("\(Sample.id).json") == bytes)
    }

    @Test("a session that is open elsewhere or cannot be read is left alone")
    func refused() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        let library = SessionLibrary(folder: folder.path)
        await #expect(throws: SessionError.locked(id: Sample.id, process: nil)) {
            try await library.edit(Sample.id) { $0.title = "x" }
        }
        try await session.close()
        await #expect(throws: SessionError.notFound("01X", folder: folder.path)) {
            try await library.edit("01X") { $0.title = "x" }
        }
        #expect(try folder.bytes("\(Sample.id).json") == Sample.bytes())
    }

    @Test(
        "titles and tags come in on one line, without what could steer a terminal",
        arguments: [
            ("  a\n b\t\tc ", "a b c", "a b c"), ("\u{1B}[31mred\u{7}", "[31mred", "[31mred"),
            ("\u{202E}evil\u{2028}x", "evil x", "evil x"), (", work,", ", work,", "work"),
            (" ,, ", ",,", nil), ("", "", nil), ("a,b", "a,b", "a,b"),
            (
                "\u{1F469}\u{200D}\u{1F467}", "\u{1F469}\u{200D}\u{1F467}",
                "\u{1F469}\u{200D}\u{1F467}"
            ),
        ] as [(String, String, String?)]
    )
    func labels(text: String, title: String, tag: String?) {
        #expect(SessionLabel.title(text) == title)
        #expect(SessionLabel.tag(text) == tag)
    }

    @Test("tags are unique whatever their case, and go the same way")
    func tags() {
        var transcript = Sample.transcript()
        for tag in ["Work", "work ", ",", "home"] { transcript.addTag(tag) }
        #expect(transcript.tags == ["Work", "home"])
        transcript.removeTag("WORK")
        transcript.removeTag("none")
        #expect(transcript.tags == ["home"])
    }

    @Test("a fork begins as the branch did, keeps unknown fields and links back")
    func fork() async throws {
        let folder = try ScratchFolder()
        let text = """
            {"format":1,"title":"Trip","x_top":1,"forked_from":{"session":"\(Sample.otherID)","x":2},
            "messages":[
            {"id":"u1","role":"user","x_one":1,"parts":[{"type":"text","text":"a"},{"type":"sketch"}]},
            {"id":"a1","role":"assistant","parts":[],"thoughts":[{"text":"t","mood":"calm"}]},
            {"id":"u2","role":"user","x_two":2,"parts":[]}]}
            """
        try folder.write("\(Sample.id).json", Array(text.utf8))
        let library = SessionLibrary(folder: folder.path)
        // The other one may be open elsewhere.
        let open = try await SessionLibrary(folder: folder.path).open(Sample.id)
        let fork = try await library.fork(Sample.id, at: "2", title: "Other\ntrip")
        let stored = try await library.read(fork.id)
        #expect(stored.transcript.path.map(\.id) == ["u1", "a1"])
        #expect(stored.transcript.title == "Other trip")
        #expect(stored.transcript.forkedFrom == ForkOrigin(session: Sample.id, message: "a1"))
        let json = SessionFormat.json(stored)
        #expect(json["x_top"] == 1 && json["forked_from"]?["x"] == nil)
        let messages = try #require(json["messages"]?.arrayValue)
        #expect(messages[0]["x_one"] == 1)
        #expect(messages[0]["parts"]?.arrayValue?.last?["type"] == "sketch")
        #expect(messages[1]["thoughts"]?.arrayValue?.first?["mood"] == "calm")
        #expect(try folder.bytes("\(Sample.id).json") == Array(text.utf8))
        try await open.close()
        #expect(folder.names == ["\(Sample.id).json", "\(fork.id).json"].sorted())

        let whole = try await library.fork(Sample.id)
        #expect(try await library.read(whole.id).transcript.path.count == 3)
        let error = SessionError.noMessage("9", session: Sample.id)
        await #expect(throws: error) { try await library.fork(Sample.id, at: "9") }
        #expect(folder.names.count == 3)
    }

    @Test("a message is named by id, by number on the branch, or by an id's beginning")
    func messageNames() {
        var transcript = Sample.transcript()
        transcript.append(Sample.user("3", "a", parent: "u1"))
        transcript.append(Sample.user("abc1", "b", parent: "a1"))
        transcript.append(Sample.user("abd1", "c", parent: "abc1"))
        let cases: [(String, String?)] = [
            ("u1", "u1"), ("1", "u1"), ("#2", "a1"), ("3", "3"), ("#3", "abc1"), ("4", "abd1"),
            ("5", nil), ("0", nil), ("-1", nil), ("ABC", "abc1"), ("ab", nil), ("", nil),
        ]
        for (name, id) in cases { #expect(transcript.messageID(named: name) == id, "\(name)") }
    }

    @Test("the clock jumps back: a change never seems older than what was said before it")
    func clock() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Sample.bytes())
        let library = SessionLibrary(folder: folder.path)
        let session = try await library.open(Sample.id)
        var transcript = session.opened.transcript
        transcript.append(Sample.user("u2", "later", parent: "a1"))
        transcript.updated = Sample.date - 3600
        try await session.save(transcript)
        #expect(try await library.read(Sample.id).transcript.updated == Sample.date)
        var ahead = Sample.user("u3", "ahead", parent: "u2")
        ahead.created = Sample.date + 600
        transcript.append(ahead)
        try await session.save(transcript)
        #expect(try await library.read(Sample.id).transcript.updated == Sample.date + 600)
        try await session.close()
        // The list's order is by that time, so the session just written to is first.
        var other = Sample.transcript(id: Sample.otherID)
        other.updated = Sample.date + 300
        try folder.write("\(Sample.otherID).json", SessionFormat.bytes(StoredSession(other)))
        #expect(try await library.list().map(\.id) == [Sample.id, Sample.otherID])
    }
}
