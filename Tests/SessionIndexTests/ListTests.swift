import Conversation
import Foundation
import SeededRandom
import SessionIndex
import SessionStore
import Testing

@Suite struct IndexedList {
    @Test("the list is that of the files, also after every kind of change", arguments: 1...6)
    func changes(seed: UInt64) async throws {
        var random = SeededGenerator(state: seed)
        let workshop = try Workshop()
        let index = workshop.index
        for step in 0..<25 {
            try change(workshop, using: &random)
            let expected = try await workshop.library.list()
            #expect(try await index.list() == expected, "step \(step)")
            // Another start, which knows only what is in the index.
            #expect(try await workshop.index.list() == expected, "step \(step), opened anew")
        }
    }

    private func change(_ workshop: Workshop, using random: inout SeededGenerator) throws {
        let files = FileManager.default
        let names = try files.contentsOfDirectory(atPath: workshop.sessions).sorted()
        let json = names.filter { $0.hasSuffix(".json") }.randomElement(using: &random)
        let path = json.map { "\(workshop.sessions)/\($0)" }
        switch Int.random(in: 0..<9, using: &random) {
        case 0 where path != nil: try files.removeItem(atPath: path ?? "")
        case 1:
            // Cut off anywhere, in place.
            guard let handle = path.flatMap({ FileHandle(forWritingAtPath: $0) }) else { return }
            try handle.truncate(atOffset: .random(in: 0...300, using: &random))
        case 2:
            // A clock that jumped back, or someone who put an old file back.
            guard let path else { return }
            try files.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)],
                ofItemAtPath: path
            )
        case 3:
            // The same size and time of writing, other contents.
            guard let path, let handle = FileHandle(forUpdatingAtPath: path) else { return }
            let date = try files.attributesOfItem(atPath: path)[.modificationDate] as? Date
            let text = try handle.readToEnd() ?? Data()
            let place = text.firstRange(of: Data("apple".utf8))
            try handle.seek(toOffset: UInt64(place?.lowerBound ?? text.count))
            try handle.write(contentsOf: place == nil ? Data() : Data("mango".utf8))
            try handle.close()
            try files.setAttributes([.modificationDate: date ?? Date()], ofItemAtPath: path)
        case 4:
            let id = ULID.next()
            try workshop.write(Array(#"{"format":2}"#.utf8), to: "\(id).json")
        case 5:
            // An answer that is being written.
            guard let id = json?.dropLast(5) else { return }
            let message = Message(
                id: "new",
                parent: nil,
                role: .user,
                parts: [.text("apple")],
                created: Date(timeIntervalSince1970: 1_764_020_408)
            )
            let journal =
                JournalContents.header(session: String(id), base: nil)
                + JournalContents.line(JournalRecord.message(message).json)
            try workshop.write(journal, to: "\(id).journal")
        case 6:
            guard let id = json?.dropLast(5) else { return }
            try? files.removeItem(atPath: "\(workshop.sessions)/\(id).journal")
        default: try workshop.write(RandomSession.transcript(using: &random))
        }
    }

    @Test("filters: tag, model, time, role, content, pin")
    func filters() async throws {
        var random = SeededGenerator(state: 7)
        let workshop = try Workshop()
        for _ in 0..<60 { try workshop.write(RandomSession.transcript(using: &random)) }
        let all = try await workshop.library.list()
        let middle = Date(timeIntervalSince1970: 1_764_020_409)
        let cases: [(SessionFilter, (SessionSummary) -> Bool)] = [
            (
                SessionFilter(tags: ["WORK", "home"]),
                { Set($0.tags).isSuperset(of: ["work", "Home"]) }
            ),
            (SessionFilter(model: "E2B"), { $0.model == "e2b Q4_0" }),
            (SessionFilter(since: middle), { $0.updated >= middle }),
            (SessionFilter(before: middle), { $0.updated < middle }),
            (SessionFilter(hasToolCalls: true), \.hasToolCalls),
            (SessionFilter(hasPictures: true), \.hasPictures),
            (SessionFilter(isPinned: true), \.isPinned),
        ]
        _ = try await workshop.index.list()
        for (filter, wanted) in cases {
            let found = try await workshop.index.list(filter)
            #expect(found == all.filter(wanted))
            #expect(!found.isEmpty && found.count < all.count)
        }
        let tools = try await workshop.index.list(SessionFilter(role: .tool))
        for summary in all {
            let messages = try await workshop.library.read(summary.id).transcript.messages
            #expect(tools.contains(summary) == messages.contains { $0.role == .tool })
        }
    }

    @Test("a session nobody can read is listed like the others, and again when it is mended")
    func damage() async throws {
        let workshop = try Workshop()
        let id = ULID.next().description
        try workshop.write(Array("{".utf8), to: "\(id).json")
        let list = try await workshop.index.list()
        #expect(list == (try await workshop.library.list()))
        guard case .damaged(let report) = list.first?.state else {
            Issue.record("it is not damaged: \(list)")
            return
        }
        #expect(report.contains("line 1"))
        try workshop.write(Transcript(id: id, title: "mended", created: Date()))
        #expect(try await workshop.index.list().map(\.title) == ["mended"])
    }

    @Test("nothing but changed files is read")
    func incremental() async throws {
        var random = SeededGenerator(state: 3)
        let workshop = try Workshop()
        for _ in 0..<12 { try workshop.write(RandomSession.transcript(using: &random)) }
        // What was written within the tick of the clock is read once more.
        try await Task.sleep(for: .milliseconds(150))
        _ = try await workshop.index.list()
        let counter = Counter()
        _ = try await workshop.index.list { _, total in counter.set(total) }
        #expect(counter.value == 0)
        try workshop.write(RandomSession.transcript(using: &random))
        _ = try await workshop.index.list { _, total in counter.set(total) }
        #expect(counter.value == 1)
    }
}
