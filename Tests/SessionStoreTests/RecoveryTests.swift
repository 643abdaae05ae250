import Conversation
import Foundation
import JSONValues
import SessionStore
import Testing

@Suite struct RecoveryAfterACrash {
    /// The answer as it looks after the first records.
    private func expected(_ count: Int) -> Transcript {
        var transcript = Sample.transcript()
        _ = JournalReplay(Array(Sample.records.prefix(count)))
            .merge(into: &transcript, isOnTopOf: true)
        return transcript
    }

    /// How opening the sample session for writing fails, when it is damaged.
    private func damage(
        _ library: SessionLibrary
    ) async -> (report: String, setAside: String?, recovered: String?)? {
        do {
            _ = try await library.open(Sample.id)
            return nil
        } catch {
            guard case .damaged(_, let report, let aside, let recovered) = error else { return nil }
            return (report, aside, recovered)
        }
    }

    @Test("an answer that is gone on with is rebuilt whole, its thought too")
    func continuedAnswer() throws {
        var cut = Sample.answer("a2", parent: "u2")
        cut.thoughts = [Thought(text: "17 x", seconds: 1, tokens: 3, ending: .cut)]
        let replay = JournalReplay([
            .message(cut), .thought(message: "a2", " 59"),
            .thoughtClosed(message: "a2", seconds: 2, tokens: 4, ending: .closed),
            .thought(message: "a2", "Hm."), .text(message: "a2", "No."),
        ])
        var transcript = Sample.transcript()
        #expect(replay.merge(into: &transcript, isOnTopOf: true))
        let answer = try #require(transcript["a2"])
        #expect(answer.text == "No.")
        #expect(
            answer.thoughts == [
                Thought(text: "17 x 59", seconds: 2, tokens: 4, ending: .closed),
                Thought(text: "Hm."),
            ]
        )
    }

    @Test("replaying the records gives the answer as it was shown")
    func replay() throws {
        let transcript = expected(Sample.records.count)
        let answer = try #require(transcript["a2"])
        #expect(answer.text == "No: \"17\" x 59.")
        #expect(
            answer.thoughts == [Thought(text: "17 x 59", seconds: 1.5, tokens: 4, ending: .budget)]
        )
        #expect(answer.toolCalls.map(\.name) == ["check"])
        #expect(answer.answer?.thinkingPlan?.budget == 4)
        #expect(answer.answer?.stopReason == .endOfTurn)
        #expect(answer.answer?.statistics?.seed == .max)
        #expect(transcript.path.map(\.id) == ["u1", "a1", "u2", "a2"])
    }

    @Test("a journal cut at every byte gives back every whole record")
    func truncatedJournal() async throws {
        let folder = try ScratchFolder()
        let file = Sample.bytes()
        let lines = Sample.journal(Sample.records, on: file)
        let whole = lines.flatMap(\.self)
        var ends: [Int] = []
        for line in lines { ends.append((ends.last ?? 0) + line.count) }
        let library = SessionLibrary(folder: folder.path)
        try folder.write("\(Sample.otherID).json", Sample.bytes(id: Sample.otherID))
        for length in 0...whole.count {
            try folder.write("\(Sample.id).json", file)
            try folder.write("\(Sample.id).journal", Array(whole[..<length]))
            let count = max(0, ends.filter { $0 <= length }.count - 1)
            let session = try await library.open(Sample.id)
            var got = session.opened.transcript
            #expect(got.messages == expected(count).messages, "cut at \(length)")
            got = try await library.read(Sample.id).transcript
            #expect(got.messages == expected(count).messages)
            try await session.close()
            let names = ["\(Sample.id).json", "\(Sample.otherID).json"]
            try #require(folder.names == names, "cut at \(length)")
        }
        #expect(try await library.read(Sample.otherID).transcript.messages.count == 2)
    }

    @Test("a file cut at every byte is reported, set aside with a report, and hides no other")
    func truncatedFile() async throws {
        let folder = try ScratchFolder()
        let file = Sample.bytes()
        let library = SessionLibrary(folder: folder.path)
        try folder.write("\(Sample.otherID).json", Sample.bytes(id: Sample.otherID))
        // The last two bytes are the brace and the newline, which nobody misses.
        for length in 0..<(file.count - 1) {
            let cut = Array(file[..<length])
            try folder.write("\(Sample.id).json", cut)
            let list = try await library.list()
            try #require(list.count == 2)
            let entry = try #require(list.first { $0.id == Sample.id })
            guard case .damaged = entry.state else {
                Issue.record("cut at \(length): \(entry.state)")
                return
            }
            let damage = try #require(await damage(library), "cut at \(length) opened")
            let aside = try #require(damage.setAside)
            let name = (aside as NSString).lastPathComponent
            #expect(try folder.bytes(name) == cut)
            #expect(try !folder.bytes(name + ".txt").isEmpty)
            try FileManager.default.removeItem(atPath: aside)
            try FileManager.default.removeItem(atPath: aside + ".txt")
            try #require(folder.names == ["\(Sample.otherID).json"])
        }
    }

    @Test("what the journal of a damaged file holds becomes a session of its own")
    func damagedFileWithJournal() async throws {
        let folder = try ScratchFolder()
        try folder.write("\(Sample.id).json", Array(repeating: 0, count: 4096))
        let lines = Sample.journal(Sample.records, on: Sample.bytes())
        try folder.write("\(Sample.id).journal", lines.flatMap(\.self))
        let library = SessionLibrary(folder: folder.path)
        let damage = try #require(await damage(library))
        #expect(damage.report.contains("only zero bytes"))
        let id = try #require(damage.recovered)
        let transcript = try await library.read(id).transcript
        #expect(transcript["a2"]?.text == "No: \"17\" x 59.")
        #expect(transcript["u2"] != nil)
    }

    @Test("a crash between rewrite and removal of the journal doubles nothing")
    func foldedTwice() async throws {
        let folder = try ScratchFolder()
        let old = Sample.bytes()
        let lines = Sample.journal(Sample.records, on: old).flatMap(\.self)
        let new = SessionFormat.bytes(StoredSession(expected(Sample.records.count)))
        try folder.write("\(Sample.id).json", new)
        try folder.write("\(Sample.id).journal", lines)
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        #expect(session.opened.transcript == expected(Sample.records.count))
        #expect(session.notice == nil)
        #expect(try folder.bytes("\(Sample.id).json") == new)
    }

    @Test("an answer edited by hand after a crash stays, and the journal's one is beside it")
    func editedAfterCrash() async throws {
        let folder = try ScratchFolder()
        var edited = expected(Sample.records.count)
        var answer = try #require(edited["a2"])
        answer.parts = [.text("Edited.")]
        edited.update(answer)
        try folder.write("\(Sample.id).json", SessionFormat.bytes(StoredSession(edited)))
        let lines = Sample.journal(Sample.records, on: Sample.bytes())
        try folder.write("\(Sample.id).journal", lines.flatMap(\.self))
        let opened = try await SessionLibrary(folder: folder.path).open(Sample.id).opened
        #expect(opened.transcript["a2"]?.text == "Edited.")
        #expect(opened.transcript["a2-recovered"]?.text == "No: \"17\" x 59.")
    }

    @Test("a damaged line inside a journal loses only itself, and the journal is kept")
    func damagedLine() async throws {
        let folder = try ScratchFolder()
        let file = Sample.bytes()
        var lines = Sample.journal(Sample.records, on: file)
        lines[9][40] ^= 1  // the last piece of text
        try folder.write("\(Sample.id).json", file)
        try folder.write("\(Sample.id).journal", lines.flatMap(\.self))
        let session = try await SessionLibrary(folder: folder.path).open(Sample.id)
        #expect(session.opened.transcript["a2"]?.text == "No: \"17\"")
        #expect(session.opened.transcript["a2"]?.answer?.stopReason == .endOfTurn)
        #expect(folder.names.contains { $0.contains(".journal.damaged-") })
        #expect(session.notice?.contains("unreadable") == true)
    }

    @Test("a dead process leaves its lock free, its journal whole and its temporary file removed")
    func death() async throws {
        let folder = try ScratchFolder()
        let library = SessionLibrary(folder: folder.path)
        do {
            let session = try await library.create(Sample.transcript())
            for record in Sample.records.dropLast() { try await session.journal(record) }
            // No close: the descriptors go, as they do with a killed process.
        }
        try folder.write("\(Sample.id).tmp", [1, 2, 3])
        #expect(try await library.list().map(\.state) == [.unfinished])
        let again = try await library.open(Sample.id)
        #expect(again.access == .writing)
        #expect(again.opened.transcript.messages == expected(Sample.records.count - 1).messages)
        #expect(again.notice != nil)
        try await again.close()
        #expect(folder.names == ["\(Sample.id).json"])
    }
}
